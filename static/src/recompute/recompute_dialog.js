import { Component, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { formatInteger } from "@web/views/fields/formatters";

const ENDED = ["done", "failed", "superseded"];
const FIELDS = [
    "company_id",
    "state",
    "progress",
    "read_count",
    "changed_count",
    "moved_count",
    "error",
];
/** How long to leave another worker alone that computes the same company, in milliseconds. */
const PAUSE = 700;

/**
 * Computes every customer and shows how far it is.
 *
 * Each request computes for about two seconds, so that none lasts long; the runs themselves stand in
 * the ledger. Closing the dialog, or the tab, loses nothing: the scheduled action goes on.
 */
export class RecomputeDialog extends Component {
    static template = "customer_success.RecomputeDialog";
    static components = { Dialog };
    static props = {
        runIds: { type: Array, element: Number, optional: true },
        close: Function,
    };
    static defaultProps = { runIds: [] };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.companies = user.allowedCompanies;
        this.state = useState({
            phase: "choose", // choose, work, ended
            allCompanies: false,
            runs: [],
            problem: "",
        });
        onWillStart(async () => {
            if (this.props.runIds.length) {
                await this.watch(this.props.runIds);
            }
        });
        onWillUnmount(() => {
            this.gone = true;
        });
    }

    get title() {
        return {
            choose: _t("Recompute Customers"),
            work: _t("Computing Customers"),
            ended: this.failed ? _t("Computation Failed") : _t("Customers Are Computed"),
        }[this.state.phase];
    }

    get failed() {
        return Boolean(this.state.problem) || this.state.runs.some((run) => run.state === "failed");
    }

    get allCompanies() {
        return _t("All my %(count)s companies", { count: this.companies.length });
    }

    counts(run) {
        return _t(
            "%(read)s customers read, %(changed)s changed, %(moved)s moves between tiers or stages",
            {
                read: formatInteger(run.read_count),
                changed: formatInteger(run.changed_count),
                moved: formatInteger(run.moved_count),
            }
        );
    }

    get activeCompany() {
        return user.activeCompany.name;
    }

    /** Every allowed company, whichever are ticked at the moment. */
    get context() {
        const ids = [user.activeCompany.id, ...this.companies.map((company) => company.id)];
        return { allowed_company_ids: [...new Set(ids)] };
    }

    async start() {
        const kwargs = { all_companies: this.state.allCompanies, context: this.context };
        try {
            await this.watch(await this.orm.call("customer.run", "start_full", [], kwargs));
        } catch (error) {
            this.stopWith(error);
        }
    }

    async watch(ids) {
        this.state.phase = "work";
        try {
            this.state.runs = await this.orm.read("customer.run", ids, FIELDS, {
                context: this.context,
            });
        } catch (error) {
            return this.stopWith(error);
        }
        this.work(); // not awaited: the dialog shows its progress
    }

    async work() {
        for (const run of this.state.runs) {
            while (!this.gone && !ENDED.includes(run.state)) {
                const before = run.read_count;
                try {
                    const args = [[run.id]];
                    Object.assign(
                        run,
                        await this.orm.silent.call("customer.run", "action_step", args, {
                            context: this.context,
                        })
                    );
                } catch (error) {
                    return this.stopWith(error);
                }
                if (!ENDED.includes(run.state) && run.read_count === before) {
                    await new Promise((resolve) => browser.setTimeout(resolve, PAUSE));
                }
            }
        }
        if (!this.gone) {
            this.state.phase = "ended";
        }
    }

    stopWith(error) {
        this.state.problem = error.data?.message || error.message || String(error);
        this.state.phase = "ended";
    }

    openLedger() {
        this.props.close();
        this.action.doAction("customer_success.customer_run_action", { clearBreadcrumbs: false });
    }
}

/**
 * Client action: opens the dialog, on the runs of `params.run_ids` or on a choice of companies.
 *
 * With `params.instead_of_dialog` the dialog that asked for the runs closes first, which has the form
 * behind it read again.
 */
async function recompute(env, action, options = {}) {
    if (action.params?.instead_of_dialog) {
        await env.services.action.doAction({ type: "ir.actions.act_window_close" });
    }
    env.services.dialog.add(
        RecomputeDialog,
        { runIds: action.params?.run_ids || [] },
        { onClose: () => options.onClose?.() }
    );
}

registry.category("actions").add("customer_success.recompute", recompute);
