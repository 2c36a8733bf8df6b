from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import format_list


class CustomerKeptFields(models.AbstractModel):
    """Fields that only the machine writes.

    They are read-only on the screen, but that stops no import and no script: whoever inherits this
    calls :meth:`_refuse_kept` in ``write`` and, where values may be given, in ``create``.
    """

    _name = "customer.kept.fields"
    _description = "Fields Written by the Machine Alone"

    @api.model
    def _kept_fields(self) -> set[str]:
        """The stored fields of this addon that are read-only and not computed."""
        return {
            name
            for name, field in self._fields.items()
            if field.readonly and field.store and not field.compute
            if "customer_success" in field._modules
        }

    @api.model
    def _kept_sentence(self, labels: str) -> str:
        """Who writes these fields, for somebody who tried to; each model has its own words."""
        raise NotImplementedError

    @api.model
    def _refuse_kept(self, names) -> None:
        """:raises AccessError: where a person writes what the machine keeps"""
        if self.env.su:
            return
        kept = self._kept_fields()
        labels = [
            self._fields[name]._description_string(self.env) for name in names if name in kept
        ]
        if labels:
            raise AccessError(self._kept_sentence(format_list(self.env, labels)))
