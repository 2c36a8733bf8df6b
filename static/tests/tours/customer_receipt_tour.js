import { registry } from "@web/core/registry";

const frequency = "button[data-customer-action=action_open_window_purchases]";
const invoices = ".o_list_view .o_data_row .o_data_cell:contains('INV/')";
const back = {
    content: "back to the customer",
    trigger: ".breadcrumb-item:not(.active):contains('Receipt Builders'), .o_back_button",
    run: "click",
};

registry.category("web_tour.tours").add("customer_receipt_tour", {
    steps: () => [
        {
            content: "a number of the receipt is a button that the keyboard reaches",
            trigger: `.o_customer_receipt ${frequency}`,
            run() {
                this.anchor.focus();
                if (document.activeElement !== this.anchor || this.anchor.tabIndex < 0) {
                    throw new Error("the number cannot be focused");
                }
            },
        },
        { content: "press it", trigger: `.o_customer_receipt ${frequency}:focus`, run: "click" },
        { content: "its purchases open", trigger: invoices },
        back,
        {
            content: "the policy's name opens the policy",
            trigger: "button[data-customer-action=action_open_policy]:contains('version')",
            run: "click",
        },
        {
            content: "it is the policy",
            trigger:
                ".o_form_view .o_field_widget[name=cut_ids], .o_form_view .o_field_widget[name=money_cut_ids], .o_form_view .o_field_widget[name=window_days]",
        },
        back,
        { content: "unfold the stage", trigger: ".o_notebook a[name=lifecycle]", run: "click" },
        {
            content: "the log of moves opens",
            trigger: ".o_customer_receipt button[data-customer-action=action_open_transitions]",
            run: "click",
        },
        { content: "with the first move", trigger: ".o_list_view .o_data_row" },
    ],
});
