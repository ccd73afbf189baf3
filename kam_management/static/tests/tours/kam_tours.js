import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("kam_nominate", {
    steps: () => [
        { trigger: "button[name=action_propose_tier_change]", run: "click" },
        { trigger: ".modal .o_field_widget[name=to_tier_id] input", run: "edit Strategic" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Strategic)", run: "click" },
        { trigger: ".modal .o_field_widget[name=reason] textarea", run: "edit They double every year" },
        { trigger: ".modal .alert:contains(Say whether Free meets the entry criteria)" },
        { trigger: ".modal .o_field_widget[name=criteria_state] input[data-value=met]", run: "click" },
        { trigger: ".modal .o_field_widget[name=sponsor_id] input", run: "edit kam_executive" },
        { trigger: ".o-autocomplete--dropdown-item:contains(kam_executive)", run: "click" },
        { trigger: ".modal button[name=action_submit]", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_field_widget[name=attention]:contains(Tier change open)" },
    ],
});

registry.category("web_tour.tours").add("kam_approve", {
    steps: () => [
        { trigger: ".o_field_widget[name=reason]:contains(They double every year)" },
        { trigger: "button[name=action_approve]", run: "click" },
        { trigger: ".o_statusbar_status button.o_arrow_button_current:contains(Applied)" },
    ],
});

registry.category("web_tour.tours").add("kam_board", {
    steps: () => [
        {
            content: "An executive proposes nothing, so no card can be dragged",
            trigger: ".o_kanban_group:contains(Gold) .o_kanban_record:not(.o_draggable):contains(Acme)",
            run: "click",
        },
        { trigger: ".o_form_view .ribbon:contains(Key Account)" },
        { trigger: ".nav-link[name=team]", run: "click" },
        { trigger: ".o_field_widget[name=assignment_ids] .o_data_row:contains(kam_manager)" },
    ],
});

registry.category("web_tour.tours").add("kam_flags", {
    steps: () => [{ trigger: ".o_form_view .ribbon:contains(Key Account)" }],
});
