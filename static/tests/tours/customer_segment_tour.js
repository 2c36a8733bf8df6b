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
            content: "what there is of customers",
            trigger: "[data-menu-xmlid='customer_success.customer_profile_menu']",
            run: "click",
        },
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
        {
            content: "under its name",
            trigger: ".o_breadcrumb .o_last_breadcrumb_item:contains('Bought long ago')",
        },
        {
            content: "the silent one is there",
            trigger: ".o_list_view .o_data_row:contains('Tour Silent')",
        },
        {
            content: "the other is not",
            trigger: ".o_list_view:not(:contains('Tour Active'))",
        },
        {
            content: "in all contacts, the search bar knows segments too",
            trigger: ".o_searchview_input",
            run: "edit Bought long",
        },
        {
            content: "choose it",
            trigger: ".o_searchview_autocomplete .o-dropdown-item:contains('Customer Segments')",
            run: "click",
        },
        {
            content: "it is a filter",
            trigger: ".o_facet_value:contains('Bought long')",
        },
        {
            content: "that finds the same",
            trigger: ".o_list_view .o_data_row:contains('Tour Silent')",
        },
    ],
});
