import { Component, markup, onWillStart, useExternalListener, useState } from "@odoo/owl";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { Dialog } from "@web/core/dialog/dialog";
import { deserializeDate, formatDate, serializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";

/**
 * What a customer was on another day: as known then, and as its documents say now.
 *
 * Page Up and Page Down go from month-end to month-end, the arrow keys from day to day.
 */
export class PastDayDialog extends Component {
    static template = "customer_success.PastDayDialog";
    static components = { Dialog, DateTimeInput };
    static props = {
        profileId: Number,
        name: String,
        close: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ day: null, past: null, problem: "" });
        this.asked = 0;
        useExternalListener(window, "keydown", (ev) => this.onKeydown(ev), { capture: true });
        onWillStart(() => this.load());
    }

    get title() {
        return _t("%s on another day", this.props.name);
    }

    get readings() {
        const { known, now } = this.state.past;
        return [
            { key: "known", title: _t("As known then"), icon: "fa-history", kinds: known },
            { key: "now", title: _t("As the documents say now"), icon: "fa-refresh", kinds: now },
        ];
    }

    get kinds() {
        return [
            { key: "tier", title: _t("Tier") },
            { key: "stage", title: _t("Stage") },
        ];
    }

    get notLogged() {
        return _t("Not known: customers are computed since %s.", this.state.past.begin);
    }

    get dayText() {
        return formatDate(this.state.day);
    }

    get maxDate() {
        return deserializeDate(this.state.past.today);
    }

    get isToday() {
        return this.state.day >= this.maxDate;
    }

    more(count) {
        return _t("and %s more", count);
    }

    /** Shows a day; of several asked for in a row only the last one is shown. */
    async load(day) {
        const asked = ++this.asked;
        const args = [[this.props.profileId], day ? serializeDate(day) : false];
        try {
            const past = await this.orm.call("customer.profile", "get_past_day", args);
            if (asked !== this.asked) {
                return;
            }
            for (const reading of [past.known, past.now]) {
                for (const kind of Object.values(reading)) {
                    kind.evidence = kind.evidence && markup(kind.evidence);
                }
            }
            Object.assign(this.state, { past, day: deserializeDate(past.day), problem: "" });
        } catch (error) {
            this.state.problem = error.data?.message || error.message || String(error);
        }
    }

    go(day) {
        if (day) {
            this.load(day > this.maxDate ? this.maxDate : day);
        }
    }

    /** The end of the month before or after; a day within a month goes to that month's end first. */
    month(step) {
        const day = this.state.day;
        const end = day.endOf("month").startOf("day");
        if (step > 0) {
            this.go(day < end ? end : day.plus({ months: 1 }).endOf("month").startOf("day"));
        } else {
            this.go(day.minus({ months: 1 }).endOf("month").startOf("day"));
        }
    }

    onKeydown(ev) {
        const typing = ev.target.closest?.("input, .o_datetime_picker, .dropdown-menu");
        const move = {
            PageUp: () => this.month(-1),
            PageDown: () => this.month(1),
            ArrowLeft: () => this.go(this.state.day.minus({ days: 1 })),
            ArrowRight: () => this.go(this.state.day.plus({ days: 1 })),
        }[ev.key];
        if (move && !typing && this.state.past && !ev.altKey && !ev.ctrlKey && !ev.metaKey) {
            ev.preventDefault();
            ev.stopPropagation();
            move();
        }
    }

    openEntry(id) {
        this.props.close();
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "customer.transition",
            res_id: id,
            views: [[false, "form"]],
        });
    }

    openDocuments(reason, id) {
        this.props.close();
        this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Documents of %s", this.props.name),
            res_model: reason.model,
            ...(id
                ? { res_id: id, views: [[false, "form"]] }
                : {
                      domain: [["id", "in", reason.ids]],
                      views: [
                          [false, "list"],
                          [false, "form"],
                      ],
                  }),
        });
    }
}

function pastDay(env, action, options = {}) {
    const { profile_id: profileId, name } = action.params;
    env.services.dialog.add(
        PastDayDialog,
        { profileId, name },
        { onClose: () => options.onClose?.() }
    );
}

registry.category("actions").add("customer_success.past_day", pastDay);
