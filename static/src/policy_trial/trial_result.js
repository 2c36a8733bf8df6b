import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { formatMonetary } from "@web/views/fields/formatters";
import { TierMatrix } from "../tier_matrix/tier_matrix";
import { CutHistogram } from "./cut_histogram";

const AXES = {
    recency: _t("Recency"),
    frequency: _t("Frequency"),
    money: _t("Money"),
};
const UNITS = {
    days: _t("days since the last purchase"),
    rhythm: _t("silence, in the customer's own intervals"),
    frequency: _t("days with a purchase in the window"),
    money: _t("net revenue in the window"),
};
const SUGGESTIONS = {
    draft: _t("This draft"),
    quantiles: _t("By shares"),
    breaks: _t("By gaps"),
};

/**
 * What a dry-run found: who moves where, who stays only by margin or wait, the largest that move, the
 * customers' own figures with the cut-points in them, and other cut-points to compare with.
 */
export class TrialResult extends Component {
    static template = "customer_success.TrialResult";
    static components = { TierMatrix, CutHistogram };
    static props = {
        result: Object, // customer.value.trial.get_result()
        onUse: { type: Function, optional: true }, // with the code of a suggestion
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ view: "" });
    }

    get result() {
        return this.props.result;
    }

    /** At once, unless what matters only shows after the wait. */
    get view() {
        if (this.result.is_past) {
            return "now";
        }
        return this.state.view || (this.result.waiting.customers ? "later" : "now");
    }

    get views() {
        return [
            { code: "now", name: _t("At once") },
            {
                code: "later",
                name: _t("After the waiting time (%s days)", this.result.dwell_days),
            },
        ];
    }

    get headline() {
        const values = {
            day: formatDate(deserializeDate(this.result.as_of)),
            count: this.result.customers.toLocaleString(),
        };
        return this.result.is_past
            ? _t("%(count)s customers as of %(day)s", values)
            : _t("%(count)s customers, as of today, %(day)s", values);
    }

    get figures() {
        const figures = this.result.figures[this.view];
        return [
            { code: "up", name: _t("rise"), ...figures.up },
            { code: "down", name: _t("fall"), ...figures.down },
            { code: "first", name: _t("get a first tier"), ...figures.first },
            { code: "benefit", name: _t("get another benefit"), ...figures.benefit },
        ];
    }

    get movers() {
        return this.result.movers[this.view];
    }

    get suggestions() {
        return this.result.suggestions.map((choice) => ({
            ...choice,
            name: SUGGESTIONS[choice.code],
        }));
    }

    get axes() {
        return Object.entries(AXES).map(([code, name]) => ({ code, name }));
    }

    axisName(histogram) {
        return AXES[histogram.axis];
    }

    unit(histogram) {
        return UNITS[histogram.unit];
    }

    tier(id) {
        return (
            this.result.tiers.find((tier) => tier.id === id) || {
                name: _t("no tier"),
                color: 0,
            }
        );
    }

    number(value) {
        return value.toLocaleString();
    }

    score(value) {
        return formatFloat(value, { digits: [16, 1], trailingZeros: false });
    }

    cuts(values) {
        return values.map((value) => formatFloat(value, { trailingZeros: false })).join(" / ");
    }

    share(choice, tier) {
        return formatFloat(choice.shares[tier.id] || 0, { digits: [16, 1] });
    }

    money(amount) {
        return formatMonetary(amount, { currencyId: this.result.currency, humanReadable: true });
    }

    async open(cells, title = "") {
        const args = [[this.result.id], cells, title];
        this.action.doAction(
            await this.orm.call("customer.value.trial", "action_open_cells", args)
        );
    }

    openFigure(figure) {
        const titles = {
            up: _t("Would rise"),
            down: _t("Would fall"),
            first: _t("Would get a first tier"),
            benefit: _t("Would get another benefit"),
        };
        this.open(figure.cells, titles[figure.code]);
    }

    openMargin() {
        this.open(this.result.margin.cells, _t("Kept by the margin"));
    }

    openWaiting() {
        this.open(this.result.waiting.cells, _t("Kept until the waiting time has passed"));
    }

    openCustomer(mover) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "customer.profile",
            res_id: mover.profile,
            views: [[false, "form"]],
        });
    }
}
