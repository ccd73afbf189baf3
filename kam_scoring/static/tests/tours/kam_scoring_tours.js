import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("kam_score_page", {
    steps: () => [
        { trigger: "button[name=action_open_score_history]:contains(Score)" },
        { trigger: ".nav-link[name=score]", run: "click" },
        { trigger: ".o_kam_waterfall tr:contains(Days Beyond Terms):contains(26.4 days)" },
        { trigger: ".o_kam_waterfall tr:contains(Influence):contains(4 of 5) .o_kam_waterfall_piece" },
        { trigger: ".o_kam_waterfall tr:contains(Gross Margin) button", run: "click" },
        { trigger: ".o_breadcrumb:contains(Acme: Gross Margin)" },
        { trigger: ".o_list_view .o_data_row" },
    ],
});

registry.category("web_tour.tours").add("kam_score_moved", {
    steps: () => [
        { trigger: ".nav-link[name=score]", run: "click" },
        { trigger: "p[name=score_moved]:contains(Influence rose from 3 of 5 to 5 of 5)" },
        { trigger: ".o_kam_waterfall tr:contains(Influence) .o_kam_waterfall_piece.bg-primary" },
        { trigger: ".o_kam_waterfall [data-mode=history]", run: "click" },
        { trigger: ".o_kam_history:has(.o_kam_history_point:eq(1))" },
        { trigger: ".o_kam_waterfall [data-mode=moved]", run: "click" },
        { trigger: ".o_kam_waterfall_text:contains(Influence rose from 3 of 5 to 5 of 5)" },
        { trigger: ".o_kam_waterfall tr:contains(Influence):contains(3 of 5 → 5 of 5):contains(+12.5) .bg-success" },
        { trigger: ".o_kam_waterfall [data-period=year]", run: "click" },
        { trigger: ".o_kam_waterfall:contains(no score with data on or before) button:contains(Compare)", run: "click" },
        { trigger: ".o_kam_waterfall tr:contains(Gross Margin) .o_kam_waterfall_bar", run: "click" },
        { trigger: ".o_breadcrumb:contains(Acme: Gross Margin)" },
        { trigger: ".o_list_view .o_data_row" },
    ],
});

registry.category("web_tour.tours").add("kam_score_now", {
    steps: () => [
        { trigger: "button[name=action_open_scoring_model]", run: "click" },
        { trigger: ".o_field_widget[name=criterion_ids] .o_data_row:contains(Revenue)" },
        { trigger: ".nav-link[name=tiers]", run: "click" },
        { trigger: ".o_field_widget[name=tier_rule_ids] .o_data_row:contains(Diamond)" },
        { trigger: "button[name=action_score]", run: "click" },
        { trigger: ".o_statusbar_status button.o_arrow_button_current:contains(Done)" },
        { trigger: "button[name=action_open_scores]", run: "click" },
        { trigger: ".o_list_view .o_data_row:contains(Acme)" },
    ],
});

registry.category("web_tour.tours").add("kam_run_under_way", {
    steps: () => [
        { trigger: ".o_form_view:contains(as soon as a worker is free) .fa-spin" },
        // Nobody clicks.
        { trigger: ".o_statusbar_status button.o_arrow_button_current:contains(Done)" },
        { trigger: ".o_form_view:not(:has(.fa-spin)) button[name=action_open_scores]:contains(7)" },
    ],
});

registry.category("web_tour.tours").add("kam_try_a_model", {
    steps: () => [
        { trigger: "button[name=action_what_if]", run: "click" },
        { trigger: ".o_kam_what_if:contains(With these numbers every account stays)" },
        { trigger: ".o_kam_what_if input[data-number$='/score_min']:first", run: "edit 99" },
        { trigger: ".o_kam_what_if_rows tr:contains(Acme)" },
        { trigger: "button:contains(Keep as Draft):enabled", run: "click" },
        { trigger: "button[name=action_publish]", run: "click" },
        { trigger: ".modal button:contains(Ok)", run: "click" },
        { trigger: ".modal:contains(has not been tried on the past) button:contains(Back-Test)", run: "click" },
        { trigger: ".o_form_view:contains(Against a Ranking by Revenue Alone) button[name=action_publish]", run: "click" },
        { trigger: ".modal button:contains(Ok)", run: "click" },
        { trigger: ".o_arrow_button_current:contains(Published)" },
    ],
});
