import { Component, onWillStart, useState } from "@odoo/owl";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { Layout } from "@web/search/layout";
import { formatFloat, formatInteger } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/**
 * Other numbers of a scoring model, and at once who would be placed elsewhere. The server rescores the current data
 * (`get_what_if_outcome`); nothing is saved before "Keep as Draft".
 */
export class KamWhatIf extends Component {
    static template = "kam_scoring.WhatIf";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.last = new KeepLast();
        this.modelId = this.props.action.context.active_id;
        this.state = useState({ model: null, values: {}, outcome: null, error: "", busy: false, kept: false });
        this.update = useDebounced(() => this.load(), 250);
        this.env.config.setDisplayName(this.props.action.name);
        onWillStart(async () => {
            this.state.model = await this.orm.call("kam.scoring.model", "get_what_if", [this.modelId]);
            this.reset();
        });
    }

    get display() {
        return { controlPanel: {} };
    }

    /** Each number by "part/id/name", and what it is in the model. */
    numbers() {
        const { criteria, gates, rules, levels } = this.state.model;
        const found = {};
        const add = (part, id, record, names) => {
            for (const name of names) {
                found[`${part}/${id}/${name}`] = record[name];
            }
        };
        criteria.forEach((one) => add("criteria", one.id, one, ["weight", "bound_zero", "bound_full"]));
        gates.forEach((one) => add("gates", one.id, one, ["limit"]));
        rules.forEach((one) => add("rules", one.id, one, ["score_min", "coverage_min", "capacity", "gate_points_max"]));
        add("levels", "", levels, ["green_from", "amber_from"]);
        return found;
    }

    get changes() {
        const changes = { criteria: {}, gates: {}, rules: {}, levels: {} };
        for (const [key, value] of Object.entries(this.numbers())) {
            const tried = this.state.values[key];
            if (tried !== value) {
                const [part, id, name] = key.split("/");
                const numbers = id ? (changes[part][id] ||= {}) : changes[part];
                numbers[name] = tried;
            }
        }
        return changes;
    }

    get isChanged() {
        return Object.values(this.changes).some((part) => Object.keys(part).length);
    }

    get hasCapacityChange() {
        return Object.values(this.changes.rules).some((numbers) => "capacity" in numbers);
    }

    get weightMax() {
        return Math.max(100, ...this.state.model.criteria.map((one) => one.weight));
    }

    get intro() {
        const { name, date } = this.state.model;
        return date
            ? _t("%(model)s with other numbers, on the data of the scores of %(date)s.", {
                  model: name,
                  date: formatDate(deserializeDate(date)),
              })
            : _t("%s with other numbers.", name);
    }

    get changeTitle() {
        return _t("Accounts that would change: %s", this.count(this.state.outcome.total));
    }

    get rowsTitle() {
        return _t("The first %s of them:", this.count(this.state.outcome.rows.length));
    }

    isOther(key) {
        return this.state.values[key] !== this.numbers()[key];
    }

    setValue(key, ev) {
        const value = ev.target.valueAsNumber;
        if (Number.isNaN(value)) {
            return; // still being typed
        }
        this.state.values[key] = value;
        this.update();
    }

    reset() {
        this.state.values = this.numbers();
        return this.load();
    }

    async load() {
        this.state.busy = true;
        const outcome = this.orm.silent.call("kam.scoring.model", "get_what_if_outcome", [this.modelId, this.changes]);
        try {
            this.state.outcome = await this.last.add(outcome);
            this.state.error = "";
        } catch (error) {
            if (!error.data) {
                throw error;
            }
            this.state.error = error.data.message;
        }
        this.state.busy = false;
    }

    async keep() {
        const action = await this.orm.call("kam.scoring.model", "keep_what_if", [this.modelId, this.changes]);
        await this.action.doAction(action, { stackPosition: "replaceCurrentAction" });
    }

    openAccount(id) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "kam.account",
            res_id: id,
            views: [[false, "form"]],
        });
    }

    count(value) {
        return formatInteger(value);
    }

    difference(place) {
        const value = place.then - place.now;
        return value > 0 ? `+${formatInteger(value)}` : formatInteger(value);
    }

    score(value) {
        return value === null ? "" : formatFloat(value, { digits: [16, 1] });
    }
}

registry.category("actions").add("kam_scoring.what_if", KamWhatIf);
