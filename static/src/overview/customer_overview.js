import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { formatInteger, formatMonetary, formatPercentage } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { FreshnessBadge } from "@customer_success/freshness/freshness_badge";
import { TierMatrix } from "@customer_success/tier_matrix/tier_matrix";
import { Sparkline } from "./sparkline";

const { DateTime } = luxon;

/** Shades of the grid: 0 is no revenue. The styles know as many. */
const SHADES = 8;
const VIEWS = {
    "customer.profile": ["list", "kanban", "pivot", "graph", "form"],
    "customer.transition": ["list", "kanban", "pivot", "graph", "form"],
};
const WAYS = {
    up: { icon: "fa-arrow-up", tone: "text-success" },
    down: { icon: "fa-arrow-down", tone: "text-danger" },
    new: { icon: "fa-circle-o", tone: "text-muted" },
    left: { icon: "fa-minus", tone: "text-muted" },
};

/**
 * The first screen: where revenue comes from, what grows, what slips away, who moved.
 *
 * The server counts; each figure comes with the domain it was counted with, and opens it.
 */
export class CustomerOverview extends Component {
    static template = "customer_success.CustomerOverview";
    static components = { FreshnessBadge, Layout, Sparkline, TierMatrix };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.display = { controlPanel: { layoutActions: true } };
        this.ways = WAYS;
        const { scope = "all", month = false } = this.props.state || {};
        this.state = useState({
            scope,
            month,
            data: null,
            loading: false,
            error: "",
            mayInvoice: false,
        });
        useSetupAction({
            getLocalState: () => ({ scope: this.state.scope, month: this.state.month }),
        });
        onWillStart(async () => {
            this.state.mayInvoice = await user.hasGroup("account.group_account_invoice");
        });
        // Not awaited: the screen stands at once, its figures come when they are there.
        this.load();
    }

    async load() {
        Object.assign(this.state, { loading: true, error: "" });
        const { scope, month } = this.state;
        try {
            this.state.data = await this.keepLast.add(
                this.orm.call("customer.overview", "get_overview", [], { scope, month })
            );
        } catch (error) {
            this.state.error = error.data?.message || error.message || String(error);
        }
        this.state.loading = false;
    }

    setScope(scope) {
        this.state.scope = scope;
        this.load();
    }

    setMonth(month) {
        this.state.month = month;
        this.load();
    }

    // ---- opening what a figure was made from ----------------------------------------------------

    open(name, domain, model = "customer.profile") {
        this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: model,
            views: VIEWS[model].map((type) => [false, type]),
            domain,
            context: {},
            target: "current",
        });
    }

    openCustomer(id) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "customer.profile",
            res_id: id,
            views: [[false, "form"]],
            target: "current",
        });
    }

    openMove(cell) {
        const from = this.tierName(cell.from);
        const to = this.tierName(cell.to);
        this.open(`${from} → ${to}, ${this.monthName(this.data.month)}`, cell.domain);
    }

    async openTop(top) {
        const domain = await this.orm.call("customer.overview", "get_top_domain", [], {
            scope: this.data.scope,
            count: top.count,
        });
        this.open(this.topName(top), domain);
    }

    openInvoices() {
        this.action.doAction("account.action_move_out_invoice_type");
    }

    // ---- words and numbers ----------------------------------------------------------------------

    get data() {
        return this.state.data;
    }

    get isEmpty() {
        return !this.data.total.customers;
    }

    number(value) {
        return formatInteger(value);
    }

    /** Short, with three digits that count: 1.93M, 27.1k, 508. */
    money(amount) {
        const size = Math.floor(Math.log10(Math.max(Math.abs(amount), 1)));
        return formatMonetary(amount, {
            currencyId: this.data.currency_id,
            humanReadable: size >= 3,
            digits: [16, size < 3 ? 0 : 2 - (size % 3)],
        });
    }

    exactMoney(amount) {
        return formatMonetary(amount, { currencyId: this.data.currency_id });
    }

    percent(share, digits = 0) {
        return formatPercentage(share, { digits: [16, digits] });
    }

    customers(count) {
        return count === 1 ? _t("1 customer") : _t("%s customers", this.number(count));
    }

    monthName(month) {
        return DateTime.fromISO(month).toLocaleString({ month: "long", year: "numeric" });
    }

    tierName(id) {
        return this.data.moved.tiers.find((tier) => tier.id === id)?.name || this.noTier;
    }

    get whose() {
        const words = { company: this.data.company };
        return this.data.scope === "mine"
            ? _t("My customers of %(company)s", words)
            : _t("All customers of %(company)s", words);
    }

    get tiles() {
        return this.data.tiles.map((tile) => ({ ...tile, ...this.tileWords(tile) }));
    }

    tileWords(tile) {
        const days = this.number(this.data.window_days || 0);
        const money = { text: this.money(tile.revenue), exact: this.exactMoney(tile.revenue) };
        switch (tile.key) {
            case "customers":
                return { label: _t("Customers"), text: this.number(tile.customers), note: "" };
            case "revenue":
                return {
                    label: this.data.window_days
                        ? _t("Revenue, last %s days", days)
                        : _t("Revenue"),
                    note: _t("net, without taxes"),
                    ...money,
                };
            case "at_risk":
                return {
                    label: _t("Revenue at risk"),
                    note: this.customers(tile.customers),
                    less: true,
                    ...money,
                };
            case "unmanaged":
                return {
                    label: _t("Without account manager"),
                    text: this.number(tile.customers),
                    note: tile.customers ? this.money(tile.revenue) : "",
                    less: true,
                };
            case "falling":
                return {
                    label: _t("About to lose their tier"),
                    text: this.number(tile.customers),
                    note: tile.customers ? this.money(tile.revenue) : "",
                    less: true,
                };
        }
    }

    /** Against the end of last month; null where that is not known. */
    change(tile) {
        const last = tile.past.at(-1);
        const end = DateTime.fromISO(this.data.today).startOf("month").minus({ days: 1 });
        if (!last || !DateTime.fromISO(last[0]).hasSame(end, "month")) {
            return null;
        }
        const difference = tile.value - last[1];
        const money = ["revenue", "at_risk"].includes(tile.key);
        const amount = money ? this.money(Math.abs(difference)) : this.number(Math.abs(difference));
        const day = end.toLocaleString({ month: "short", day: "numeric" });
        const good = difference > 0 !== Boolean(tile.less);
        if (Math.abs(difference) < 0.005) {
            return { text: _t("as on %s", day), tone: "text-muted", icon: "" };
        }
        return {
            text:
                difference > 0
                    ? _t("%(amount)s more than on %(day)s", { amount, day })
                    : _t("%(amount)s less than on %(day)s", { amount, day }),
            tone: good ? "text-success" : "text-danger",
            icon: difference > 0 ? "fa-arrow-up" : "fa-arrow-down",
        };
    }

    /** Past month ends and now; a line needs two points. */
    line(tile) {
        return tile.past.length ? [...tile.past.map(([, value]) => value), tile.value] : null;
    }

    lineTitle(tile) {
        return _t("Month ends since %s, and now", this.monthName(tile.past[0][0]));
    }

    // ---- the grid -------------------------------------------------------------------------------

    cell(recency, frequency) {
        return this.data.grid.cells.find(
            (cell) => cell.recency === recency && cell.frequency === frequency
        );
    }

    /** From the square root: else the largest cell leaves all others white. */
    shade(cell) {
        const most = Math.max(...this.data.grid.cells.map(({ revenue }) => revenue));
        return cell && cell.revenue > 0 ? Math.ceil(SHADES * Math.sqrt(cell.revenue / most)) : 0;
    }

    cellName(recency, frequency) {
        return _t("%(recency)s, %(frequency)s", {
            recency: recency.text,
            frequency: frequency.text,
        });
    }

    cellTitle(recency, frequency, cell) {
        return _t("%(where)s: %(customers)s, %(revenue)s", {
            where: this.cellName(recency, frequency),
            customers: this.customers(cell.customers),
            revenue: this.exactMoney(cell.revenue),
        });
    }

    // ---- tiers, stages, moves -------------------------------------------------------------------

    rowTitle(row) {
        return _t("%(name)s: %(customers)s, %(revenue)s, %(share)s of the revenue", {
            name: row.name || this.noTier,
            customers: this.customers(row.customers),
            revenue: this.exactMoney(row.revenue),
            share: this.percent(row.share, 1),
        });
    }

    topName(top) {
        return _t("Top %(percent)s: %(customers)s", {
            percent: this.percent(top.percent / 100),
            customers: this.customers(top.count),
        });
    }

    get noTier() {
        return _t("No tier");
    }

    get neverName() {
        const { customers } = this.data.grid.none;
        return customers === 1
            ? _t("1 customer has never bought.")
            : _t("%s customers have never bought.", this.number(customers));
    }

    get axesNote() {
        const days = this.number(this.data.window_days);
        return this.data.grid.rhythm
            ? _t("Up: silence in usual intervals. Across: purchases in %s days.", days)
            : _t("Up: days since the last purchase. Across: purchases in %s days.", days);
    }

    get stagesNote() {
        return _t("In and out: changes in %(month)s; a customer that changed twice counts twice.", {
            month: this.monthName(this.data.month),
        });
    }

    get movedTitle() {
        return _t("Moved between tiers, %(month)s", { month: this.monthName(this.data.month) });
    }

    enteredText(stage) {
        return _t("%s in", this.number(stage.entered));
    }

    leftText(stage) {
        return _t("%s out", this.number(stage.left));
    }

    get riskName() {
        return _t("All %s customers at risk", this.number(this.data.at_risk.customers));
    }

    barWidth(share) {
        return Math.round(1000 * Math.min(Math.max(share, 0), 1)) / 10;
    }

    stageWidth(stage) {
        const most = Math.max(...this.data.stages.map(({ customers }) => customers), 1);
        return Math.round((100 * stage.customers) / most);
    }

    enteredName(stage) {
        return _t("Entered %(stage)s, %(month)s", {
            stage: stage.name,
            month: this.monthName(this.data.month),
        });
    }

    leftName(stage) {
        return _t("Left %(stage)s, %(month)s", {
            stage: stage.name,
            month: this.monthName(this.data.month),
        });
    }

    get movedWays() {
        return this.data.moved.ways.filter(({ customers }) => customers);
    }

    wayName({ way, customers }) {
        const count = this.number(customers);
        return {
            up: _t("%s moved up", count),
            down: _t("%s moved down", count),
            new: _t("%s got their first tier", count),
            left: _t("%s have no tier any more", count),
        }[way];
    }

    wayTitle(way) {
        return `${this.wayName(way)}, ${this.monthName(this.data.month)}`;
    }
}

registry.category("actions").add("customer_success.overview", CustomerOverview);
