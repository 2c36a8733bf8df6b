import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatMonetary } from "@web/views/fields/formatters";

/** Customers without a tier are a row and a column of their own. */
const NONE = { id: false, name: _t("Never bought"), color: 0 };

/**
 * How many customers went from which tier to which, and the revenue they stand for.
 *
 * Rows are where they came from, columns where they went. What stayed lies on the diagonal; above
 * it they fell, below it they rose. Every cell with customers in it opens them.
 *
 * Props: `tiers` the most valuable first, `cells` at most one for each pair (ids, `false` for no
 * tier), `noneName` what having no tier is called, `onOpen(cell)`.
 */
export class TierMatrix extends Component {
    static template = "customer_success.TierMatrix";
    static props = {
        tiers: { type: Array, element: Object }, // id, name, color
        cells: { type: Array, element: Object }, // from, to, customers, revenue
        currencyId: { type: [Number, Boolean], optional: true },
        fromTitle: { type: String, optional: true },
        toTitle: { type: String, optional: true },
        noneName: { type: String, optional: true },
        onOpen: { type: Function, optional: true },
    };

    get tiers() {
        const bare = this.props.cells.some((cell) => !cell.from || !cell.to);
        const none = { ...NONE, name: this.props.noneName || NONE.name };
        return bare ? [...this.props.tiers, none] : this.props.tiers;
    }

    cell(from, to) {
        return this.props.cells.find((cell) => cell.from === from.id && cell.to === to.id);
    }

    /** Stayed, rose or fell: the tiers come in the order of their value. */
    direction(row, column) {
        if (row === column) {
            return "stayed";
        }
        return row > column ? "up" : "down";
    }

    total(side, tier) {
        return this.props.cells
            .filter((cell) => cell[side] === tier.id)
            .reduce((sum, cell) => sum + cell.customers, 0);
    }

    /** What a cell's button is called for those who do not see where it stands. */
    label(from, to, cell) {
        return _t("%(from)s → %(to)s: %(count)s customers", {
            from: from.name,
            to: to.name,
            count: this.number(cell.customers),
        });
    }

    number(value) {
        return value.toLocaleString();
    }

    money(amount) {
        return formatMonetary(amount, { currencyId: this.props.currencyId, humanReadable: true });
    }

    open(cell) {
        this.props.onOpen?.(cell);
    }
}
