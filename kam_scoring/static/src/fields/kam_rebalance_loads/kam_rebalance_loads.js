import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { KamLoadBar, points, scaleOf } from "./load_bar";

const RED = 1;

/**
 * Loads before and after, one row per person or tier. A table whose bars stand in one of its columns, like the waterfall
 * of a score: what is drawn is also what a screen reader says.
 */
export class KamRebalanceLoads extends Component {
    static template = "kam_scoring.RebalanceLoads";
    static components = { KamLoadBar };
    static props = { ...standardFieldProps };

    get chart() {
        return this.props.record.data[this.props.name] || null;
    }

    get scale() {
        return scaleOf(this.chart.rows);
    }

    get rows() {
        return this.chart.rows.map((row) => ({
            ...row,
            isOver: row.color === RED,
            values: this.change(points(row.before), points(row.after)),
            limitText: row.limit ? points(row.limit) : "–",
            fairText: row.fair ? points(row.fair) : "–",
            accounts:
                this.change(row.accounts_before, row.accounts_after) +
                (row.account_limit ? ` ${_t("of %s", row.account_limit)}` : ""),
        }));
    }

    get marks() {
        const { rows } = this.chart;
        return { fair: rows.some((row) => row.fair), limit: rows.some((row) => row.limit) };
    }

    change(before, after) {
        return before === after ? `${after}` : `${before} → ${after}`;
    }
}

registry.category("fields").add("kam_rebalance_loads", {
    component: KamRebalanceLoads,
    displayName: _t("Loads Before and After"),
    supportedTypes: ["json"],
    isEmpty: (record, fieldName) => !record.data[fieldName],
});
