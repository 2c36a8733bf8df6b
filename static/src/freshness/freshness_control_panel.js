import { ControlPanel } from "@web/search/control_panel/control_panel";
import { FreshnessBadge } from "./freshness_badge";

/**
 * A control panel that says how fresh the numbers below it are.
 *
 * A view gets it as `{ ...kanbanView, ControlPanel: FreshnessControlPanel }`.
 */
export class FreshnessControlPanel extends ControlPanel {
    static template = "customer_success.FreshnessControlPanel";
    static components = { ...ControlPanel.components, FreshnessBadge };
}
