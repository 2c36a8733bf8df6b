import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** A picture of one pixel, as a phone would send a larger one. */
function photo() {
    const bytes = atob(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
    );
    const content = Uint8Array.from(bytes, (sign) => sign.charCodeAt(0));
    return new File([content], "tiles.png", { type: "image/png" });
}

/** In Chinese nothing but names and numbers is written in Latin letters. */
function inOneLanguage(names) {
    return {
        content: "the page speaks one language",
        trigger: "#wrap",
        run: () => {
            if (!document.documentElement.lang.startsWith("zh")) {
                return;
            }
            const words = document.querySelector("#wrap").innerText.match(/[A-Za-z]{2,}/g) || [];
            const foreign = words.filter((word) => !names.includes(word));
            if (foreign.length) {
                throw new Error(`Not translated: ${foreign.join(" ")}`);
            }
        },
    };
}

const NAMES = ["Tiles", "broken", "All", "of", "them", "tiles", "png", "MB", "Tour", "Sent", "new"];

tours.add("customer_portal_ticket_tour", {
    steps: () => [
        {
            content: "complaints and suggestions",
            trigger: ".o_portal_docs a[href='/my/tickets']",
            run: "click",
            expectUnloadPage: true,
        },
        inOneLanguage(NAMES),
        {
            content: "tell something",
            trigger: ".o_customer_ticket_new",
            run: "click",
            expectUnloadPage: true,
        },
        inOneLanguage(NAMES),
        { content: "a complaint", trigger: "label[for=kind_complaint]", run: "click" },
        {
            content: "next",
            trigger: ".o_customer_ticket_about button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        inOneLanguage(NAMES),
        { content: "in one line", trigger: "#subject", run: "edit Tiles broken" },
        { content: "in own words", trigger: "#words", run: "edit All of them" },
        {
            content: "with a photo",
            trigger: "#files",
            run: () => {
                const files = new DataTransfer();
                files.items.add(photo());
                document.querySelector("#files").files = files.files;
            },
        },
        {
            content: "send",
            trigger: ".o_customer_ticket_say button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "it has a number", trigger: ".o_customer_received strong:contains('T')" },
        { content: "the photo is there", trigger: ".o_customer_ticket a:contains('tiles.png')" },
        inOneLanguage(NAMES),
        {
            content: "write something more",
            trigger: "#chatterRoot:shadow .o-mail-Composer-input",
            run: "edit The second pallet as well.",
        },
        {
            content: "send it",
            trigger: "#chatterRoot:shadow .o-mail-Composer button.o-mail-Composer-send:enabled",
            run: "click",
        },
        {
            content: "it is there",
            trigger:
                "#chatterRoot:shadow .o-mail-Message-body:contains('The second pallet as well.')",
        },
    ],
});

/** The stage's name in either language. */
function nowIn(english, chinese) {
    const current = ".o_statusbar_status .o_arrow_button_current";
    return {
        content: `now ${english}`,
        trigger: `${current}:contains('${english}'), ${current}:contains('${chinese}')`,
    };
}

function next() {
    return {
        content: "the next step",
        trigger: "button[name=action_next]:enabled",
        run: "click",
    };
}

const OPEN = {
    content: "open the ticket",
    trigger: ".o_kanban_record:contains('Tiles broken')",
    run: "click",
};

tours.add("customer_ticket_handle_tour", {
    steps: () => [
        OPEN,
        {
            content: "the photo is there",
            trigger: ".o_field_many2many_binary:contains('tiles.png')",
        },
        { content: "take it", trigger: "button[name=action_take]", run: "click" },
        next(),
        nowIn("Acknowledged", "已受理"),
        next(),
        nowIn("In Progress", "处理中"),
        { content: "what we did", trigger: ".nav-link[name=did]", run: "click" },
        {
            content: "write the solution",
            trigger: ".o_field_widget[name=solution] textarea",
            run: "edit Sent new tiles.",
        },
        { content: "save", trigger: ".o_form_button_save:enabled", run: "click" },
        next(),
        nowIn("Solved", "已解决"),
        {
            content: "the customer was told",
            trigger: ".o-mail-Message:contains('Sent new tiles.')",
        },
    ],
});

tours.add("customer_portal_solution_tour", {
    steps: () => [
        {
            content: "open the ticket",
            trigger: ".o_customer_tickets a:contains('Tiles broken')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "the solution is there",
            trigger: ".o_customer_solution:contains('Sent new tiles.')",
        },
        { content: "it may be taken up again", trigger: ".o_customer_reopen summary" },
        inOneLanguage(NAMES),
        { content: "neither good nor bad", trigger: "label[for=rate_3]", run: "click" },
        {
            content: "say so",
            trigger: "#ticket_rating button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "it is noted", trigger: ".o_customer_rated" },
        inOneLanguage(NAMES),
    ],
});

tours.add("customer_ticket_return_visit_tour", {
    steps: () => [
        OPEN,
        { content: "the return visit", trigger: ".nav-link[name=return_visit]", run: "click" },
        {
            content: "all is well",
            trigger: ".o_field_widget[name=return_visit_outcome] input[data-value=happy]",
            run: "click",
        },
        { content: "save", trigger: ".o_form_button_save:enabled", run: "click" },
        next(),
        nowIn("Confirmed", "已确认"),
        next(),
        nowIn("Closed", "已关闭"),
    ],
});
