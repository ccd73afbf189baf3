import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";

/** Where the client would open the download, note the address instead. */
const noteDownload = {
    content: "note what is opened",
    trigger: "body",
    run() {
        // Not a proxy of the location itself: its methods cannot be replaced.
        const location = new Proxy({}, {
            get(_target, name) {
                if (name === "assign") {
                    return (url) => (document.body.dataset.opened = url);
                }
                const value = window.location[name];
                return typeof value === "function" ? value.bind(window.location) : value;
            },
        });
        Object.defineProperty(browser, "location", { get: () => location, configurable: true });
    },
};

/** Fetch what was opened: it has to be a file that the browser saves. */
function isDownloaded(address) {
    return {
        content: "the file arrives",
        trigger: `body[data-opened*="${address}"]`,
        async run() {
            const response = await fetch(document.body.dataset.opened);
            const disposition = response.headers.get("Content-Disposition") || "";
            const head = new Uint8Array(await response.arrayBuffer()).slice(0, 2);
            if (!response.ok || !disposition.startsWith("attachment") || head[0] !== 0x50 || head[1] !== 0x4b) {
                throw new Error(`no XLSX file at ${response.url}: ${response.status} ${disposition}`);
            }
        },
    };
}

registry.category("web_tour.tours").add("kam_review_pack_list", {
    steps: () => [
        noteDownload,
        { trigger: ".o_list_view .o_data_row:contains(Acme) .o_list_record_selector input", run: "click" },
        { trigger: ".o_list_view .o_data_row:contains(Delta) .o_list_record_selector input", run: "click" },
        { trigger: ".o_control_panel .o_cp_action_menus button:contains(Print)", run: "click" },
        { trigger: ".o_menu_item:contains(Portfolio Review Pack)", run: "click" },
        isDownloaded("/kam_reports/review_pack/"),
        isDownloaded("?ids="),
    ],
});

registry.category("web_tour.tours").add("kam_review_pack_form", {
    steps: () => [
        noteDownload,
        { trigger: ".o_form_view .o_cp_action_menus .fa-cog", run: "click" },
        { trigger: ".o-dropdown--menu .o-dropdown:has(.fa-print)", run: "click" },
        { trigger: ".o-dropdown--menu .o_menu_item:contains(Portfolio Review Pack)", run: "click" },
        isDownloaded("?ids="),
    ],
});

registry.category("web_tour.tours").add("kam_review_pack_program", {
    steps: () => [
        noteDownload,
        { trigger: "button[name=action_print_review_pack]", run: "click" },
        isDownloaded("/kam_reports/review_pack/"),
    ],
});

registry.category("web_tour.tours").add("kam_review_pack_menu", {
    steps: () => [
        noteDownload,
        { trigger: ".o_menu_sections [data-menu-xmlid='kam_management.menu_kam_reporting']", run: "click" },
        { trigger: ".o-dropdown--menu .dropdown-item:contains(Portfolio Review Pack)", run: "click" },
        isDownloaded("/kam_reports/review_pack/"),
    ],
});

registry.category("web_tour.tours").add("kam_review_pack_refused", {
    steps: () => [
        noteDownload,
        { trigger: ".o_form_view .o_cp_action_menus .fa-cog", run: "click" },
        { trigger: ".o-dropdown--menu .o-dropdown:has(.fa-print)", run: "click" },
        { trigger: ".o-dropdown--menu .o_menu_item:contains(Portfolio Review Pack)", run: "click" },
        { trigger: ".modal:contains(not allowed to export)" },
        { trigger: ".modal .modal-footer button", run: "click" },
        { trigger: "body:not([data-opened])" },
    ],
});

registry.category("web_tour.tours").add("kam_pack_make", {
    steps: () => [
        noteDownload,
        { trigger: ".o_form_view .o_cp_action_menus .fa-cog", run: "click" },
        { trigger: ".o-dropdown--menu .o_menu_item:contains(Make a Pack)", run: "click" },
        { content: "a dossier of this account", trigger: ".modal .o_field_widget[name=account_id]" },
        { trigger: ".modal .o_field_x2many_list .o_data_row:contains(Wallet)" },
        { trigger: ".modal .o_data_row:contains(Wallet) .o_boolean_toggle input", run: "click" },
        { trigger: ".modal button[name=action_make]", run: "click" },
        isDownloaded("/kam.pack/"),
        { content: "the dialog has closed", trigger: "body:not(:has(.modal))" },
    ],
});

registry.category("web_tour.tours").add("kam_pack_menu", {
    steps: () => [
        noteDownload,
        { trigger: ".o_menu_sections [data-menu-xmlid='kam_management.menu_kam_reporting']", run: "click" },
        { trigger: ".o-dropdown--menu .dropdown-item:contains(Make a Pack)", run: "click" },
        { trigger: ".modal .o_field_x2many_list .o_data_row:contains(Movers)" },
        { trigger: ".modal .o_field_widget[name=pack_type] input, .modal .o_field_widget[name=pack_type] select" },
        { trigger: ".modal button[name=action_make]", run: "click" },
        isDownloaded("/kam.pack/"),
        { trigger: "body:not(:has(.modal))" },
        { trigger: ".o_menu_sections [data-menu-xmlid='kam_management.menu_kam_reporting']", run: "click" },
        { trigger: ".o-dropdown--menu .dropdown-item:contains(/^Packs$/)", run: "click" },
        { trigger: ".o_list_view .o_data_row:contains(Portfolio Review) button[name=action_download]", run: "click" },
        isDownloaded("/kam.pack/"),
    ],
});
