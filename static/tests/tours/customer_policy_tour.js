import { registry } from "@web/core/registry";

const HIGH = ".o_field_widget[name=tier_ids] .o_data_row:nth-child(2)";

registry.category("web_tour.tours").add("customer_policy_tour", {
    steps: () => [
        {
            content: "Open the published policy",
            trigger: ".o_data_row:contains(Published) td[name=name]",
            run: "click",
        },
        {
            content: "It says that it is published and cannot be edited",
            trigger:
                ".o_customer_policy_published:contains(every customer is judged by this version)",
        },
        {
            trigger: ".o_field_widget[name=window_days].o_readonly_modifier",
        },
        {
            content: "The one next step is a new version",
            trigger: "button[name=action_new_version]",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains(Draft)",
        },
        {
            content: "Raise High above Key",
            trigger: `${HIGH} td[name=threshold]`,
            run: "click",
        },
        {
            trigger: `${HIGH} [name=threshold] input`,
            run: "edit 95",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "It is refused, with the way to mend it",
            trigger:
                ".modal:contains(the tier above it, Key, starts from 90. Set High lower than 90)",
        },
        {
            trigger: ".modal button:contains(Close)",
            run: "click",
        },
        {
            content: "Mend it",
            trigger: `body:not(:has(.modal)) ${HIGH} td[name=threshold]`,
            run: "click",
        },
        {
            trigger: `${HIGH} [name=threshold] input`,
            run: "edit 80",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "It is saved",
            trigger: ".o_form_saved",
        },
        {
            trigger: "button[name=action_ask_publish]",
            run: "click",
        },
        {
            content: "What publishing does is said before it is done",
            trigger: ".modal:contains(keeps the tier as long as) .modal-title:contains(Publish)",
        },
        {
            content: "It asks why",
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit High was too easy to reach",
        },
        {
            trigger: ".modal footer button[name=action_apply]:contains(Publish)",
            run: "click",
        },
        {
            content: "Everybody is computed",
            trigger: ".o_customer_recompute [data-run-state=done]",
            timeout: 30000,
        },
        {
            trigger: ".o_customer_recompute_close",
            run: "click",
        },
        {
            content: "The new version is the published one",
            trigger: "body:not(:has(.modal)) .o_customer_policy_published",
        },
        {
            trigger: `${HIGH} td[name=threshold]:contains(80)`,
        },
        {
            content: "What changed",
            trigger: "button[name=action_compare]",
            run: "click",
        },
        {
            trigger:
                ".o_customer_comparison:not(:contains(Wait before)) tr:contains(High from score):contains(75):contains(80)",
        },
        {
            content: "All rules",
            trigger: ".o_field_widget[name=show_all] input",
            run: "click",
        },
        {
            trigger: ".o_customer_comparison tr:contains(Wait before)",
        },
        {
            trigger: ".o_breadcrumb .o_back_button, .o_back_button",
            run: "click",
        },
        {
            content: "Go back to the version before",
            trigger: "button[name=action_revert]:contains(Go Back To Version)",
            run: "click",
        },
        {
            content: "It says that going back does not undo moves",
            trigger: ".modal:contains(Going back does not take back)",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit It was right before",
        },
        {
            trigger: ".modal footer button[name=action_apply]:contains(Publish)",
            run: "click",
        },
        {
            trigger: ".o_customer_recompute [data-run-state=done]",
            timeout: 30000,
        },
        {
            trigger: ".o_customer_recompute_close",
            run: "click",
        },
        {
            content: "This version is history, and can be published again",
            trigger: "body:not(:has(.modal)) button[name=action_ask_publish]:contains(Again)",
        },
        {
            content: "The log tells of it",
            trigger: "button[name=action_open_publications]",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains(High was too easy to reach)",
        },
        {
            trigger: ".o_back_button",
            run: "click",
        },
        {
            content: "Both versions are kept",
            trigger: "button[name=action_open_versions]",
            run: "click",
        },
        {
            trigger:
                ".o_list_view:has(.o_data_row:contains(Published)) .o_data_row:contains(Archived)",
        },
    ],
});

registry.category("web_tour.tours").add("customer_recompute_tour", {
    steps: () => [
        {
            trigger: ".o_data_row",
        },
        {
            content: "Recompute from the ledger",
            trigger: ".o_control_panel button:contains(Recompute)",
            run: "click",
        },
        {
            content: "Choose all companies",
            trigger: "#customer_recompute_all",
            run: "click",
        },
        {
            trigger: ".o_customer_recompute_start",
            run: "click",
        },
        {
            content: "Each company is computed",
            trigger: ".o_customer_recompute:has([data-run-state=done] ~ [data-run-state=done])",
            timeout: 30000,
        },
        {
            content: "The ledger has the new lines when the dialog closes",
            trigger: ".o_customer_recompute_close",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_data_row:nth-child(2):contains(Done)",
        },
        {
            trigger: ".o_data_row:nth-child(1):contains(Tour One) td[name=kind]",
            run: "click",
        },
        {
            content: "A line says where the time went",
            trigger: ".o_field_customer_run_seconds:contains(Reading documents)",
        },
    ],
});

registry.category("web_tour.tours").add("customer_freshness_tour", {
    steps: () => [
        {
            content: "The list says when its numbers were computed",
            trigger: ".o_list_view .o_customer_freshness[data-freshness=fresh]",
            run: "click",
        },
        {
            trigger: ".o_customer_freshness_recompute",
            run: "click",
        },
        {
            trigger: ".o_customer_recompute_start",
            run: "click",
        },
        {
            trigger: ".o_customer_recompute [data-run-state=done]",
            timeout: 30000,
        },
        {
            trigger: ".o_customer_recompute_close",
            run: "click",
        },
        {
            content: "Pivot and graph say it too",
            trigger: "body:not(:has(.modal)) .o_switch_view.o_pivot",
            run: "click",
        },
        {
            trigger: ".o_pivot_view .o_customer_freshness[data-freshness=fresh]",
        },
        {
            trigger: ".o_switch_view.o_graph",
            run: "click",
        },
        {
            trigger: ".o_graph_view .o_customer_freshness[data-freshness=fresh]",
        },
        {
            content: "From the badge to the ledger",
            trigger: ".o_customer_freshness",
            run: "click",
        },
        {
            trigger: ".o_customer_freshness_ledger",
            run: "click",
        },
        {
            trigger: ".o_breadcrumb:contains(Computations)",
        },
    ],
});
