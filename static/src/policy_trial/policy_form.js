import { registry } from "@web/core/registry";
import { FormRenderer } from "@web/views/form/form_renderer";
import { formView } from "@web/views/form/form_view";

/** The form of a policy: a draft's messages go below, since beside it stands what it would do. */
export class PolicyFormRenderer extends FormRenderer {
    mailLayout(hasAttachmentContainer) {
        const layout = super.mailLayout(hasAttachmentContainer);
        const besides = this.props.record.data.state === "draft";
        return layout === "SIDE_CHATTER" && besides ? "BOTTOM_CHATTER" : layout;
    }
}

registry.category("views").add("customer_policy_form", {
    ...formView,
    Renderer: PolicyFormRenderer,
});
