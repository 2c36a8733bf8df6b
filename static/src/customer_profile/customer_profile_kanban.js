import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { KanbanHeader } from "@web/views/kanban/kanban_header";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { FreshnessControlPanel } from "@customer_success/freshness/freshness_control_panel";

/** Columns between which a card can be dragged: the field, and what the wizard calls its value. */
const MOVES = {
    value_tier_id: { kind: "tier", field: "default_tier_id" },
    lifecycle_stage_id: { kind: "stage", field: "default_stage_id" },
    demand_focus_id: { kind: "focus", field: "default_focus_id" },
};

/** How many customers a column holds, beside what they bring. */
export class CustomerProfileKanbanHeader extends KanbanHeader {
    static template = "customer_success.CustomerProfileKanbanHeader";
}

/**
 * Dragging a card never writes: it asks for the reason and the end of a choice by hand. The card
 * stays where it was until the choice has been made.
 */
export class CustomerProfileKanbanRenderer extends KanbanRenderer {
    static components = { ...KanbanRenderer.components, KanbanHeader: CustomerProfileKanbanHeader };

    setup() {
        super.setup();
        this.action = useService("action");
        this.notification = useService("notification");
    }

    get canMoveRecords() {
        const { isGrouped, groupByField } = this.props.list;
        return Boolean(isGrouped && MOVES[groupByField.name]);
    }

    get canResequenceRecords() {
        return this.canMoveRecords;
    }

    /** Customers without a tier, who never bought, come last: on a phone the first column is all one sees. */
    getGroupsOrRecords() {
        const items = super.getGroupsOrRecords();
        const without = items.filter(({ group }) => group && !group.value);
        return [...items.filter((item) => !without.includes(item)), ...without];
    }

    async sortRecordDrop(dataRecordId, dataGroupId, { parent }) {
        parent?.classList.remove("o_kanban_hover");
        const { groups, groupByField, model } = this.props.list;
        const from = groups.find((group) => group.id === dataGroupId);
        const to = groups.find((group) => group.id === parent?.dataset.id);
        const record = from?.list.records.find((candidate) => candidate.id === dataRecordId);
        if (!record || !to || to === from) {
            return;
        }
        if (!to.value) {
            this.notification.add(
                groupByField.name === "demand_focus_id"
                    ? _t("Not known is what the computation says: end a manual choice instead.")
                    : _t("A customer who has bought always has a tier."),
                { type: "info" }
            );
            return;
        }
        const move = MOVES[groupByField.name];
        await this.action.doAction("customer_success.customer_override_action", {
            additionalContext: {
                default_profile_ids: [record.resId],
                default_kind: move.kind,
                [move.field]: to.value,
            },
            onClose: () => model.load(),
        });
    }
}

registry.category("views").add("customer_profile_kanban", {
    ...kanbanView,
    ControlPanel: FreshnessControlPanel,
    Renderer: CustomerProfileKanbanRenderer,
});
