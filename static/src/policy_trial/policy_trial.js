import { Component, onWillStart, onWillUnmount, useEffect, useState } from "@odoo/owl";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { serializeDate, today } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { TrialResult } from "./trial_result";
import { runTrial } from "./run_trial";

/**
 * Beside a draft: what it would do. Tries the saved draft on every customer and shows who would move.
 *
 * Nothing is tried unasked: trying is a click, the result stays, and it says when the draft has been
 * changed since.
 */
export class PolicyTrial extends Component {
    static template = "customer_success.PolicyTrial";
    static components = { DateTimeInput, TrialResult };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({
            result: false,
            working: false,
            progress: 0,
            day: false,
            may: false,
        });
        onWillStart(async () => {
            const may = user.hasGroup("customer_success.group_customer_admin");
            [this.state.may] = await Promise.all([may, this.load()]);
        });
        // Saved, or another version shown: is the result still one of this draft?
        let isFirst = true;
        useEffect(
            (policy, dirty) => {
                if (!isFirst && !dirty) {
                    this.load();
                }
                isFirst = false;
            },
            () => [this.record.resId, this.record.dirty]
        );
        onWillUnmount(() => {
            this.gone = true;
        });
    }

    get record() {
        return this.props.record;
    }

    get today() {
        return today();
    }

    get isOutdated() {
        return this.record.dirty || this.state.result?.is_outdated;
    }

    get unfinished() {
        return this.state.result && this.state.result.state === "running";
    }

    async load() {
        const args = [this.record.resId];
        const result = await this.orm.call("customer.value.trial", "get_latest", args);
        if (!this.gone && !this.state.working) {
            this.state.result = result;
        }
    }

    setDay(day) {
        this.state.day = day && day < today() ? day : false;
    }

    async try() {
        if (this.state.working) {
            return;
        }
        this.state.working = true;
        this.state.progress = 0;
        try {
            if (!(await this.record.save()) || this.gone) {
                return;
            }
            const day = this.state.day ? serializeDate(this.state.day) : false;
            const args = [this.record.resId, day];
            const id = await this.orm.call("customer.value.trial", "start_trial", args);
            await this.advance(id);
        } finally {
            this.state.working = false;
        }
    }

    async resume() {
        this.state.working = true;
        try {
            await this.advance(this.state.result.id);
        } finally {
            this.state.working = false;
        }
    }

    async advance(id) {
        const result = await runTrial(this.orm, id, (progress) => {
            this.state.progress = progress;
            return !this.gone;
        });
        if (!this.gone) {
            this.state.result = result;
        }
    }

    async use(code) {
        const args = [[this.state.result.id], code];
        if ((await this.record.save()) && !this.gone) {
            await this.orm.call("customer.value.trial", "action_use_suggestion", args);
            await this.record.load();
            if (!this.gone) {
                await this.load();
            }
        }
    }
}

registry.category("view_widgets").add("customer_policy_trial", { component: PolicyTrial });
