import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatMonetary, formatPercentage } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** What a change field needs: it is shown only where there is a full year to compare with. */
const CHANGE_FIELDS = [
    { name: "revenue_comparable", type: "boolean" },
    { name: "revenue_change", type: "float" },
];

/** Revenue against the year before, as a coloured percentage; empty for a new customer. */
export class CustomerChangeField extends Component {
    static template = "customer_success.CustomerChangeField";
    static props = { ...standardFieldProps };

    get change() {
        const { revenue_comparable: comparable, revenue_change: change } = this.props.record.data;
        if (!comparable) {
            return null;
        }
        const more = change >= 0;
        return {
            text: formatPercentage(Math.abs(change), { digits: [16, 0] }),
            className: more ? "text-success" : "text-danger",
            icon: more ? "oi-arrow-up" : "oi-arrow-down",
            title: more ? _t("more than the year before") : _t("less than the year before"),
        };
    }
}

registry.category("fields").add("customer_change", {
    component: CustomerChangeField,
    displayName: _t("Change against the year before"),
    supportedTypes: ["float"],
    fieldDependencies: CHANGE_FIELDS,
});

/** Revenue without decimals, and how it compares with the year before. */
export class CustomerRevenueField extends Component {
    static template = "customer_success.CustomerRevenueField";
    static components = { CustomerChangeField };
    static props = { ...standardFieldProps };

    get amount() {
        const { data } = this.props.record;
        return formatMonetary(data[this.props.name], {
            currencyId: data.currency_id?.id,
            digits: [16, 0],
        });
    }
}

registry.category("fields").add("customer_revenue", {
    component: CustomerRevenueField,
    displayName: _t("Revenue and its change"),
    supportedTypes: ["monetary"],
    fieldDependencies: [
        { name: "currency_id", type: "many2one", relation: "res.currency" },
        ...CHANGE_FIELDS,
    ],
});

/** From how many usual intervals on a silence is worth a look, before it counts as unusual. */
const LONG_SILENCE = 1.5;

/** Silence against the customer's own rhythm: in words, coloured by how unusual it is. */
export class CustomerSilenceField extends Component {
    static template = "customer_success.CustomerSilenceField";
    static props = { ...standardFieldProps };

    get className() {
        const { is_unusually_silent: unusual, silence_ratio: ratio } = this.props.record.data;
        if (unusual) {
            return "text-danger fw-bold";
        }
        return ratio > LONG_SILENCE ? "text-warning-emphasis" : "text-muted";
    }
}

registry.category("fields").add("customer_silence", {
    component: CustomerSilenceField,
    displayName: _t("Silence in words"),
    supportedTypes: ["char"],
    fieldDependencies: [
        { name: "is_unusually_silent", type: "boolean" },
        { name: "silence_ratio", type: "float" },
    ],
});

const DIRECTIONS = {
    first: { icon: "fa-circle-o", className: "text-muted" },
    up: { icon: "fa-arrow-up", className: "text-success" },
    down: { icon: "fa-arrow-down", className: "text-danger" },
    none: { icon: "fa-minus", className: "text-muted" },
};

/** Which way a customer moved, as an arrow with its name. */
export class CustomerDirectionField extends Component {
    static template = "customer_success.CustomerDirectionField";
    static props = { ...standardFieldProps };

    get direction() {
        return DIRECTIONS[this.props.record.data[this.props.name]] || DIRECTIONS.none;
    }

    get title() {
        const { selection } = this.props.record.fields[this.props.name];
        const value = this.props.record.data[this.props.name];
        return selection.find((option) => option[0] === value)?.[1] || "";
    }
}

registry.category("fields").add("customer_direction", {
    component: CustomerDirectionField,
    displayName: _t("Direction of a change"),
    supportedTypes: ["selection"],
});

/** "why?": opens the page of the form's notebook that holds the evidence. */
export class CustomerWhy extends Component {
    static template = "customer_success.CustomerWhy";
    static props = { ...standardWidgetProps, page: String };

    onClick(ev) {
        const form = ev.target.closest(".o_form_view");
        const tab = form?.querySelector(`.o_notebook .nav-link[name="${this.props.page}"]`);
        tab?.click();
        tab?.scrollIntoView({ behavior: "smooth", block: "start" });
    }
}

registry.category("view_widgets").add("customer_why", {
    component: CustomerWhy,
    extractProps: ({ attrs }) => ({ page: attrs.page }),
});
