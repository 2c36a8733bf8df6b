import { registry } from "@web/core/registry";

const column = (name) => `.o_kanban_group:contains('${name}')`;
const card = (name) => `.o_kanban_record:contains('${name}')`;

registry.category("web_tour.tours").add("customer_my_day_tour", {
    steps: () => [
        {
            content: "the bar says what there is to do",
            trigger: ".o_customer_load:contains('To do 2')",
        },
        { content: "both cards are to do", trigger: `${column("To Do")} ${card("Tour Caller")}` },
        {
            content: "it says why now",
            trigger: `${card("Tour Caller")}:contains('Planned by hand')`,
        },
        {
            content: "come to the button for calls",
            trigger: `${card("Tour Caller")} button[name=action_log_call]`,
            run() {
                this.anchor.focus();
            },
        },
        {
            content: "log a call, by keyboard",
            trigger: `${card("Tour Caller")} button[name=action_log_call]:focus`,
            run: "press Enter",
        },
        {
            content: "the next date is proposed",
            trigger:
                ".modal .o_field_widget[name=next_date] input, .modal .o_field_widget[name=next_date] button",
            run() {
                const text = this.anchor.value || this.anchor.textContent;
                if (!/\d/.test(text)) {
                    throw new Error(`no next date was proposed: “${text}”`);
                }
            },
        },
        {
            content: "the pointer stands in the note: write",
            trigger: ".modal .o_field_widget[name=note] textarea:focus",
            run: "edit Will order on Thursday",
        },
        { content: "log it by its key", trigger: ".modal", run: "press Alt+q" },
        { content: "the dialog is gone", trigger: "body:not(:has(.modal))" },
        {
            content: "the card has moved out of To Do",
            trigger: `${column("To Do")}:not(:contains('Tour Caller'))`,
        },
        {
            content: "the bar has counted it",
            trigger: ".o_customer_load:contains('Done 1'):contains('To do 1')",
        },
        {
            content: "drag the other card",
            trigger: `${column("To Do")} ${card("Tour Dragger")}`,
            run: `drag_and_drop ${column("Waiting")}`,
        },
        {
            content: "it is there",
            trigger: `${column("Waiting")} ${card("Tour Dragger")}`,
        },
    ],
});
