import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("customer_segment_tour", {
    steps: () => [
        {
            content: "search for customers",
            trigger: ".o_searchview_input",
            run: "edit Tour Silent",
        },
        { content: "by name", trigger: ".o_searchview_input", run: "press Enter" },
        { content: "as a filter", trigger: ".o_facet_value:contains('Tour Silent')" },
        {
            content: "open the search menu",
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        { content: "save as segment", trigger: ".o_customer_save_segment", run: "click" },
        {
            content: "it says how many they are",
            trigger: ".modal .o_field_widget[name=customer_count]:contains('1')",
        },
        {
            content: "name it",
            trigger: ".modal .o_field_widget[name=name] input",
            run: "edit Bought long ago",
        },
        { content: "save", trigger: ".modal .o_customer_segment_confirm", run: "click" },
        { content: "the dialog is gone", trigger: "body:not(:has(.modal))" },
        {
            content: "open the segments",
            trigger: "[data-menu-xmlid='customer_success.customer_segment_menu']",
            run: "click",
        },
        {
            content: "it is there; open it",
            trigger: ".o_kanban_record:contains('Bought long ago')",
            run: "click",
        },
        {
            content: "go to its contacts",
            trigger: "button[name=action_open_contacts]",
            run: "click",
        },
        { content: "filtered by it", trigger: ".o_facet_value:contains('Bought long ago')" },
        { content: "the silent one is there", trigger: ".o_kanban_record:contains('Tour Silent')" },
        {
            content: "the other is not",
            trigger: ".o_content:not(:contains('Tour Active'))",
        },
    ],
});
