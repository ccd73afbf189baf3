import { Component, onWillStart, useState } from "@odoo/owl";
import { formatDate, deserializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** What waits for the user over all accounts, the most expensive first. The server says what: see `kam.my.day`. */
export class KamMyDay extends Component {
    static template = "kam_management.KamMyDay";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ sections: [] });
        this.env.config.setDisplayName(this.props.action.name || _t("My Day"));
        onWillStart(() => this.load());
    }

    async load() {
        const { late, week } = await this.orm.call("kam.my.day", "load_day", []);
        this.state.sections = [
            { name: "late", title: _t("Overdue"), entries: late },
            { name: "week", title: _t("Now and in the Next Seven Days"), entries: week },
        ].filter((section) => section.entries.length);
    }

    when(entry) {
        if (!entry.date) {
            return "";
        }
        if (entry.days === 0) {
            return _t("today");
        }
        if (entry.days === -1) {
            return _t("yesterday");
        }
        if (entry.days === 1) {
            return _t("tomorrow");
        }
        if (entry.days < 0) {
            return _t("%s days late", -entry.days);
        }
        return formatDate(deserializeDate(entry.date));
    }

    open(model, id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("kam_my_day", KamMyDay);
