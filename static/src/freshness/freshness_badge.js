import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { useDropdownState } from "@web/core/dropdown/dropdown_hooks";
import {
    deserializeDate,
    deserializeDateTime,
    formatDate,
    formatDateTime,
    toLocaleDateString,
} from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { rpcBus } from "@web/core/network/rpc";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { RecomputeDialog } from "@customer_success/recompute/recompute_dialog";

const { DateTime } = luxon;

/** How often the badge asks again, in milliseconds: while a run goes, and otherwise. */
const WHILE_RUNNING = 3000;
const OTHERWISE = 60000;

const LOOKS = {
    fresh: { icon: "fa-check-circle", tone: "text-success" },
    running: { icon: "fa-refresh fa-spin", tone: "text-info" },
    late: { icon: "fa-exclamation-triangle", tone: "text-danger" },
    failed: { icon: "fa-times-circle", tone: "text-danger" },
    never: { icon: "fa-clock-o", tone: "text-warning" },
};

/**
 * When the numbers on a screen were computed, and what to do when that is too long ago.
 *
 * It speaks of the active company. It never delays the screen it stands on, since it asks only after
 * it was mounted. `onFresh` is called when new figures are there, by screens without a search model.
 */
export class FreshnessBadge extends Component {
    static template = "customer_success.FreshnessBadge";
    static components = { Dropdown };
    static props = { onFresh: { type: Function, optional: true } };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.card = useDropdownState();
        this.state = useState({ data: null, mayRecompute: false });
        onMounted(async () => {
            this.state.mayRecompute = await user.hasGroup("customer_success.group_customer_all");
            await this.refresh();
        });
        onWillUnmount(() => {
            this.gone = true;
            browser.clearTimeout(this.timer);
        });
    }

    /** Ask again now, and later by itself. A failed question hides the badge, nothing else. */
    async refresh() {
        browser.clearTimeout(this.timer);
        let data = null;
        try {
            data = await this.orm.silent.call("customer.run", "get_freshness", []);
        } catch {
            // no right to see customers, or no network: other parts of the screen say so
        }
        if (this.gone) {
            return;
        }
        if (this.state.data?.state === "running" && data && data.state !== "running") {
            this.reloadScreen();
        }
        this.state.data = data;
        const delay = data?.state === "running" ? WHILE_RUNNING : OTHERWISE;
        this.timer = browser.setTimeout(() => this.refresh(), delay);
    }

    /** Show the numbers that a run which just ended has written. */
    reloadScreen() {
        rpcBus.trigger("CLEAR-CACHES", ["web_read", "web_search_read", "web_read_group"]);
        this.env.searchModel?.trigger("update");
        this.props.onFresh?.();
    }

    get look() {
        return LOOKS[this.state.data.state];
    }

    get short() {
        const { state, progress, waiting } = this.state.data;
        switch (state) {
            case "failed":
                return _t("Computation failed");
            case "never":
                return _t("Not computed yet");
            case "running":
                return progress
                    ? _t("Computing %(percent)s %", { percent: Math.floor(progress) })
                    : _t("Computing");
            case "late":
                return _t("Late: computed %(when)s", { when: this.when });
        }
        const words = { when: this.when, day: this.day, waiting };
        return waiting
            ? _t("Computed %(when)s, as of %(day)s · %(waiting)s waiting", words)
            : _t("Computed %(when)s, as of %(day)s", words);
    }

    /** A time of today, or a day and a time. */
    get when() {
        const at = deserializeDateTime(this.state.data.computed_at);
        return at.hasSame(DateTime.local(), "day")
            ? at.toLocaleString(DateTime.TIME_SIMPLE)
            : at.toLocaleString({
                  month: "short",
                  day: "numeric",
                  hour: "numeric",
                  minute: "2-digit",
              });
    }

    get day() {
        return toLocaleDateString(deserializeDate(this.state.data.as_of));
    }

    get computedAt() {
        return formatDateTime(deserializeDateTime(this.state.data.computed_at));
    }

    get asOf() {
        return formatDate(deserializeDate(this.state.data.as_of));
    }

    get explanation() {
        return {
            fresh: this.state.data.waiting
                ? _t("These figures are up to date, but for the customers counted below.")
                : _t("These figures are up to date."),
            running: _t("The figures are being computed. Those shown are from the run before."),
            late: _t(
                "The nightly computation did not run when it should have. An administrator may " +
                    "look at the scheduled actions; computing now helps until then."
            ),
            failed: _t(
                "The last computation failed. The figures shown are from the one before, and " +
                    "stay as they are until a computation succeeds."
            ),
            never: _t("No figures have been computed for this company yet."),
        }[this.state.data.state];
    }

    openLedger() {
        this.card.close();
        this.action.doAction("customer_success.customer_run_action");
    }

    recompute() {
        this.card.close();
        const { state, run_id: runId } = this.state.data;
        this.dialog.add(
            RecomputeDialog,
            { runIds: state === "running" ? [runId] : [] },
            {
                onClose: () => {
                    this.reloadScreen();
                    this.refresh();
                },
            }
        );
    }
}
