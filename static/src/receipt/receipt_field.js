import { Component, markup } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * A receipt as the server wrote it, in which each number that names an action of the record
 * (`data-customer-action`) is a button that calls it: what the number was made from opens.
 */
export class CustomerReceiptField extends Component {
    static template = "customer_success.CustomerReceiptField";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
    }

    get receipt() {
        const receipt = new DOMParser().parseFromString(
            this.props.record.data[this.props.name] || "",
            "text/html"
        );
        for (const number of receipt.querySelectorAll("[data-customer-action]")) {
            const button = receipt.createElement("button");
            button.type = "button";
            button.className = `${number.className} btn btn-link o_customer_open`;
            button.dataset.customerAction = number.dataset.customerAction;
            button.append(...number.childNodes);
            number.replaceWith(button);
        }
        return markup(receipt.body.innerHTML);
    }

    onClick(ev) {
        const button = ev.target.closest("button[data-customer-action]");
        if (!button) {
            return;
        }
        const { resModel, resId, context } = this.props.record;
        return this.action.doActionButton({
            type: "object",
            name: button.dataset.customerAction,
            resModel,
            resId,
            resIds: [resId],
            context,
        });
    }
}

registry.category("fields").add("customer_receipt", {
    component: CustomerReceiptField,
    displayName: _t("Receipt whose numbers open"),
    supportedTypes: ["html"],
});
