import { registry } from "@web/core/registry";

const dialog = ".o_customer_past_day";

registry.category("web_tour.tours").add("customer_past_day_tour", {
    steps: () => [
        {
            content: "ask for another day",
            trigger: "button[name=action_open_past_day]",
            run: "click",
        },
        {
            content: "last month's end is before the log begins, and it says so",
            trigger: `${dialog} [data-reading=known]:contains('Not known')`,
        },
        {
            content: "the documents say what it would have been",
            trigger: `${dialog} [data-reading=now] [data-kind=tier] .o_customer_receipt_total`,
        },
        {
            content: "the next month's end is still to come: today instead",
            trigger: `${dialog} button[aria-label='End of the next month']`,
            run: "click",
        },
        {
            content: "today both readings agree",
            trigger: `${dialog} [role=status]:contains('agree')`,
        },
        {
            content: "there is no later day",
            trigger: `${dialog} button[aria-label='End of the next month']:disabled`,
        },
        {
            content: "back by the keyboard",
            trigger: `${dialog} [data-reading=known]`,
            run: "press PageUp",
        },
        {
            content: "which is last month again",
            trigger: `${dialog} [data-reading=known]:contains('Not known')`,
        },
    ],
});

registry.category("web_tour.tours").add("customer_migration_tour", {
    steps: () => [
        {
            content: "two customers stayed where they are",
            trigger: ".o_customer_migration .o_customer_matrix_stayed button",
        },
        {
            content: "judge them again",
            trigger: ".o_customer_migration button:contains('documents say now')",
            run: "click",
        },
        {
            content: "which gives the same",
            trigger: ".o_customer_migration .alert-success:contains('agree')",
        },
        {
            content: "open a cell",
            trigger: ".o_customer_migration .o_customer_matrix_stayed button",
            run: "click",
        },
        { content: "its customers", trigger: ".o_list_view .o_data_row:contains('Tour')" },
    ],
});
