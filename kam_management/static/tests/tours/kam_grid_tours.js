import { registry } from "@web/core/registry";

const CELL = "tr:contains(Acme) td.o_kam_grid_cell";

registry.category("web_tour.tours").add("kam_grid_typing", {
    steps: () => [
        { trigger: `${CELL}:nth-child(2) input`, run: "edit 90000" },
        { content: "On to the next cell, which saves", trigger: `${CELL}:nth-child(2) input`, run: "press Tab" },
        { content: "Typing before the answer is there", trigger: `${CELL}:nth-child(3) input`, run: "edit 7000" },
        { content: "The answer is there", trigger: `${CELL}:nth-child(2).table-warning` },
        { content: "What was typed still stands", trigger: `${CELL}:nth-child(3) input:value(7000)` },
        { trigger: `${CELL}:nth-child(3) input`, run: "press Tab" },
        { trigger: `${CELL}:nth-child(3).table-warning` },
        { content: "The customer spends nothing", trigger: `${CELL}:nth-child(3) input`, run: "edit 0" },
        { trigger: `${CELL}:nth-child(3) input`, run: "press Tab" },
        { trigger: `${CELL}:nth-child(3):contains(spends nothing) input:value(0)` },
        { content: "Nobody knows", trigger: `${CELL}:nth-child(3) input`, run: "clear" },
        { trigger: `${CELL}:nth-child(3) input`, run: "press Tab" },
        { trigger: `${CELL}:nth-child(3):not(:contains(spends nothing)) input:value()` },
        { trigger: `${CELL}:nth-child(3) input`, run: "edit 7000" },
        { trigger: `${CELL}:nth-child(3) input`, run: "press Tab" },
        { trigger: `${CELL}:nth-child(3).table-warning` },
        { content: "No number", trigger: `${CELL}:nth-child(3) input`, run: "edit seven" },
        { trigger: `${CELL}:nth-child(3) input`, run: "press Tab" },
        { content: "Stays where it was typed", trigger: `${CELL}:nth-child(3) input.is-invalid:value(seven)` },
    ],
});
