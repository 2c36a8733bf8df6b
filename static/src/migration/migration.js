import { Component, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { formatInteger } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { TierMatrix } from "../tier_matrix/tier_matrix";

/**
 * Who went from which tier to which between two days: as known then, or, where the base is small
 * enough to be judged again, as the documents say now.
 */
export class Migration extends Component {
    static template = "customer_success.Migration";
    static components = { TierMatrix };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.ui = useService("ui");
        this.noTier = _t("No tier");
        const saved = this.props.state || {};
        this.state = useState({
            from: saved.from,
            to: saved.to,
            reading: saved.reading || "known", // known, now
            known: [],
            replay: null, // id, state, done, total, cells, differing
            problem: "",
        });
        useSetupAction({ getLocalState: () => this.kept });
        onWillStart(async () => {
            this.choices = await this.orm.call("customer.migration", "get_choices", []);
            const days = this.choices.days.map((choice) => choice.day);
            this.state.to ||= days[1] || days[0];
            this.state.from ||= days[2] || days.at(-1);
            await this.load(saved.replay);
        });
        onWillUnmount(() => {
            this.asked = -1;
        });
    }

    /** What coming back from a cell's customers finds again. */
    get kept() {
        const { from, to, reading, replay } = this.state;
        return { from, to, reading, replay: replay?.state === "done" ? { ...replay } : null };
    }

    get cells() {
        return this.state.reading === "known" ? this.state.known : this.state.replay?.cells || [];
    }

    get waiting() {
        const { reading, replay } = this.state;
        return reading === "now" && replay?.state !== "done" && !this.state.problem;
    }

    get percent() {
        const { replay } = this.state;
        return replay?.total ? Math.floor((100 * replay.done) / replay.total) : 0;
    }

    get nobody() {
        return _t(
            "Nobody had a tier on these days. Choose later ones: customers are computed since %s.",
            this.choices.begin
        );
    }

    get differing() {
        return _t(
            "%s customers read otherwise by the log than by their documents as they are now.",
            formatInteger(this.state.replay.differing)
        );
    }

    get moved() {
        const count = (test) =>
            formatInteger(this.cells.filter(test).reduce((sum, cell) => sum + cell.customers, 0));
        const rank = (id) => {
            const place = this.choices.tiers.findIndex((tier) => tier.id === id);
            return place < 0 ? this.choices.tiers.length : place;
        };
        return [
            { key: "up", text: _t("up or new"), count: count((c) => rank(c.to) < rank(c.from)) },
            {
                key: "down",
                text: _t("down or gone"),
                count: count((c) => rank(c.to) > rank(c.from)),
            },
            { key: "stay", text: _t("stayed"), count: count((c) => c.to === c.from) },
        ];
    }

    label(day) {
        return this.choices.days.find((choice) => choice.day === day)?.label || day;
    }

    get tooMany() {
        return _t(
            "Judging past days again is offered up to %s customers; beyond that it would take too long. As known then is shown.",
            formatInteger(this.choices.most)
        );
    }

    async choose(side, day) {
        this.state[side] = day;
        if (this.state.from > this.state.to) {
            this.state[side === "from" ? "to" : "from"] = day;
        }
        await this.load();
    }

    /** @param replay one of these days that is done already */
    async load(replay = null) {
        this.asked = (this.asked || 0) + 1;
        const asked = this.asked;
        const { from, to } = this.state;
        this.state.replay = replay;
        this.state.problem = "";
        try {
            const known = await this.orm.call("customer.migration", "get_known", [from, to]);
            if (asked === this.asked) {
                this.state.known = known;
            }
        } catch (error) {
            this.stopWith(error);
        }
        if (this.state.reading === "now" && !replay && asked === this.asked) {
            this.judgeAgain(asked); // not awaited: the screen shows its progress
        }
    }

    async read(reading) {
        this.state.reading = reading;
        if (reading === "now" && !this.state.replay) {
            this.judgeAgain(this.asked);
        }
    }

    /** Each request judges for about two seconds; another choice of days ends this one. */
    async judgeAgain(asked) {
        const { from, to } = this.state;
        try {
            let replay = await this.orm.call("customer.replay", "start_replay", [from, to]);
            while (asked === this.asked) {
                this.state.replay = replay;
                if (replay.state === "done") {
                    const result = await this.orm.call("customer.replay", "get_cells", [replay.id]);
                    if (asked === this.asked) {
                        this.state.replay = { ...replay, ...result };
                    }
                    return;
                }
                replay = await this.orm.silent.call("customer.replay", "action_step", [replay.id]);
            }
        } catch (error) {
            if (asked === this.asked) {
                this.stopWith(error);
            }
        }
    }

    stopWith(error) {
        this.state.problem = error.data?.message || error.message || String(error);
    }

    openCell(cell) {
        const tiers = `${cell.from || 0}/${cell.to || 0}`;
        const { from, to, replay, reading } = this.state;
        const name = (id) => this.choices.tiers.find((tier) => tier.id === id)?.name || this.noTier;
        this.openCustomers(
            reading === "known" ? `known/${from}/${to}/${tiers}` : `now/${replay.id}/${tiers}`,
            `${name(cell.from)} → ${name(cell.to)}, ${this.label(from)} → ${this.label(to)}`
        );
    }

    openDiffering() {
        this.openCustomers(`differs/${this.state.replay.id}`, _t("Read otherwise now"));
    }

    openCustomers(cell, name) {
        this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: "customer.profile",
            domain: [
                ["history_cell", "=", cell],
                ["active", "in", [true, false]],
            ],
            views: [
                [false, "list"],
                [false, "kanban"],
                [false, "form"],
            ],
        });
    }
}

registry.category("actions").add("customer_success.migration", Migration);
