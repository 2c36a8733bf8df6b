import { registry } from "@web/core/registry";

const card = ".o_kanban_record:contains('Tour Builders')";

registry.category("web_tour.tours").add("customer_profile_tour", {
    steps: () => [
        { content: "the board is by tier", trigger: ".o_kanban_group:contains('Key')" },
        { content: "how long it has been silent", trigger: `${card}:contains('5 days, usually')` },
        { content: "open the customer", trigger: card, run: "click" },
        {
            content: "ask why it has this stage",
            trigger: ".o_customer_standing_item:contains('Stage') .o_customer_why",
            run: "click",
        },
        {
            content: "the stage's evidence unfolds",
            trigger: ".o_customer_receipt:contains('it usually buys every')",
        },
        {
            content: "ask why it has this tier",
            trigger: ".o_customer_standing_item:contains('Tier') .o_customer_why",
            run: "click",
        },
        {
            content: "the receipt adds up to a score",
            trigger: ".o_customer_receipt_total:contains('Score')",
        },
        {
            content: "open the documents it was made from",
            trigger: "button[data-customer-action=action_open_window_sales]",
            run: "click",
        },
        {
            content: "they are invoices",
            trigger: ".o_list_view .o_data_row .o_data_cell:contains('INV/')",
        },
        {
            content: "back to the customer",
            trigger: ".breadcrumb-item:not(.active):contains('Tour Builders'), .o_back_button",
            run: "click",
        },
        { content: "set by hand", trigger: "button[name=action_set_by_hand]", run: "click" },
        {
            content: "as key account",
            trigger: ".modal .o_field_widget[name=tier_id] label:contains('Key')",
            run: "click",
        },
        {
            content: "with a reason",
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit Signed a yearly contract",
        },
        { content: "apply", trigger: ".modal button[name=action_apply]", run: "click" },
        {
            content: "the tier is the chosen one",
            trigger: ".o_customer_standing_item:contains('Tier') .badge:contains('Key')",
        },
        { content: "look at the history", trigger: ".o_notebook a[name=history]", run: "click" },
        {
            content: "it is written there with its reason",
            trigger:
                ".o_field_widget[name=transition_ids] .o_data_row:contains('Signed a yearly contract')",
        },
        {
            content: "open the change",
            trigger:
                ".o_field_widget[name=transition_ids] .o_data_row:contains('Signed a yearly contract') .o_data_cell:first",
            run: "click",
        },
        {
            content: "with the figures of that time",
            trigger: ".modal .o_customer_receipt:contains('Last purchase')",
        },
    ],
});

registry.category("web_tour.tours").add("customer_profile_drag_tour", {
    steps: () => [
        {
            content: "drag a card to another tier",
            trigger: card,
            run: "drag_and_drop (.o_kanban_renderer .o_kanban_group:has(.o_column_title:contains('Key')))",
        },
        {
            content: "it asks for the reason of a choice by hand",
            trigger: ".modal .o_field_widget[name=reason] input",
        },
        {
            content: "the tier is the column it was dropped on",
            trigger:
                ".modal .o_field_widget[name=tier_id] .o_radio_item:contains('Key') input:checked",
        },
        {
            content: "think again",
            trigger: ".modal button[special=cancel], .modal .o_form_button_cancel",
            run: "click",
        },
        { content: "nothing is open any more", trigger: "body:not(:has(.modal))" },
        {
            content: "the card is where it was",
            trigger: `.o_kanban_group:not(:has(.o_column_title:contains('Key'))) ${card}`,
        },
    ],
});
