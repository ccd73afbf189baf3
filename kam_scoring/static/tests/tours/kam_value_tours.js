import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("kam_pareto", {
    steps: () => [
        { trigger: ".o_kam_pareto canvas" },
        { trigger: ".o_kam_pareto_class:contains(Class A):contains(1 accounts)", run: "click" },
        { trigger: ".o_list_view .o_data_row:contains(Acme) .o_data_cell[name=partner_id]", run: "click" },
        { trigger: ".nav-link[name=score]", run: "click" },
        { trigger: ".o_field_widget[name=abc_class]:contains(A)" },
        { trigger: ".o_field_widget[name=rfm_segment]:contains(Champion Customers)" },
        { trigger: ".o_field_widget[name=lifetime_method]:contains(Simple Formula)" },
        { trigger: ".o_field_widget[name=lifetime_reason]:contains(Too few customers)" },
    ],
});

registry.category("web_tour.tours").add("kam_pareto_empty", {
    steps: () => [{ trigger: ".o_kam_pareto .o_nocontent_help:contains(No account with revenue)" }],
});

registry.category("web_tour.tours").add("kam_segments", {
    steps: () => [
        { trigger: ".o_graph_canvas_container canvas" },
        { trigger: ".o_switch_view.o_pivot", run: "click" },
        { trigger: ".o_pivot tbody tr:contains(Champion Customers):contains(2,400.00)" },
    ],
});
