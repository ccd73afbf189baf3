import { Component, onWillStart, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { cookie } from "@web/core/browser/cookie";
import { getCustomColor } from "@web/core/colors/colors";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { formatFloat, formatMonetary } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const COLOURS = { a: "#00A78D", b: "#4EA7F2", c: "#A4A8B6" };
const LINE = "#EA6175";
const scheme = cookie.get("color_scheme");
const TEXT = getCustomColor(scheme, "#111827", "#E4E4E4");
const GRID = getCustomColor(scheme, "rgba(0,0,0,.1)", "rgba(255,255,255,.15)");

/**
 * The best accounts of a programme by revenue of 12 months, with the share that they make together. The server says
 * what is in it (`kam.program.pareto_chart`); a click on a bar opens the account, one on a class its accounts.
 */
export class KamPareto extends Component {
    static template = "kam_scoring.KamPareto";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.canvas = useRef("canvas");
        this.chart = null;
        this.state = useState({ data: null });
        this.env.config.setDisplayName(this.props.action.name);
        onWillStart(() => Promise.all([loadBundle("web.chartjs_lib"), this.load(false)]));
        useEffect(
            () => this.renderChart(),
            () => [this.state.data]
        );
        onWillUnmount(() => this.chart?.destroy());
    }

    async load(programId) {
        this.state.data = await this.orm.call("kam.program", "pareto_chart", [programId]);
    }

    money(amount) {
        return formatMonetary(amount, { currencyId: this.state.data.currency_id, digits: [16, 0] });
    }

    percent(share) {
        return _t("%s %", formatFloat(share, { digits: [16, 1] }));
    }

    get date() {
        const { date } = this.state.data;
        return date ? formatDate(deserializeDate(date)) : "";
    }

    colour(code) {
        return COLOURS[code];
    }

    openAccount(account) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "kam.account",
            res_id: account.id,
            views: [[false, "form"]],
        });
    }

    openClass(one) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Class %s", one.name),
            res_model: "kam.account",
            views: [
                [false, "list"],
                [false, "form"],
            ],
            domain: [
                ["program_id", "=", this.state.data.program_id],
                ["abc_class", "=", one.code],
            ],
        });
    }

    renderChart() {
        this.chart?.destroy();
        this.chart = this.canvas.el && new Chart(this.canvas.el, this.chartConfig());
    }

    chartConfig() {
        const { accounts, limits } = this.state.data;
        const line = (label, data, color, more) => ({
            type: "line",
            label,
            data,
            borderColor: color,
            backgroundColor: color,
            borderWidth: 2,
            pointRadius: 0,
            clip: false,
            yAxisID: "share",
            ...more,
        });
        const limit = (name, value) =>
            line(_t("Limit of class %s", name), accounts.map(() => value), GRID, {
                borderColor: TEXT,
                borderWidth: 1,
                borderDash: [5, 5],
                pointHitRadius: 0,
            });
        return {
            data: {
                labels: accounts.map((account) => account.name),
                datasets: [
                    line(_t("Cumulative share"), accounts.map((account) => account.share), LINE, { pointRadius: 3 }),
                    limit("A", limits.a),
                    limit("B", limits.b),
                    {
                        type: "bar",
                        label: _t("Revenue of 12 months"),
                        data: accounts.map((account) => account.revenue),
                        backgroundColor: accounts.map((account) => COLOURS[account.class]),
                        yAxisID: "revenue",
                    },
                ],
            },
            options: {
                maintainAspectRatio: false,
                animation: false,
                interaction: { mode: "index", intersect: false },
                onClick: (ev, elements) => elements.length && this.openAccount(accounts[elements[0].index]),
                onHover: (ev, elements) => {
                    ev.native.target.style.cursor = elements.length ? "pointer" : "default";
                },
                plugins: {
                    legend: { display: false },
                    tooltip: {
                        filter: (item) => !item.dataset.borderDash,
                        callbacks: {
                            label: (item) =>
                                `${item.dataset.label}: ${
                                    item.dataset.type === "bar" ? this.money(item.raw) : this.percent(item.raw)
                                }`,
                        },
                    },
                },
                scales: {
                    x: {
                        grid: { display: false },
                        ticks: {
                            color: TEXT,
                            autoSkip: false,
                            maxRotation: 60,
                            callback(value) {
                                const label = this.getLabelForValue(value);
                                return label.length > 20 ? `${label.slice(0, 19)}…` : label;
                            },
                        },
                    },
                    revenue: {
                        position: "left",
                        beginAtZero: true,
                        grid: { color: GRID },
                        ticks: { color: TEXT, callback: (value) => this.money(value) },
                    },
                    share: {
                        position: "right",
                        min: 0,
                        max: 100,
                        grid: { display: false },
                        ticks: { color: TEXT, callback: (value) => `${value} %` },
                    },
                },
            },
        };
    }
}

registry.category("actions").add("kam_pareto", KamPareto);
