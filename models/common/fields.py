from odoo import fields


class LooseMany2one(fields.Many2one):
    """A many2one without a foreign key, for columns that a run writes by the million.

    Checking the keys took three quarters of the time of storing a customer. Where one is loose, the
    target refuses to be deleted while it is used (``_unlink_except_used``), with a message that a
    foreign key could not give.
    """

    def update_db_foreign_key(self, model, column):
        return
