import { registry } from "@web/core/registry";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { listView } from "@web/views/list/list_view";
import { FreshnessControlPanel } from "./freshness_control_panel";

// Views of computed figures: js_class="customer_fresh_list", and so on.
const views = registry.category("views");
views.add("customer_fresh_kanban", { ...kanbanView, ControlPanel: FreshnessControlPanel });
views.add("customer_fresh_list", { ...listView, ControlPanel: FreshnessControlPanel });
