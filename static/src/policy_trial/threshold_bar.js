import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatFloat } from "@web/core/utils/numbers";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** The tiers of a policy on a bar from 0 to 100; hatched: what keeps a tier without reaching it. */
export class ThresholdBar extends Component {
    static template = "customer_success.ThresholdBar";
    static props = { ...standardWidgetProps };

    get tiers() {
        const lines = this.props.record.data.tier_ids.records
            .map(({ id, data }) => ({
                id,
                name: data.tier_id?.display_name || "",
                color: data.color,
                from: Math.min(Math.max(data.threshold, 0), 100),
                keep: Math.min(Math.max(data.keep_threshold, 0), 100),
            }))
            .sort((one, other) => one.from - other.from);
        return lines.map((line, index) => ({
            ...line,
            to: index + 1 < lines.length ? lines[index + 1].from : 100,
            title: _t("%(tier)s from %(from)s, kept down to %(keep)s", {
                tier: line.name,
                from: this.number(line.from),
                keep: this.number(line.keep),
            }),
        }));
    }

    get marks() {
        const marks = new Set([0, ...this.tiers.map((tier) => tier.from), 100]);
        return [...marks].sort((one, other) => one - other);
    }

    get label() {
        return this.tiers.map((tier) => tier.title).join("; ");
    }

    number(value) {
        return formatFloat(value, { trailingZeros: false });
    }
}

registry.category("view_widgets").add("customer_threshold_bar", {
    component: ThresholdBar,
});
