import { registry } from "@web/core/registry";

const card = (name) => `.o_kam_rebalance_scenarios .o_kanban_record:contains(${name})`;
const column = (name) => `.o_kanban_group:has(.o_column_title:contains(${name}))`;

registry.category("web_tour.tours").add("kam_rebalance_compute", {
    steps: () => [
        { trigger: ".o_form_view:contains(Nothing is computed yet)" },
        { trigger: ".nav-link[name=people]", run: "click" },
        { trigger: ".o_field_widget[name=person_ids] .o_data_row:contains(Ann)" },
        { trigger: "button[name=action_compute]:contains(Compute)", run: "click" },
        { trigger: ".o_arrow_button_current:contains(Proposed)" },
        { trigger: ".nav-link[name=scenarios]", run: "click" },
        { trigger: `${card("Balanced")}:contains(Chosen):contains(Proven best)` },
        { trigger: `${card("Fairest")} button[name=action_choose]`, run: "click" },
        { trigger: `${card("Fairest")}:contains(Chosen)` },
        { trigger: ".nav-link[name=loads]", run: "click" },
        { trigger: ".o_kam_rebalance_loads tr:contains(Ann):contains(24 →) .o_kam_load_after" },
        { trigger: "button[name=action_open_moves].oe_stat_button", run: "click" },
        { trigger: ".o_list_view .o_group_header:contains(Ann)" },
        { trigger: ".o_list_view .o_data_row:contains(Gold):contains(Bob):contains(instead of 24 points)" },
    ],
});

registry.category("web_tour.tours").add("kam_rebalance_drag", {
    steps: () => [
        { trigger: `${card("Balanced")} button[name=action_open_board]`, run: "click" },
        { trigger: `.o_kam_rebalance_strip:contains(Balanced):contains(Proven Best):contains(Rules broken: 0)` },
        {
            content: "Somebody else, in a scenario that was computed",
            trigger: `${column("Bob")} .o_kanban_record:contains(Mini)`,
            run: `drag_and_drop(${column("Ann")})`,
        },
        { trigger: ".modal:contains(stays as it is) button:contains(Copy and Move)", run: "click" },
        { trigger: ".o_kam_rebalance_strip:contains(Edited by Hand) .o_kam_rebalance_note:contains(Mini with Ann)" },
        { trigger: `${column("Ann")} .o_kanban_record:contains(Mini):contains(from Bob)` },
        {
            content: "What must not move is told at once, on the card and above",
            trigger: `${column("Ann")} .o_kanban_record:contains(Gold1):contains(Frozen)`,
            run: `drag_and_drop(${column("Bob")})`,
        },
        { trigger: ".o_kam_rebalance_note.text-danger:contains(Gold1):contains(renegotiated)" },
        { trigger: `${column("Bob")} .o_kanban_record:contains(Gold1) .o_kam_rebalance_broken:contains(renegotiated)` },
        { trigger: ".o_kam_rebalance_strip .text-danger:contains(Rules broken)" },
        {
            trigger: `${column("Bob")} .o_kanban_record:contains(Gold1)`,
            run: `drag_and_drop(${column("Ann")})`,
        },
        { trigger: ".o_kam_rebalance_note.text-success:contains(Gold1)" },
        { trigger: `${column("Ann")}:has(.o_kam_load_bar) .o_kanban_record:contains(Gold1):not(:has(.o_kam_rebalance_broken))` },
        { trigger: `.o_kanban_record:contains(Gold1) button[name=action_why_not]`, run: "click" },
        { trigger: ".modal .o_field_widget[name=user_id] input", run: "edit Bob" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Bob)", run: "click" },
        { trigger: ".modal .o_field_widget[name=answer]:contains(cannot go to Bob):contains(renegotiated)" },
        { trigger: ".modal button:contains(Close)", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_kam_rebalance_strip button:contains(Spring)", run: "click" },
        { trigger: `${card("Edited by Hand")}:contains(Made by people):contains(Chosen)` },
    ],
});

registry.category("web_tour.tours").add("kam_rebalance_consult", {
    steps: () => [
        { trigger: "button[name=action_consult]", run: "click" },
        { trigger: ".o_arrow_button_current:contains(Consulted)" },
    ],
});

registry.category("web_tour.tours").add("kam_rebalance_comment", {
    steps: () => [
        { trigger: ".o_data_row .o_data_cell:contains(Spring)", run: "click" },
        { trigger: ".nav-link[name=moves]", run: "click" },
        { trigger: ".o_kam_rebalance_moves .o_kanban_record:contains(Gold):contains(Bob)" },
        { trigger: "body:not(:has(button[name=action_approve])):not(:has(button[name=action_compute]))" },
        { trigger: ".o-mail-Chatter-sendMessage", run: "click" },
        { trigger: ".o-mail-Composer-input", run: "edit They asked for Ann by name" },
        { trigger: ".o-mail-Composer-send:enabled", run: "click" },
        { trigger: ".o-mail-Message:contains(They asked for Ann by name)" },
    ],
});

registry.category("web_tour.tours").add("kam_rebalance_decide", {
    steps: () => [
        { trigger: "button[name=action_open_moves].oe_stat_button", run: "click" },
        { trigger: ".o_data_row:contains(Gold) button[name=action_refuse]:first", run: "click" },
        { trigger: ".o_data_row .badge:contains(Refused)" },
        { trigger: ".o_breadcrumb .o_back_button, .breadcrumb-item a:contains(Spring)", run: "click" },
        { trigger: ".o_form_view .o_statusbar_buttons button[name=action_approve]", run: "click" },
        { trigger: ".o_arrow_button_current:contains(Approved)" },
    ],
});

registry.category("web_tour.tours").add("kam_rebalance_carry_out", {
    steps: () => [
        { trigger: "button[name=action_carry_out]", run: "click" },
        { trigger: ".modal button:contains(Ok)", run: "click" },
        { trigger: ".o_arrow_button_current:contains(Carried Out)" },
        { trigger: ".nav-link[name=moves]", run: "click" },
        { trigger: ".o_kam_rebalance_moves .o_kanban_record:contains(Applied)" },
        { trigger: "button[name=action_roll_back]", run: "click" },
        { trigger: ".modal button:contains(Ok)", run: "click" },
        { trigger: ".ribbon:contains(Rolled Back)" },
    ],
});
