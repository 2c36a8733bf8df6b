import { registry } from "@web/core/registry";
import { graphView } from "@web/views/graph/graph_view";
import { pivotView } from "@web/views/pivot/pivot_view";
import { FreshnessControlPanel } from "../freshness_control_panel";

// Odoo loads pivot and graph when one is opened first: what builds on them comes with them.
const views = registry.category("views");
views.add("customer_fresh_graph", { ...graphView, ControlPanel: FreshnessControlPanel });
views.add("customer_fresh_pivot", { ...pivotView, ControlPanel: FreshnessControlPanel });
