"""What only the machine writes: read-only on the screen stops no import and no script."""

from odoo.exceptions import AccessError

from .common import CustomerCase


class TestKeptFields(CustomerCase):
    def test_nobody_writes_what_the_machine_keeps(self):
        """Each model that keeps fields refuses each of them, with words of its own."""
        boss = self._user("keeper", "admin")
        mixin = self.env.registry["customer.kept.fields"]
        keeping = [
            name
            for name, model in self.env.registry.items()
            if issubclass(model, mixin) and not model._abstract
        ]
        self.assertIn("customer.ticket", keeping)
        for name in keeping:
            Model = self.env[name].with_user(boss)
            self.assertTrue(Model._kept_fields())
            for field in Model._kept_fields():
                with self.subTest(model=name, field=field), self.assertRaises(AccessError):
                    Model.write({field: False})

    def test_care_and_playbooks_start_by_their_buttons_alone(self):
        """Which see whether they can run: made running at once, they would not be asked."""
        boss = self._user("starter", "admin")
        for name, vals in (
            ("customer.care.program", {"name": "Sly", "state": "running"}),
            ("customer.playbook", {"name": "Sly", "is_on": True}),
        ):
            with self.subTest(name), self.assertRaisesRegex(AccessError, "by its buttons"):
                self.env[name].with_user(boss).create(vals)
