import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/views/fields/formatters";

const GREEN = 10;
const RED = 1;

/** Points: whole where they are whole. */
export function points(value) {
    return formatFloat(value, { digits: [16, Math.abs(value - Math.round(value)) < 0.05 ? 0 : 1] });
}

/** As wide as the widest of what is drawn below each other, so that bars compare. */
export function scaleOf(rows) {
    return Math.max(1, ...rows.map((row) => Math.max(row.before, row.after, row.limit, row.fair))) * 1.05;
}

/**
 * What somebody carries before (thin) and after (thick), against capacity (line) and fair load (dotted). Its text says
 * the same to a screen reader.
 */
export class KamLoadBar extends Component {
    static template = "kam_scoring.LoadBar";
    static props = { row: Object, scale: Number, unit: { type: String, optional: true } };

    width(value) {
        return `${Math.min(100, (100 * Math.max(0, value)) / this.props.scale)}%`;
    }

    get tone() {
        const { color } = this.props.row;
        return color === RED ? "bg-danger" : color === GREEN ? "bg-success" : "bg-warning";
    }

    get label() {
        const { name, before, after, limit, fair } = this.props.row;
        const parts = [_t("%(name)s: %(before)s before, %(after)s after", { name, before: points(before), after: points(after) })];
        if (limit) {
            parts.push(_t("%s at most", points(limit)));
        }
        if (fair) {
            parts.push(_t("fair would be %s", points(fair)));
        }
        return parts.join(", ");
    }
}
