import { Component, onWillStart } from "@odoo/owl";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";

/**
 * "Save as segment", beside "Save current search" in the search menu of Customers.
 *
 * The search goes to the server unevaluated, which refuses what depends on who looks ("My Customers")
 * and says how to mend it.
 */
export class SaveAsSegment extends Component {
    static template = "customer_success.SaveAsSegment";
    static components = { DropdownItem };
    static props = {};

    setup() {
        this.action = useService("action");
        onWillStart(async () => {
            this.allowed = await user.hasGroup("customer_success.group_customer_all");
        });
    }

    async save() {
        const search = this.env.searchModel.domainString;
        // Not by useService: the menu closes now, and a closed component hears no answer.
        const { orm } = this.env.services;
        const action = await orm.call("customer.segment", "action_save_search", [search]);
        this.action.doAction(action);
    }
}

registry.category("favoriteMenu").add(
    "customer-save-as-segment",
    {
        Component: SaveAsSegment,
        groupNumber: 3,
        isDisplayed: ({ searchModel }) => searchModel.resModel === "customer.profile",
    },
    { sequence: 10 }
);
