import { Component, onMounted, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useBus, useService } from "@web/core/utils/hooks";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";

/** What the user has to do today against what fits into a day. Asked again whenever the cards change. */
export class FollowupLoad extends Component {
    static template = "customer_success.FollowupLoad";
    static props = { model: Object };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ load: null });
        onMounted(() => this.refresh());
        useBus(this.props.model.bus, "update", () => this.refresh());
    }

    async refresh() {
        if (this.asking) {
            this.again = true;
            return;
        }
        this.asking = true;
        try {
            this.state.load = await this.orm.silent.call("customer.followup", "get_my_load", [], {
                context: user.context,
            });
        } catch {
            this.state.load = null; // a board without its bar is still a board
        }
        this.asking = false;
        if (this.again) {
            this.again = false;
            await this.refresh();
        }
    }

    /** Parts of the bar in percent of the day, or of the work where that is more. */
    get parts() {
        const { to_do, late, done, capacity } = this.state.load;
        const whole = Math.max(capacity, to_do + done, 1);
        const share = (count) => `width: ${(100 * count) / whole}%`;
        return { done: share(done), late: share(late), rest: share(to_do - late) };
    }
}

export class MyDayController extends KanbanController {
    static template = "customer_success.MyDayView";
    static components = { ...KanbanController.components, FollowupLoad };
}

const views = registry.category("views");
views.add("customer_followup_kanban", kanbanView);
views.add("customer_my_day_kanban", { ...kanbanView, Controller: MyDayController });
