import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("kam_issue_to_the_sponsor", {
    steps: () => [
        { content: "Before the columns are there, the button opens the form", trigger: ".o_kanban_group:contains(New)" },
        { trigger: ".o_kanban_view .o-kanban-button-new", run: "click" },
        { trigger: ".o_kanban_quick_create .o_field_widget[name=name] input", run: "edit Gearbox runs hot" },
        { trigger: ".o_kanban_quick_create .o_field_widget[name=account_id] input", run: "edit Acme" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Acme)", run: "click" },
        { trigger: ".o_kanban_quick_create .o_field_widget[name=customer_words] textarea", run: "edit It is glowing" },
        { trigger: ".o_kanban_quick_create .o_kanban_edit", run: "click" },
        { trigger: ".o_form_view button[name=action_escalate]", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=date_escalated]" },
        { trigger: ".o_form_view button[name=action_respond]", run: "click" },
        { trigger: ".o_form_view .btn-primary[name=action_resolve]", run: "click" },
        { trigger: ".modal .o_field_widget[name=resolution] textarea", run: "edit Gearbox replaced" },
        { trigger: ".modal button[name=action_apply]", run: "click" },
        { trigger: ".o_form_view button[name=action_reopen]" },
    ],
});

registry.category("web_tour.tours").add("kam_my_day", {
    steps: () => [
        { trigger: ".o_kam_my_day .list-group-item:contains(Gearbox runs hot)", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=name]:contains(Gearbox), .o_form_view [name=name] textarea, .o_form_view [name=name] input" },
        { trigger: ".o_form_view button[name=action_resolve]", run: "click" },
        { trigger: ".modal .o_field_widget[name=resolution] textarea", run: "edit Gearbox replaced" },
        { trigger: ".modal button[name=action_apply]", run: "click" },
        { trigger: ".o_form_view button[name=action_reopen]" },
        { trigger: ".breadcrumb-item:contains(My Day), .o_back_button", run: "click" },
        { trigger: ".o_kam_my_day_empty:contains(All is well)" },
    ],
});

registry.category("web_tour.tours").add("kam_issue_sponsor_helps", {
    steps: () => [
        { content: "The activity is the entry", trigger: ".o_kam_my_day .list-group-item:contains(before it is late)", run: "click" },
        { content: "It is not late yet", trigger: ".o_form_view [name=sla_state]:contains(In Time)" },
        { trigger: ".o_form_view .o_field_widget[name=date_escalated]" },
        { trigger: ".o-mail-Activity:contains(before it is late) .o-mail-Activity-markDone", run: "click" },
        { trigger: ".o-mail-ActivityMarkAsDone textarea", run: "edit Their plant manager takes our mechanic in tonight" },
        { trigger: ".o-mail-ActivityMarkAsDone button[aria-label=Done]", run: "click" },
        { trigger: ".o-mail-Message:contains(takes our mechanic in tonight)" },
        { trigger: ".breadcrumb-item:contains(My Day), .o_back_button", run: "click" },
        { trigger: ".o_kam_my_day_empty:contains(All is well)" },
    ],
});

registry.category("web_tour.tours").add("kam_issue_after_help", {
    steps: () => [
        { trigger: ".o_kanban_record:contains(Gearbox runs hot):contains(sponsor knows)", run: "click" },
        { trigger: ".o-mail-Message:contains(takes our mechanic in tonight)" },
        { trigger: ".o_form_view button[name=action_respond]", run: "click" },
        { trigger: ".o_form_view .btn-primary[name=action_resolve]", run: "click" },
        { trigger: ".modal .o_field_widget[name=resolution] textarea", run: "edit Gearbox replaced" },
        { trigger: ".modal button[name=action_apply]", run: "click" },
        { content: "In time", trigger: ".o_form_view [name=sla_state]:contains(Kept)" },
    ],
});
