import { Component, onMounted, onPatched, onWillStart, useRef, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { usePager } from "@web/search/pager_hook";
import { formatFloat, formatInteger } from "@web/views/fields/formatters";
import { InvalidNumberError, parseFloat } from "@web/views/fields/parsers";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/**
 * A table of amounts that is filled in like a spreadsheet: tab and enter move on, each cell is saved when it is left.
 * The server says what is in it (`get_grid`), takes one cell (`set_cell`) and answers a button of a cell
 * (`grid_action`); what cannot be saved stays in its cell, marked, so that nothing typed is lost.
 */
export class KamGrid extends Component {
    static template = "kam_management.KamGrid";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.table = useRef("table");
        const { model, scope } = this.props.action.context.kam_grid || this.props.action.params;
        this.model = model;
        this.state = useState({ grid: null, scope: { ...scope }, invalid: {}, saving: 0 });
        this.env.config.setDisplayName(this.props.action.name);
        usePager(() => this.pager);
        onWillStart(() => this.load());
        onMounted(() => this.show());
        onPatched(() => this.show());
    }

    /**
     * Not an attribute of the template, which would be set anew each time: the answer for one cell must not take away
     * what is being typed into the next one.
     */
    show() {
        for (const input of this.table.el?.querySelectorAll("input") || []) {
            if (input !== document.activeElement) {
                input.value = this.typed(input.closest("td").dataset.cell);
            }
        }
    }

    /** Only where there is more than one page. */
    get pager() {
        const pager = this.state.grid?.pager;
        return pager && pager.total > pager.limit
            ? { ...pager, isEditable: false, onUpdate: ({ offset }) => this.choose("offset", offset) }
            : undefined;
    }

    async load() {
        this.state.grid = await this.orm.call(this.model, "get_grid", [this.state.scope]);
        this.state.invalid = {};
    }

    cell(row, column) {
        return this.state.grid.cells[`${row.id}:${column.id}`] || {};
    }

    format(value) {
        if (value === null || value === undefined || value === false) {
            return "";
        }
        return Number.isInteger(value) ? formatInteger(value) : formatFloat(value, { digits: [16, 2] });
    }

    /** What was typed and could not be saved goes before what is saved. */
    typed(key) {
        return key in this.state.invalid ? this.state.invalid[key] : this.format(this.state.grid.cells[key]?.value);
    }

    async choose(name, value) {
        this.state.scope[name] = value;
        await this.load();
    }

    async save(row, column, input) {
        const key = `${row.id}:${column.id}`;
        const cell = this.cell(row, column);
        let value;
        try {
            // Nothing typed is not the same as zero.
            value = input.value.trim() ? parseFloat(input.value) : false;
        } catch (error) {
            if (!(error instanceof InvalidNumberError)) {
                throw error;
            }
            this.state.invalid[key] = input.value;
            return;
        }
        if (value === (cell.value ?? false)) {
            delete this.state.invalid[key];
            return;
        }
        this.state.saving++;
        try {
            this.state.grid = await this.orm.call(this.model, "set_cell", [this.state.scope, row.id, column.id, value]);
            delete this.state.invalid[key];
        } catch (error) {
            this.state.invalid[key] = input.value;
            throw error;
        } finally {
            this.state.saving--;
        }
    }

    onKeydown(ev) {
        const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[ev.key];
        if (!step) {
            return;
        }
        ev.preventDefault();
        const inputs = [...this.table.el.querySelectorAll(`input[data-column="${ev.target.dataset.column}"]`)];
        const next = inputs[inputs.indexOf(ev.target) + step];
        if (next) {
            next.focus();
            next.select();
        } else {
            ev.target.blur();
        }
    }

    async act(name, row, column) {
        const action = await this.orm.call(this.model, "grid_action", [name, this.state.scope, row.id, column && column.id]);
        if (action) {
            await this.action.doAction(action, { onClose: () => this.load() });
        } else {
            await this.load();
        }
    }
}

registry.category("actions").add("kam_grid", KamGrid);
