import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("kam_plan_make", {
    steps: () => [
        { trigger: "button[name=action_make_plan]", run: "click" },
        { content: "What invoices know is there", trigger: ".modal .o_field_widget[name=facts]:contains(Revenue of the last 12 months)" },
        { trigger: ".modal button[name=action_make]", run: "click" },
        { content: "The system filled in who they are", trigger: ".o_form_view .o_field_widget[name=customer_summary] textarea:value(Beta)" },
        { trigger: ".o_field_widget[name=strategy] textarea", run: "edit From supplier to partner" },
        { trigger: ".o_field_widget[name=goal_ids] .o_field_x2many_list_row_add a", run: "click" },
        { trigger: ".o_field_widget[name=goal_ids] .o_selected_row [name=name] input", run: "edit Less downtime" },
        { trigger: ".nav-link[name=objectives]", run: "click" },
        { content: "The template aims ten percent higher", trigger: ".o_field_widget[name=objective_ids] .o_data_row:contains(Grow what the customer buys)" },
        { trigger: "button[name=action_submit]", run: "click" },
        { trigger: ".o_statusbar_status button.o_arrow_button_current:contains(In Review)" },
    ],
});

registry.category("web_tour.tours").add("kam_plan_approve", {
    steps: () => [
        { trigger: ".o_data_row:contains(Beta) .o_data_cell[name=display_name]", run: "click" },
        { trigger: "button[name=action_open_document]", run: "click" },
        { trigger: ".o_kam_plan_document:contains(Less downtime):contains(From supplier to partner)" },
        { trigger: "button[name=action_approve]", run: "click" },
        { trigger: ".o_statusbar_status button.o_arrow_button_current:contains(Active)" },
    ],
});

registry.category("web_tour.tours").add("kam_plan_off_track", {
    steps: () => [
        { trigger: ".nav-link[name=objectives]", run: "click" },
        { trigger: ".o_field_widget[name=objective_ids] .o_data_row [name=track]:contains(Off Track)" },
    ],
});

registry.category("web_tour.tours").add("kam_plan_on_track", {
    steps: () => [
        { trigger: ".nav-link[name=objectives]", run: "click" },
        { trigger: ".o_field_widget[name=objective_ids] .o_data_row [name=track]:contains(Reached)" },
    ],
});

registry.category("web_tour.tours").add("kam_grid_wallet", {
    steps: () => [
        { trigger: "button[name=action_open_whitespace]", run: "click" },
        { trigger: ".o_kam_grid tr:contains(All legal entities) input:first", run: "edit 5000 && press Enter" },
        { content: "What the customer buys elsewhere is a white spot", trigger: ".o_kam_grid td.table-warning:has(input:value(5,000)) button[name=create_opportunity]", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=name]:contains(for Acme), .o_form_view [name=name] textarea:value(for Acme)" },
        { trigger: ".o_form_view button[name=action_open_kam_plan]" },
    ],
});

registry.category("web_tour.tours").add("kam_grid_mistake", {
    steps: () => [
        { trigger: "button[name=action_open_whitespace]", run: "click" },
        { trigger: ".o_kam_grid tr:contains(All legal entities) input:first", run: "edit much && press Enter" },
        { content: "What was typed stays, marked", trigger: ".o_kam_grid input.is-invalid:value(much)" },
    ],
});

registry.category("web_tour.tours").add("kam_grid_forecast", {
    steps: () => [
        { trigger: "button[name=action_open_forecast]", run: "click" },
        { trigger: ".o_kam_grid button[name=fill]", run: "click" },
        { trigger: ".o_kam_grid td input:value(640)" },
        { trigger: ".o_kam_grid tr:contains(Drives) input:first", run: "edit 1200 && press Enter" },
        { trigger: ".o_kam_grid tr:contains(Together) td:last:contains(1,840)" },
    ],
});
