import { registry } from "@web/core/registry";

const HIGH = ".o_field_widget[name=tier_ids] .o_data_row:nth-child(2)";

registry.category("web_tour.tours").add("customer_trial_tour", {
    steps: () => [
        {
            trigger: ".o_data_row:contains(Published) td[name=name]",
            run: "click",
        },
        {
            trigger: "button[name=action_new_version]",
            run: "click",
        },
        {
            content: "A draft says what it is for, and what trying it does",
            trigger: ".o_customer_policy_trial:contains(without changing anything)",
        },
        {
            content: "High is too easy to reach: raise it",
            trigger: `${HIGH} td[name=threshold]`,
            run: "click",
        },
        {
            trigger: `${HIGH} [name=threshold] input`,
            run: "edit 80",
        },
        {
            content: "Trying saves the draft first",
            trigger: ".o_customer_policy_try:contains(Try This Draft)",
            run: "click",
        },
        {
            content: "Nobody falls: three keep High by the margin",
            trigger: ".o_customer_trial_result:has([data-figure=down] span:contains(0))",
            timeout: 30000,
        },
        {
            trigger: ".o_customer_trial_margin:contains(3)",
        },
        {
            content: "So keep it down to less",
            trigger: `${HIGH} td[name=keep_threshold]`,
            run: "click",
        },
        {
            trigger: `${HIGH} [name=keep_threshold] input`,
            run: "edit 78",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "The result says that it is of another draft",
            trigger: ".o_customer_trial_outdated",
        },
        {
            trigger: ".o_customer_policy_try.btn-primary:contains(Try It Again)",
            run: "click",
        },
        {
            content: "Now three would fall",
            trigger:
                "body:not(:has(.o_customer_trial_outdated)) [data-figure=down] button:contains(3)",
            timeout: 30000,
        },
        {
            trigger: ".o_customer_trial_movers tbody:has(tr:nth-child(3)):contains(Great Once)",
        },
        {
            content: "Open them",
            trigger: ".o_customer_matrix_down button:contains(3)",
            run: "click",
        },
        {
            trigger: ".o_breadcrumb:contains(High → Medium: 3 customers)",
        },
        {
            trigger:
                ".o_list_view:has(.o_data_row:nth-child(3)):not(:has(.o_data_row:nth-child(4)))",
        },
        {
            trigger: ".o_data_row:contains(Big Once)",
        },
        {
            content: "Agreed: back to the draft, and publish it",
            trigger: ".o_back_button",
            run: "click",
        },
        {
            trigger: "button[name=action_ask_publish]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit High was too easy to reach",
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
            content: "Look at what came of it: three moved, as it was said",
            trigger: "body:not(:has(.modal)) button[name=action_open_publications]",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains(too easy) td[name=moved_count]:contains(3)",
        },
        {
            trigger: ".o_back_button",
            run: "click",
        },
        {
            content: "It was a mistake: one button takes it back",
            trigger: "button[name=action_revert]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit Too hard after all",
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
            trigger: "body:not(:has(.modal)) button[name=action_ask_publish]:contains(Again)",
        },
    ],
});
