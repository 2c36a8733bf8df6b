"""Where contacts with customers are written down, as SQL: one ``SELECT`` for each place.

Each gives ``profile_id, at, kind, user_id``, one row for each contact, of the profiles ``p`` that a
condition names. A contact is two-sided: what one side says and the other gets. Notes among
colleagues, automatic confirmations and mass mailings are none.
"""

from odoo.tools import SQL

from .choices import CONTACTS

KINDS = [
    ("call", "Call"),
    ("visit", "Visit"),
    ("meeting", "Meeting"),
    ("email", "E-mail"),
    ("email_in", "E-mail from the customer"),
    ("sms", "Text message"),
    ("offer", "Offer"),
]

#: Written by a person to the customer, or by the customer to us.
_SPOKEN = SQL(
    """
    m.message_type IN ('comment', 'email')
    AND m.is_internal IS NOT TRUE
    AND EXISTS (SELECT FROM mail_message_subtype s
                 WHERE s.id = m.subtype_id AND s.internal IS NOT TRUE)
    AND (author.id IS NULL OR author.partner_share
         OR m.outgoing_email_to IS NOT NULL
         OR EXISTS (SELECT FROM mail_notification n
                      JOIN res_partner reader ON reader.id = n.res_partner_id
                     WHERE n.mail_message_id = m.id AND reader.partner_share))
    """
)


def followups(which: SQL) -> SQL:
    """What was logged on the board or on the customer's page."""
    return SQL(
        """
        SELECT f.profile_id, f.done_at AS at, f.action AS kind, f.done_by_id AS user_id
          FROM customer_followup f
          JOIN customer_profile p ON p.id = f.profile_id
          LEFT JOIN customer_followup_outcome o ON o.id = f.outcome_id
         WHERE f.done_at IS NOT NULL AND f.cancel_code IS NULL
           AND f.action IN %(contacts)s AND o.is_contact IS NOT FALSE AND %(which)s
        """,
        contacts=CONTACTS,
        which=which,
    )


def meetings(which: SQL, now) -> SQL:
    """Meetings that took place, for the company of whoever called them; nobody of them declined."""
    return SQL(
        """
        SELECT p.id, e.start, 'meeting', e.user_id
          FROM customer_profile p
          JOIN res_partner c ON c.commercial_partner_id = p.partner_id
          JOIN calendar_event_res_partner_rel r ON r.res_partner_id = c.id
          JOIN calendar_event e ON e.id = r.calendar_event_id
          JOIN res_users u ON u.id = e.user_id AND u.company_id = p.company_id
         WHERE e.active AND e.stop <= %(now)s AND u.partner_id <> c.id AND %(which)s
           AND NOT EXISTS (SELECT FROM calendar_attendee a
                            WHERE a.event_id = e.id AND a.state = 'declined'
                              AND a.partner_id IN (c.id, u.partner_id))
        """,
        now=now,
        which=which,
    )


def _messages(model: str, joined: SQL, which: SQL) -> SQL:
    return SQL(
        """
        SELECT p.id, m.date,
               CASE WHEN author.partner_share IS FALSE THEN 'email' ELSE 'email_in' END,
               CASE WHEN author.partner_share IS FALSE
                    THEN (SELECT MIN(u.id) FROM res_users u WHERE u.partner_id = author.id) END
          FROM customer_profile p
          %(joined)s
          JOIN mail_message m ON m.model = %(model)s AND m.res_id = record.id
          LEFT JOIN res_partner author ON author.id = m.author_id
         WHERE %(spoken)s AND %(which)s
        """,
        model=model,
        joined=joined,
        spoken=_SPOKEN,
        which=which,
    )


def partner_mail(which: SQL) -> SQL:
    """Mail on the customer and its contacts, in the company in which it was written."""
    joined = SQL("JOIN res_partner record ON record.commercial_partner_id = p.partner_id")
    same_company = SQL("%s AND COALESCE(m.record_company_id, p.company_id) = p.company_id", which)
    return _messages("res.partner", joined, same_company)


