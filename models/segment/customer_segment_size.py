from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_date


class CustomerSegmentSize(models.Model):
    """How many customers a segment had in one company at the end of a month, and their revenue.

    The running month's row is replaced as long as the month lasts; past months stay as they were,
    by the conditions of that time. Before a segment was saved there are no rows: who would have
    been in it then is not known.
    """

    _name = "customer.segment.size"
    _description = "Segment Size"
    _order = "month desc, segment_id, company_id"

    segment_id = fields.Many2one(
        "customer.segment", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade", index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(required=True, readonly=True, help="Its first day.")
    month_name = fields.Char(compute="_compute_month_name")
    # By month, the sum over months says nothing
    customer_count = fields.Integer("Customers", readonly=True, aggregator="avg")
    revenue = fields.Monetary(readonly=True, aggregator="avg")

    _month_uniq = models.Constraint(
        "UNIQUE(segment_id, company_id, month)", "A segment has one size a month in a company."
    )

    @api.depends("month")
    @api.depends_context("lang")
    def _compute_month_name(self):
        for size in self:
            size.month_name = format_date(self.env, size.month, date_format="MMM yyyy")

    @api.depends("segment_id.name")
    def _compute_display_name(self):
        for size in self:
            size.display_name = size.segment_id.name

    def _put(self, rows) -> None:
        """Store ``(segment, company, month, customers, revenue)``; a row that is the same stays."""
        if not rows:
            return
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO customer_segment_size AS size
                       (segment_id, company_id, month, customer_count, revenue,
                        create_uid, create_date, write_uid, write_date)
                SELECT v.segment_id, v.company_id, v.month, v.customer_count, v.revenue,
                       %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM (VALUES %(rows)s)
                       AS v(segment_id, company_id, month, customer_count, revenue)
                    ON CONFLICT (segment_id, company_id, month) DO UPDATE
                   SET (customer_count, revenue, write_uid, write_date)
                     = (excluded.customer_count, excluded.revenue, excluded.write_uid,
                        excluded.write_date)
                 WHERE (size.customer_count, size.revenue)
                       IS DISTINCT FROM (excluded.customer_count, excluded.revenue)
                """,
                uid=self.env.uid,
                now=self.env.cr.now(),
                rows=SQL(", ").join(
                    SQL(
                        "(%s, %s, %s::date, %s, %s::numeric)",
                        segment,
                        company,
                        month,
                        customers,
                        revenue or 0,
                    )
                    for segment, company, month, customers, revenue in rows
                ),
            )
        )
        self.invalidate_model()
