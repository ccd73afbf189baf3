import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("kam_people", {
    steps: () => [
        { trigger: ".nav-link[name=people]", run: "click" },
        { trigger: "button[name=action_add_people]", run: "click" },
        {
            content: "Choose Fay",
            trigger: ".modal .o_data_row:contains(Fay) td[name=is_chosen] input",
            run: "click",
        },
        { trigger: ".modal .o_data_row:contains(Gus) td[name=is_chosen] input", run: "click" },
        { trigger: ".modal button[name=action_add]", run: "click" },
        {
            content: "The map shows everybody, below whom they report to",
            trigger: ".o_kam_people_map .o_kam_map_person .o_kam_map_person:contains(Bob)",
        },
        { trigger: ".o_kam_people_map .o_kam_person:contains(Gus)" },
        { trigger: ".o_kam_people_map .o_kam_person:contains(Fay)", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=buying_role] input, .o_form_view .o_field_widget[name=buying_role] select", run: "click" },
        { trigger: ".o_select_menu_item:contains(Gatekeeper)", run: "click" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved" },
    ],
});
