import { onWillStart, useState, useSubEnv } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { KanbanHeader } from "@web/views/kanban/kanban_header";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { KamLoadBar, points, scaleOf } from "../../fields/kam_rebalance_loads/load_bar";

// Fields whose values are places, and those of them into which cards are dragged.
const PLACES = ["from_user_id", "to_user_id", "from_tier_id", "to_tier_id"];
const TARGETS = ["to_user_id", "to_tier_id"];
const RED = 1;

/**
 * A scenario of a rebalancing as columns of people (or tiers). Dragging a card asks what if: in the copy that is edited
 * by hand, the account goes there and everything is checked again; in a computed scenario, the first drag makes that copy.
 */
export class KamRebalanceController extends KanbanController {
    static template = "kam_scoring.RebalanceKanbanView";

    setup() {
        super.setup();
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialogService = useService("dialog");
        this.board = useState({ data: null, note: this.props.context.rebalance_note || null });
        useSubEnv({
            kamBoard: {
                state: this.board,
                canDrag: () => Boolean(this.board.data?.can_edit),
                drop: (record, placeId) => this.drop(record, placeId),
            },
        });
        onWillStart(() => this.loadBoard());
    }

    get scenarioId() {
        return this.props.context.rebalance_scenario_id;
    }

    async loadBoard() {
        if (this.scenarioId) {
            this.board.data = await this.orm.call("kam.rebalance.scenario", "get_board", [[this.scenarioId]]);
        }
    }

    async drop(record, placeId) {
        if (this.board.data.kind !== "hand") {
            return this.askForCopy(record, placeId);
        }
        this.board.note = await this.orm.call("kam.rebalance.move", "drop_on", [[record.resId], placeId]);
        await Promise.all([this.loadBoard(), this.model.load()]);
    }

    /** Computed scenarios stay as they were computed. */
    askForCopy(record, placeId) {
        const { id, name, has_hand } = this.board.data;
        const texts = [_t('"%s" was computed and stays as it is. Continue in a copy of it that you edit by hand?', name)];
        if (has_hand) {
            texts.push(_t("What was edited by hand so far is replaced."));
        }
        this.dialogService.add(ConfirmationDialog, {
            title: _t("What If?"),
            body: texts.join(" "),
            confirmLabel: _t("Copy and Move"),
            confirm: async () => {
                const accountId = record.data.account_id.id;
                const action = await this.orm.call("kam.rebalance.scenario", "copy_and_move", [[id], accountId, placeId]);
                await this.action.doAction(action, { stackPosition: "replaceCurrentAction" });
            },
            cancel: () => {},
        });
    }

    // --- the strip above the columns

    get figures() {
        const { question, imbalance, move_count, cost, broken_count } = this.board.data;
        return [
            question !== "tiers" && { label: _t("Imbalance"), value: _t("%s points", points(imbalance)) },
            { label: _t("Moves"), value: move_count },
            { label: _t("Cost"), value: _t("%s points", points(cost)) },
            { label: _t("Rules broken"), value: broken_count, tone: broken_count ? "text-danger" : "" },
        ].filter(Boolean);
    }

    get hint() {
        const { can_edit, kind, question } = this.board.data;
        const isHand = kind === "hand";
        if (!can_edit || (this.env.isSmall && !isHand)) {
            return "";
        }
        if (this.env.isSmall) {
            return _t("Open a card to send it to another place.");
        }
        if (question === "tiers") {
            return isHand
                ? _t("Drag a card to another tier: everything is checked again at once.")
                : _t("Drag a card to another tier to try it: in a copy, this scenario stays.");
        }
        return isHand
            ? _t("Drag a card to somebody else: everything is checked again at once.")
            : _t("Drag a card to somebody else to try it: in a copy, this scenario stays.");
    }

    openRebalance() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "kam.rebalance",
            res_id: this.board.data.rebalance_id,
            views: [[false, "form"]],
        });
    }
}

export class KamRebalanceHeader extends KanbanHeader {
    static template = "kam_scoring.RebalanceKanbanHeader";
    static components = { ...KanbanHeader.components, KamLoadBar };

    get load() {
        const board = this.env.kamBoard?.state.data;
        const isPlace = PLACES.includes(this.group.groupByField.name);
        return (isPlace && board?.loads.find((row) => row.place_id === this.group.value)) || null;
    }

    get scale() {
        return scaleOf(this.env.kamBoard.state.data.loads);
    }

    get isTiers() {
        return this.env.kamBoard.state.data.question === "tiers";
    }

    get isOver() {
        return this.load.color === RED;
    }

    get loadText() {
        const { before, after, limit } = this.load;
        const change = before === after ? points(after) : `${points(before)} → ${points(after)}`;
        if (this.isTiers) {
            return limit ? _t("%(change)s of %(limit)s accounts", { change, limit: points(limit) }) : _t("%s accounts", change);
        }
        return limit ? _t("%(change)s of %(limit)s points", { change, limit: points(limit) }) : _t("%s points", change);
    }

    get accountsText() {
        const { accounts_before: before, accounts_after: after, account_limit: limit } = this.load;
        const change = before === after ? `${after}` : `${before} → ${after}`;
        return limit ? _t("%(change)s of %(limit)s accounts", { change, limit }) : _t("%s accounts", change);
    }
}

export class KamRebalanceRenderer extends KanbanRenderer {
    static components = { ...KanbanRenderer.components, KanbanHeader: KamRebalanceHeader };

    get canResequenceRecords() {
        const { isGrouped, groupByField } = this.props.list;
        return Boolean(
            this.env.kamBoard?.canDrag() && isGrouped && TARGETS.includes(groupByField.name) && super.canResequenceRecords
        );
    }

    /** The card is back in its column at once, and comes to the other one with what the server says. */
    async sortRecordDrop(dataRecordId, dataGroupId, { parent }) {
        parent?.classList.remove("o_kanban_hover");
        const { groups, records } = this.props.list;
        const record = records.find((record) => record.id === dataRecordId);
        const group = groups.find((group) => group.id === parent?.dataset.id);
        if (!record || !group?.value || group.id === dataGroupId) {
            return;
        }
        this.toggleProcessing(dataRecordId, true);
        try {
            await this.env.kamBoard.drop(record, group.value);
        } finally {
            this.toggleProcessing(dataRecordId, false);
        }
    }
}

registry.category("views").add("kam_rebalance_kanban", {
    ...kanbanView,
    Controller: KamRebalanceController,
    Renderer: KamRebalanceRenderer,
});
