import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";

/** Download a file, and close the dialog that asked for it, if any. The page stays: a file does not leave it. */
function download(_env, action) {
    browser.location.assign(action.params.url);
    return { type: "ir.actions.act_window_close" };
}

registry.category("actions").add("kam_reports.download", download);