def ticket_mail(which: SQL) -> SQL:
    """Mail on the customer's tickets, both ways."""
    joined = SQL(
        "JOIN customer_ticket record"
        " ON record.partner_id = p.partner_id AND record.company_id = p.company_id"
    )
    return _messages("customer.ticket", joined, which)


def activities(which: SQL, model: str) -> SQL:
    """Calls and meetings planned as activities and marked as done."""
    record = {
        "res.partner": SQL(
            """
            JOIN res_partner record ON record.commercial_partner_id = p.partner_id
            JOIN mail_activity a ON a.res_model = 'res.partner' AND a.res_id = record.id
            JOIN res_users u ON u.id = a.user_id AND u.company_id = p.company_id
            """
        ),
        "customer.profile": SQL(
            "JOIN mail_activity a ON a.res_model = 'customer.profile' AND a.res_id = p.id"
        ),
    }[model]
    return SQL(
        """
        SELECT p.id,
               CASE WHEN a.write_date::date = a.date_done THEN a.write_date
                    ELSE a.date_done + interval '12 hours' END,
               CASE t.category WHEN 'phonecall' THEN 'call' ELSE 'meeting' END, a.user_id
          FROM customer_profile p
          %(record)s
          JOIN mail_activity_type t ON t.id = a.activity_type_id
         WHERE a.active IS FALSE AND a.date_done IS NOT NULL
           AND t.category IN ('phonecall', 'meeting') AND %(which)s
        """,
        record=record,
        which=which,
    )


def every_contact(which: SQL, now) -> SQL:
    """All contacts of the profiles ``p`` for which the condition holds."""
    return SQL(" UNION ALL ").join(
        (
            followups(which),
            meetings(which, now),
            partner_mail(which),
            ticket_mail(which),
            activities(which, "res.partner"),
            activities(which, "customer.profile"),
        )
    )


def touched(company_id: int, since, message_ref: int, now) -> SQL:
    """Profiles of a company with something written since then that may change their last contact."""
    of_partner = SQL(
        "JOIN customer_profile p ON p.partner_id = c.commercial_partner_id AND p.company_id = %s",
        company_id,
    )
    return SQL(
        """
        SELECT f.profile_id FROM customer_followup f
         WHERE f.company_id = %(company)s AND f.write_date >= %(since)s
           AND f.done_at IS NOT NULL AND f.done_at >= %(since)s - interval '1 day'
         UNION
        SELECT p.id FROM calendar_event e
          JOIN calendar_event_res_partner_rel r ON r.calendar_event_id = e.id
          JOIN res_partner c ON c.id = r.res_partner_id %(of_partner)s
         WHERE e.write_date >= %(since)s OR e.stop BETWEEN %(since)s AND %(now)s
         UNION
        SELECT p.id FROM calendar_attendee a JOIN res_partner c ON c.id = a.partner_id %(of_partner)s
         WHERE a.write_date >= %(since)s
         UNION
        SELECT p.id FROM mail_message m JOIN res_partner c ON c.id = m.res_id %(of_partner)s
         WHERE m.id > %(message)s AND m.model = 'res.partner'
         UNION
        SELECT p.id FROM mail_message m JOIN customer_ticket t ON t.id = m.res_id
          JOIN res_partner c ON c.id = t.partner_id %(of_partner)s
         WHERE m.id > %(message)s AND m.model = 'customer.ticket'
         UNION
        SELECT p.id FROM mail_activity a JOIN res_partner c ON c.id = a.res_id %(of_partner)s
         WHERE a.res_model = 'res.partner' AND a.active IS FALSE AND a.write_date >= %(since)s
         UNION
        SELECT a.res_id FROM mail_activity a
         WHERE a.res_model = 'customer.profile' AND a.active IS FALSE AND a.write_date >= %(since)s
         UNION
        SELECT p.id FROM customer_profile p
         WHERE p.company_id = %(company)s
           AND (p.write_date >= %(since)s
                OR NOT EXISTS (SELECT FROM customer_contact_fact k WHERE k.profile_id = p.id))
        """,
        company=company_id,
        since=since,
        now=now,
        message=message_ref,
        of_partner=of_partner,
    )
