import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("kam_review_hold", {
    steps: () => [
        { trigger: ".o_kam_my_day .list-group-item[data-kind='kam.review']:contains(Nobody is invited yet)", run: "click" },
        { content: "The agenda came from the template", trigger: ".o_field_widget[name=line_ids] .o_data_row:contains(What stands in the way)" },
        { trigger: "button[name=action_hold]", run: "click" },
        { trigger: ".o_statusbar_status button.o_arrow_button_current:contains(Took Place)" },
        { trigger: ".o_field_widget[name=minutes] textarea", run: "edit They are content with us" },
        { trigger: ".nav-link[name=scorecard]", run: "click" },
        { trigger: ".o_field_widget[name=scorecard_ids] .o_data_row:contains(Satisfaction) td[name=answer]", run: "click" },
        { trigger: ".o_field_widget[name=scorecard_ids] .o_selected_row [name=answer] input", run: "click" },
        { trigger: ".o_select_menu_item:contains(/^8$/)", run: "click" },
        { trigger: ".nav-link[name=decisions]", run: "click" },
        { trigger: ".o_field_widget[name=decision_ids] .o_field_x2many_list_row_add a", run: "click" },
        { trigger: ".o_field_widget[name=decision_ids] .o_selected_row [name=name] input", run: "edit Show the monitoring" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_field_widget[name=decision_ids] .o_data_row button[name=action_make_action]", run: "click" },
        { trigger: ".o_field_widget[name=decision_ids] .o_data_row:contains(Show the monitoring) button[name=action_open_outcome]" },
        { trigger: "button[name=action_close]", run: "click" },
        { trigger: ".o_statusbar_status button.o_arrow_button_current:contains(Closed)" },
        { trigger: ".breadcrumb-item:contains(My Day), .o_back_button", run: "click" },
        { content: "It waits no more", trigger: ".o_kam_my_day:not(:has(.list-group-item[data-kind='kam.review']))" },
    ],
});

registry.category("web_tour.tours").add("kam_review_briefing", {
    steps: () => [
        { trigger: "button[name=action_open_briefing]", run: "click" },
        { trigger: ".o_kam_review_briefing:contains(The new plant in Asia):contains(Ann):contains(Gearbox runs hot):contains(the customer has no answer yet)" },
        { trigger: "button[name=action_open]", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=line_ids] .o_data_row:contains(Where your company is going)" },
    ],
});
