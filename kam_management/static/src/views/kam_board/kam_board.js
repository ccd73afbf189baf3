import { onWillStart } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";

/**
 * The board of accounts by tier. Dropping a card on another tier writes nothing: it opens the proposal of a tier
 * change, filled in. The card is back in its column at once, and moves when somebody has approved.
 */
export class KamBoardRenderer extends KanbanRenderer {
    setup() {
        super.setup();
        this.action = useService("action");
        this.orm = useService("orm");
        this.mayPropose = false;
        onWillStart(async () => {
            this.mayPropose = await user.hasGroup("kam_management.group_kam_user");
        });
    }

    get canResequenceRecords() {
        const { isGrouped, groupBy } = this.props.list;
        return this.mayPropose && isGrouped && groupBy[0] === "tier_id" && super.canResequenceRecords;
    }

    async sortRecordDrop(dataRecordId, dataGroupId, { parent }) {
        parent?.classList.remove("o_kanban_hover");
        const { groups, model, records } = this.props.list;
        const record = records.find((record) => record.id === dataRecordId);
        const group = groups.find((group) => group.id === parent?.dataset.id);
        if (!record || !group || group.id === dataGroupId) {
            return;
        }
        const action = await this.orm.call("kam.account", "action_propose_tier_change", [[record.resId]]);
        await this.action.doAction(
            { ...action, context: { ...action.context, default_to_tier_id: group.value } },
            { onClose: () => model.load() }
        );
    }
}

registry.category("views").add("kam_board", { ...kanbanView, Renderer: KamBoardRenderer });
