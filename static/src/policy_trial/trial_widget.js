import { Component, onWillStart, onWillUnmount, onWillUpdateProps, useState, xml } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { TrialResult } from "./trial_result";

/** On the form of a dry-run: what it found. */
export class TrialResultWidget extends Component {
    static template = xml`
        <TrialResult t-if="state.result and state.result.state === 'done'" result="state.result"/>`;
    static components = { TrialResult };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ result: false });
        onWillStart(() => this.load(this.props.record.resId));
        onWillUpdateProps(({ record }) => {
            if (record.resId !== this.state.result?.id) {
                return this.load(record.resId);
            }
        });
        onWillUnmount(() => {
            this.gone = true;
        });
    }

    async load(id) {
        const result = await this.orm.call("customer.value.trial", "get_result", [[id]]);
        if (!this.gone) {
            this.state.result = result;
        }
    }
}

registry.category("view_widgets").add("customer_trial_result", { component: TrialResultWidget });
