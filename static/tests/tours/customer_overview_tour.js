import { registry } from "@web/core/registry";

const back = {
    content: "back to the overview",
    trigger: ".breadcrumb-item a:contains('Overview'), .o_back_button",
    run: "click",
};
const rows = (count) => `.o_list_view:has(.o_data_row:count(${count}))`;

registry.category("web_tour.tours").add("customer_overview_tour", {
    steps: () => [
        {
            content: "three of five customers are nobody's",
            trigger: ".o_customer_overview_tile[data-tile=unmanaged]:contains('3')",
            run: "click",
        },
        { content: "these three are listed", trigger: rows(3) },
        back,
        {
            content: "one moved between tiers this month",
            trigger: ".o_customer_overview [data-way=up]:contains('1 moved up')",
            run: "click",
        },
        {
            content: "by name",
            trigger: `${rows(1)} .o_data_row:contains('Overview 0')`,
        },
        back,
        {
            content: "into the stage Lost came one",
            trigger: "[data-stage=lost] .o_customer_overview_entered:contains('1')",
            run: "click",
        },
        {
            content: "the change has its reason",
            trigger: ".o_list_view .o_data_row:contains('Closed its shop')",
        },
        back,
        {
            content: "the cell of the matrix",
            trigger: ".o_customer_overview .o_customer_matrix_up button:contains('1')",
            run: "click",
        },
        { content: "opens the same customer", trigger: rows(1) },
        back,
        {
            content: "the largest customer",
            trigger: ".o_customer_overview_top[data-top='1']",
            run: "click",
        },
        { content: "is one", trigger: rows(1) },
        back,
        {
            content: "my customers alone",
            trigger: ".o_customer_overview_mine",
            run: "click",
        },
        {
            content: "are two",
            trigger: ".o_customer_overview_tile[data-tile=customers]:contains('2')",
            run: "click",
        },
        { content: "who are listed", trigger: rows(2) },
        back,
        {
            content: "the choice is still the same after coming back",
            trigger: ".o_customer_overview_mine.active",
        },
        {
            content: "who is at risk, and why",
            trigger: ".o_customer_overview_risk:contains('Closed its shop')",
            run: "click",
        },
        {
            content: "the customer",
            trigger: ".o_form_view .o_customer_standing_item:contains('Lost')",
        },
    ],
});

registry.category("web_tour.tours").add("customer_overview_empty_tour", {
    steps: () => [
        {
            content: "it says what will be here, and how",
            trigger: ".o_customer_overview_empty:contains('Post a customer invoice')",
        },
        { content: "my customers", trigger: ".o_customer_overview_mine", run: "click" },
        {
            content: "it says how a customer becomes mine",
            trigger: ".o_customer_overview_empty:contains('No customer is yours yet')",
        },
    ],
});
