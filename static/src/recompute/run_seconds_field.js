import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatFloat } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const STEPS = {
    facts: _t("Reading documents and profiles"),
    judge: _t("Scoring and judging"),
    store: _t("Storing what changed"),
};

/** Seconds per step of a computation, as a small table with bars. */
export class RunSecondsField extends Component {
    static template = "customer_success.RunSecondsField";
    static props = { ...standardFieldProps };

    get steps() {
        const seconds = this.props.record.data[this.props.name] || {};
        const total = Object.values(seconds).reduce((sum, spent) => sum + spent, 0);
        return Object.entries(seconds).map(([step, spent]) => ({
            step,
            label: STEPS[step] || step,
            seconds: formatFloat(spent, { digits: [16, 2] }),
            share: total ? Math.round((100 * spent) / total) : 0,
        }));
    }
}

registry.category("fields").add("customer_run_seconds", {
    component: RunSecondsField,
    supportedTypes: ["json"],
});
