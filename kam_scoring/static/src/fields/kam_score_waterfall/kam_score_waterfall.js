import { Component, useState } from "@odoo/owl";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { deserializeDate, formatDate, serializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { formatFloat } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

// Bars are at least this wide, in percent, so that small ones can be seen and clicked.
const LEAST_WIDTH = 0.6;
// Points that are shown as none.
const NOTHING = 0.05;

/**
 * What a score is made of, what moved it since an earlier day, and how it went over time.
 *
 * The chart is a table whose bars stand in one of its columns: what is drawn is also what a screen reader says. On a
 * phone each row folds into a small block.
 */
export class KamScoreWaterfall extends Component {
    static template = "kam_scoring.ScoreWaterfall";
    static components = { DateTimeInput };
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.state = useState({ mode: "made", since: null, moves: null, history: null });
        useRecordObserver((record) => this.onChart(record.data[this.props.name]));
    }

    get chart() {
        return this.props.record.data[this.props.name] || null;
    }

    get modes() {
        return [
            { name: "made", label: _t("Made of") },
            { name: "moved", label: _t("What moved") },
            { name: "history", label: _t("Over time") },
        ];
    }

    get periods() {
        const today = deserializeDate(this.chart.date);
        return [
            { name: "month", label: _t("Last month"), since: today.startOf("month").minus({ days: 1 }) },
            { name: "quarter", label: _t("3 months"), since: today.minus({ months: 3 }) },
            { name: "year", label: _t("12 months"), since: today.minus({ months: 12 }) },
        ];
    }

    get latestSince() {
        return deserializeDate(this.chart.date).minus({ days: 1 });
    }

    /** The record shows another score: what was fetched for the one before is of no use. */
    async onChart(chart) {
        if (chart && chart.score_id !== this.scoreId) {
            this.scoreId = chart.score_id;
            Object.assign(this.state, { since: null, moves: null, history: null });
            await this.fetch();
        }
    }

    async setMode(mode) {
        this.state.mode = mode;
        await this.fetch();
    }

    async setSince(since) {
        if (since) {
            Object.assign(this.state, { mode: "moved", since, moves: null });
            await this.fetch();
        }
    }

    async fetch() {
        if (this.state.mode === "moved" && !this.state.moves) {
            this.state.since ||= this.periods[0].since;
            this.state.moves = await this.call("get_moves", serializeDate(this.state.since));
        } else if (this.state.mode === "history" && !this.state.history) {
            this.state.history = await this.call("get_history");
        }
    }

    call(method, ...args) {
        return this.keepLast.add(this.orm.call("kam.score", method, [[this.scoreId], ...args]));
    }

    isPeriod(period) {
        return Boolean(this.state.since) && period.since.hasSame(this.state.since, "day");
    }

    async open(row) {
        if (row.lineId) {
            this.action.doAction(await this.orm.call("kam.score.line", "action_open_documents", [[row.lineId]]));
        }
    }

    // --- rows

    /** Contributions, stacked up to the score. */
    get madeRows() {
        let reached = 0;
        const rows = this.chart.rows.map((row, index) => {
            const start = reached;
            reached += row.contribution;
            return {
                key: index,
                lineId: row.has_data && row.line_id,
                label: row.label,
                help: row.help,
                value: [row.value],
                points: [row.has_data || row.points ? this.number(row.points) : "–"],
                weight: [this.number(row.weight)],
                result: row.has_data || row.contribution ? this.number(row.contribution) : "–",
                isMuted: !row.has_data && !row.is_held,
                badges: [row.is_failed && this.badges.failed, row.is_held && this.badges.held].filter(Boolean),
                bar: this.bar(start, reached, "bg-primary", 0, 100),
            };
        });
        rows.push({
            key: "score",
            label: _t("Score"),
            isTotal: true,
            result: this.number(this.chart.score),
            badges: [],
            bar: this.bar(0, this.chart.score, "bg-secondary", 0, 100),
        });
        return rows;
    }

    /** From the score of then to the one of now. The scale shows what lies between them, so that steps can be seen. */
    get movedRows() {
        const movement = this.state.moves.movement;
        const { from, to } = this.movedScale;
        let reached = movement.score_then;
        const rows = movement.moves.map((move, index) => {
            const start = reached;
            reached += move.delta;
            return {
                key: index,
                lineId: move.line_id,
                label: move.label,
                help: move.kind === "none" ? "" : move.text,
                value: this.change(move, (side) => side.value),
                points: this.change(move, (side) => (side.points === false ? "–" : this.number(side.points))),
                weight: this.change(move, (side) => this.number(side.weight)),
                result: this.signed(move.delta),
                isMuted: Math.abs(move.delta) < NOTHING,
                tone: move.delta >= NOTHING ? "text-success" : move.delta <= -NOTHING ? "text-danger" : "",
                badges: [this.badges[move.kind]].filter(Boolean),
                bar: this.bar(start, reached, move.delta < 0 ? "bg-danger" : "bg-success", from, to),
            };
        });
        const ends = [["date_then", movement.score_then], ["date_now", movement.score_now]].map(([name, score]) => ({
            key: name,
            label: _t("Score on %s", this.date(movement[name])),
            isTotal: true,
            result: this.number(score),
            badges: [],
            bar: this.bar(from, score, "bg-secondary", from, to),
        }));
        return [ends[0], ...rows, ends[1]];
    }

    get movedScale() {
        const { score_then: start, moves } = this.state.moves.movement;
        let reached = start;
        const levels = [start, ...moves.map((move) => (reached += move.delta))];
        const room = Math.max(2, (Math.max(...levels) - Math.min(...levels)) / 4);
        return {
            from: Math.max(0, Math.floor(Math.min(...levels) - room)),
            to: Math.ceil(Math.max(...levels) + room), // on the way it may pass 100
        };
    }

    get rows() {
        return this.state.mode === "moved" ? this.movedRows : this.madeRows;
    }

    get scale() {
        return this.state.mode === "moved" ? this.movedScale : { from: 0, to: 100 };
    }

    get badges() {
        return {
            failed: { text: _t("Failed"), tone: "text-bg-danger" },
            held: { text: _t("Held"), tone: "text-bg-info" },
            released: { text: _t("Not held any more"), tone: "text-bg-info" },
            new: { text: _t("New in the model"), tone: "text-bg-warning" },
            gone: { text: _t("Not in the model any more"), tone: "text-bg-warning" },
        };
    }

    bar(start, end, tone, from, to) {
        const place = (level) => (100 * (level - from)) / (to - from || 1);
        const left = Math.min(place(start), place(end));
        const width = Math.abs(place(end) - place(start));
        return {
            tone,
            isShown: Math.abs(end - start) >= NOTHING,
            style: `left: ${Math.min(left, 100 - LEAST_WIDTH)}%; width: ${Math.max(width, LEAST_WIDTH)}%`,
        };
    }

    /** "then", "→ now", or one of them where nothing changed: parts that are not broken inside. */
    change(move, text) {
        const [then, now] = [move.then, move.now].map((side) => (side ? text(side) : ""));
        return then && now && then !== now ? [then, `→ ${now}`] : [now || then];
    }

    // --- history

    /** Where each score stands in the drawing, in percent, and the lines between them. */
    get history() {
        const history = this.state.history;
        const days = history.map((score) => deserializeDate(score.date));
        const first = days[0];
        const length = Math.max(1, days.at(-1).diff(first, "days").days);
        const points = history.map((score, index) => ({
            ...score,
            x: days.length > 1 ? 2 + (96 * days[index].diff(first, "days").days) / length : 50,
            y: 100 - score.score,
            isSeam: index > 0 && score.version !== history[index - 1].version,
            title: _t("%(date)s: %(score)s points, %(model)s", {
                date: formatDate(days[index]), score: this.number(score.score), model: score.model,
            }),
        }));
        const lines = points.slice(1).map((end, index) => ({ key: end.id, start: points[index], end }));
        return { points, lines, first: formatDate(first), last: formatDate(days.at(-1)) };
    }

    seamLabel(version) {
        return _t("Version %s", version);
    }

    compareWith(point) {
        return this.setSince(deserializeDate(point.date));
    }

    // --- texts

    date(text) {
        return formatDate(deserializeDate(text));
    }

    number(value) {
        return formatFloat(value, { digits: [16, 1] });
    }

    signed(value) {
        if (Math.abs(value) < NOTHING) {
            return this.number(0);
        }
        return (value < 0 ? "−" : "+") + this.number(Math.abs(value));
    }
}

registry.category("fields").add("kam_score_waterfall", {
    component: KamScoreWaterfall,
    displayName: _t("Score Waterfall"),
    supportedTypes: ["json"],
    isEmpty: (record, fieldName) => !record.data[fieldName],
});
