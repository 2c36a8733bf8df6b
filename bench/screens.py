"""Opening the screens of customers and of Contacts: what the server is asked for, as a user.

The requests are those of the web client (``client``).
"""

from client import Screen, graph, grouped_list, kanban, opened, pivot, timed
from import_records import session

from environment.report import step

#: The first screen, all its figures in one request.
OVERVIEW = "Overview"


def measure(database: str) -> list[Screen]:
    with step("Opening screens"), session.environment(database) as env:
        user = env["res.users"].search([("login", "=", "bench")])
        env = env(user=user.id, context={"lang": "en_US", "tz": "UTC"})
        partners, profiles = env["res.partner"], env["customer.profile"]
        return [
            timed(env, "Contacts: list", lambda: opened(partners)),
            timed(env, "Contacts: kanban", lambda: opened(partners, "kanban")),
            timed(env, "Contacts: kanban by salesperson", lambda: kanban(partners, "user_id")),
            timed(env, "Customers: list", lambda: opened(profiles)),
            timed(env, "Customers: kanban by tier", lambda: kanban(profiles, "value_tier_id")),
            timed(
                env, "Customers: kanban by stage", lambda: kanban(profiles, "lifecycle_stage_id")
            ),
            timed(env, "Customers: pivot", lambda: pivot(profiles)),
            timed(env, "Customers: graph", lambda: graph(profiles)),
            timed(env, "Customers: list grouped by tier", lambda: grouped_list(profiles)),
            timed(env, "Customers: at risk, by tier and stage", lambda: _at_risk(profiles)),
            timed(env, "Customers: recency by frequency", lambda: _grid(profiles)),
            timed(env, "Customers: revenue of the top 20 %", lambda: _top(profiles)),
            timed(env, OVERVIEW, lambda: env["customer.overview"].get_overview()),
            timed(env, "Contacts: list grouped by tier", lambda: grouped_list(partners)),
            timed(
                env,
                "Contacts: list grouped by salesperson",
                lambda: grouped_list(partners, "user_id"),
            ),
        ]


def _at_risk(model):
    return model._read_group(
        [("is_at_risk", "=", True)],
        ["value_tier_id", "lifecycle_stage_id"],
        ["__count", "revenue:sum"],
    )


def _grid(model):
    return model._read_group([], ["recency_level", "frequency_level"], ["__count", "revenue:sum"])


def _top(model):
    """The largest 1, 5 and 20 % of the active company's customers, as an overview has them."""
    [(customers,)] = model._read_group([("company_id", "=", model.env.company.id)], [], ["__count"])
    return model._top_revenue(
        [("company_id", "=", model.env.company.id)],
        [customers // 100, customers // 20, customers // 5],
    )
