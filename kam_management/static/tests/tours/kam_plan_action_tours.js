import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("kam_action_from_the_board", {
    steps: () => [
        { content: "Before the columns are there, the button opens the form", trigger: ".o_kanban_group:contains(To Do)" },
        { trigger: ".o_kanban_view .o-kanban-button-new", run: "click" },
        { trigger: ".o_kanban_quick_create .o_field_widget[name=name] input", run: "edit Show the monitoring" },
        { trigger: ".o_kanban_quick_create .o_field_widget[name=plan_id] input", run: "edit Acme" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Acme)", run: "click" },
        { trigger: ".o_kanban_quick_create .o_field_widget[name=date_due] input, .o_kanban_quick_create .o_field_widget[name=date_due] button", run: "click" },
        { trigger: ".o_datetime_picker .o_today", run: "click" },
        { trigger: ".o_kanban_quick_create .o_kanban_add", run: "click" },
        {
            trigger: ".o_kanban_group:contains(To Do) .o_kanban_record:contains(Show the monitoring)",
            run: "drag_and_drop(.o_kanban_group:contains(In Progress))",
        },
        { trigger: ".o_kanban_group:contains(In Progress) .o_kanban_record:contains(Show the monitoring)" },
    ],
});

registry.category("web_tour.tours").add("kam_objective_opportunity", {
    steps: () => [
        { trigger: ".o_form_view button[name=action_create_opportunity]", run: "click" },
        { trigger: ".o_form_view button[name=action_open_kam_objective]:contains(Grow with Acme)", run: "click" },
        { trigger: ".o_form_view button[name=action_open_opportunities]:contains(1)" },
    ],
});
