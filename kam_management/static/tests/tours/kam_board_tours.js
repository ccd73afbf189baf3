import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("kam_board_drag", {
    steps: () => [
        {
            content: "Drag Acme from Gold to a folded column",
            trigger: ".o_kanban_group:contains(Gold) .o_kanban_record:contains(Acme)",
            run: "drag_and_drop(.o_kanban_group.o_column_folded:contains(General))",
        },
        { trigger: ".modal .o_field_widget[name=to_tier_id] input:value(General)" },
        {
            content: "Closing the dialog leaves nothing behind",
            trigger: ".modal button.btn-secondary:contains(Cancel)",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_kanban_group:contains(Gold) .o_kanban_record:contains(Acme)",
            run: "drag_and_drop(.o_kanban_group:contains(Diamond))",
        },
        { trigger: ".modal .o_field_widget[name=to_tier_id] input:value(Diamond)" },
        { trigger: ".modal .o_field_widget[name=reason] textarea", run: "edit Supplier of the year" },
        { trigger: ".modal .o_field_widget[name=criteria_state] input[data-value=met]", run: "click" },
        { trigger: ".modal button[name=action_submit]", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_kanban_group:contains(Gold) .o_kanban_record:contains(Acme)" },
        {
            content: "Grouped by something else, cards stay where they are",
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        { trigger: ".o_group_by_menu .o-dropdown-item:contains(Account Manager)", run: "click" },
        { trigger: ".o_kanban_group:contains(kam_manager) .o_kanban_record:not(.o_draggable):contains(Acme)" },
    ],
});

registry.category("web_tour.tours").add("kam_hand_over", {
    steps: () => [
        { trigger: ".nav-link[name=team]", run: "click" },
        {
            trigger: ".o_data_row:contains(kam_manager) button[name=action_hand_over]",
            run: "click",
        },
        { trigger: ".modal .o_field_widget[name=user_id] input", run: "edit kam_colleague" },
        { trigger: ".o-autocomplete--dropdown-item:contains(kam_colleague)", run: "click" },
        { trigger: ".modal .o_field_widget[name=line_ids] .o_data_row:contains(Visit the customer together)" },
        { trigger: ".modal button[name=action_hand_over]", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_field_widget[name=assignment_ids] .o_data_row:contains(kam_colleague)" },
    ],
});

registry.category("web_tour.tours").add("kam_add_subsidiary", {
    steps: () => [
        { trigger: "button[name=action_add_entities]", run: "click" },
        { trigger: ".modal .o_data_row:contains(Acme US)" },
        { trigger: ".modal button[name=action_add]", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_field_widget[name=entity_ids] .o_data_row:contains(Acme US)" },
    ],
});

registry.category("web_tour.tours").add("kam_sponsor", {
    steps: () => [
        { trigger: ".o_list_view .o_data_row:contains(Acme):contains(No sponsor has visited this customer yet)" },
        { trigger: ".o_data_row:contains(Acme) button[name=action_plan_visit]", run: "click" },
        { trigger: ".modal .o_field_widget[name=name] input:value(Visit at Acme)" },
        { trigger: ".modal .btn-close", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_list_view" },
    ],
});
