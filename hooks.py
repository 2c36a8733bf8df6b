"""What installing and uninstalling do besides loading data."""


def post_init_hook(env):
    """Judge every customer of every company at once: the app is useful as soon as it is installed."""
    companies = env["res.company"].search([])
    companies._customer_set_up()
    for run in env["customer.run"].search([("state", "=", "queued")]):
        while run._advance():
            pass


def uninstall_hook(env):
    """Leave nothing behind that Odoo itself would not remove.

    Odoo deletes records with an external id first, tiers and stages among them, while rows without
    one still refer to them. These go now.
    """
    env["customer.profile.total"]._drop_function()
    env.cr.execute("DELETE FROM customer_care_message")
    env.cr.execute("DELETE FROM customer_care_program")
    env.cr.execute("DELETE FROM customer_consent")
    env.cr.execute("DELETE FROM customer_profile")
    env.cr.execute("DELETE FROM customer_value_policy")
    env.cr.execute("DELETE FROM customer_followup")
    env.cr.execute("DELETE FROM customer_ticket")
    env.cr.execute("DELETE FROM customer_ticket_team")
    env["ir.config_parameter"].search([("key", "=like", "customer_success.%")]).unlink()
