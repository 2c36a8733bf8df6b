"""The customer's tickets under ``/my``: say something, see what became of it, look up what one said."""

import csv
import io

from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.fields import Domain
from odoo.http import content_disposition, request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

from ..models.ticket.choices import KINDS
from ..models.ticket.customer_ticket_files import CustomerFile
from ..models.ticket.customer_ticket_portal import NEWEST
from ..tools.customer_files import HEAD

#: A subject and a text as long as a person writes; the rest would only fill the disk.
SUBJECT, WORDS = 150, 20_000
#: Signs of a text that serve as its subject.
TITLE = 60
#: So many of the customer's orders and products are offered to choose from.
CHOICES = 40
#: So many tickets are exported in one go.
EXPORTED = 10_000


def one_line(text) -> str:
    return " ".join((text or "").split())[:SUBJECT]


def title_of(words) -> str:
    """The beginning of what somebody wrote, for a ticket without a subject of its own."""
    line = one_line(words)
    if len(line) <= TITLE:
        return line
    cut = line[:TITLE]
    return (cut.rpartition(" ")[0] or cut) + "…"


def many_lines(text) -> str:
    return (text or "").strip()[:WORDS]


def number_of(text) -> int:
    return int(text) if (text or "").isascii() and (text or "").isdecimal() else 0


class TicketPortal(CustomerPortal):
    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "customer_ticket_count" in counters:
            Ticket = request.env["customer.ticket"]
            values["customer_ticket_count"] = (
                Ticket.search_count([]) if Ticket.has_access("read") else 0
            )
        return values

    # ---- all of them: the archive --------------------------------------------------------------

    def _ticket_filters(self):
        return {
            "all": {"label": request.env._("All"), "domain": Domain.TRUE},
            "open": {"label": request.env._("Open"), "domain": Domain("closed_at", "=", False)},
            "closed": {
                "label": request.env._("Closed"),
                "domain": Domain("closed_at", "!=", False),
            },
        }

    def _ticket_sortings(self):
        return {
            "newest": {"label": request.env._("Newest"), "order": NEWEST},
            "oldest": {"label": request.env._("Oldest"), "order": "opened_at, id"},
            "subject": {"label": request.env._("Subject"), "order": "name, id"},
        }

    def _found_tickets_domain(self, filterby, search):
        Ticket = request.env["customer.ticket"]
        domain = self._ticket_filters()[filterby]["domain"]
        words = one_line(search)
        return domain & Ticket._found_domain(words) if words else domain

    @http.route(
        ["/my/tickets", "/my/tickets/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def my_tickets(self, page=1, sortby=None, filterby=None, search=None, **kw):
        Ticket = request.env["customer.ticket"]
        if not Ticket.has_access("read"):
            return request.redirect("/my")
        sortings, filters = self._ticket_sortings(), self._ticket_filters()
        sortby = sortby if sortby in sortings else "newest"
        filterby = filterby if filterby in filters else "all"
        domain = self._found_tickets_domain(filterby, search)
        url_args = {"sortby": sortby, "filterby": filterby, "search": search}
        values = self._prepare_portal_layout_values()
        pages = pager(
            url="/my/tickets",
            total=Ticket.search_count(domain),
            page=page,
            step=self._items_per_page,
            url_args=url_args,
        )
        tickets = Ticket.search(
            domain,
            order=sortings[sortby]["order"],
            limit=self._items_per_page,
            offset=pages["offset"],
        )
        request.session["my_tickets_history"] = tickets.ids[:100]
        values.update(
            page_name="customer_tickets",
            tickets=tickets,
            pager=pages,
            default_url="/my/tickets",
            searchbar_sortings=sortings,
            sortby=sortby,
            searchbar_filters=filters,
            filterby=filterby,
            search=search or "",
            search_in="all",
            searchbar_inputs={"all": {"input": "all", "label": request.env._("Said or solved")}},
        )
        return request.render("customer_success.portal_my_tickets", values)

    @http.route("/my/tickets/export", type="http", auth="user", website=True, methods=["GET"])
    def export_tickets(self, filterby=None, search=None, **kw):
        """What the list shows, all pages of it, as a table."""
        Ticket = request.env["customer.ticket"]
        if not Ticket.has_access("read"):
            return request.redirect("/my")
        filterby = filterby if filterby in self._ticket_filters() else "all"
        tickets = Ticket.search(
            self._found_tickets_domain(filterby, search), order=NEWEST, limit=EXPORTED
        )
        table = io.StringIO()
        writer = csv.writer(table, quoting=csv.QUOTE_ALL)
        writer.writerow(Ticket._archive_titles())
        for row in tickets._archive_rows():
            # a spreadsheet takes a cell that begins so for a formula
            writer.writerow(
                ["'" + text if text[:1] in "=+-@\t\r" and text else text for text in row]
            )
        name = request.env._("opinions") + ".csv"
        return request.make_response(
            table.getvalue().encode("utf-8-sig"),
            headers=[
                ("Content-Type", "text/csv; charset=utf-8"),
                ("Content-Disposition", content_disposition(name)),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )

    # ---- a new one -----------------------------------------------------------------------------

    def _own_orders(self):
        """Orders that the customer may say something about."""
        partner = request.env.user.partner_id.commercial_partner_id
        return (
            request.env["sale.order"]
            .sudo()
            .search(
                [("partner_id", "child_of", partner.ids), ("state", "=", "sale")],
                order="date_order desc, id desc",
                limit=CHOICES,
            )
        )

    def _own_products(self):
        """What the customer was invoiced for lately, or ordered."""
        partner = request.env.user.partner_id.commercial_partner_id
        invoiced = (
            request.env["account.move.line"]
            .sudo()
            ._read_group(
                [
                    ("move_id.commercial_partner_id", "=", partner.id),
                    ("move_id.move_type", "=", "out_invoice"),
                    ("parent_state", "=", "posted"),
                    ("display_type", "=", "product"),
                    ("product_id.active", "=", True),
                ],
                ["product_id"],
                limit=CHOICES,
                order="date:max desc",
            )
        )
        products = request.env["product.product"].sudo().union(*(one for (one,) in invoiced))
        ordered = self._own_orders().order_line.product_id
        return (products | ordered.filtered("active"))[:CHOICES]

    def _new_ticket_values(self, post):
        """What was typed so far, made safe; an order or product that is not the customer's is dropped."""
        orders = self._own_orders()
        products = self._own_products()
        kind = post.get("kind")
        return {
            "page_name": "customer_ticket_new",
            "kinds": request.env["customer.ticket"]
            ._fields["kind"]
            ._description_selection(request.env),
            "kind": kind if kind in dict(KINDS) else "",
            "orders": orders,
            "order": orders.filtered(lambda order: order.id == number_of(post.get("order_id"))),
            "products": products,
            "product": products.filtered(lambda p: p.id == number_of(post.get("product_id"))),
            "subject": one_line(post.get("subject")),
            "words": many_lines(post.get("words")),
            "company": request.env.company.sudo(),
            "errors": [],
        }

    def _posted_files(self):
        files = []
        for upload in request.httprequest.files.getlist("files"):
            if upload.filename:
                raw = upload.read()
                files.append(CustomerFile(upload.filename, raw[:HEAD], len(raw), raw))
        return files

    @http.route("/my/tickets/new", type="http", auth="user", website=True, methods=["GET"])
    def new_ticket(self, step=None, **kw):
        """First what it is about, then in one's own words; without a script, step by step."""
        values = self._prepare_portal_layout_values() | self._new_ticket_values(kw)
        second = step == "say" and values["kind"]
        return request.render(
            "customer_success.portal_ticket_say"
            if second
            else "customer_success.portal_ticket_about",
            values,
        )

    @http.route("/my/tickets/new/send", type="http", auth="user", website=True, methods=["POST"])
    def send_ticket(self, **post):
        values = self._prepare_portal_layout_values() | self._new_ticket_values(post)
        if not values["kind"]:
            return request.render("customer_success.portal_ticket_about", values)
        Ticket = request.env["customer.ticket"]
        order = values["order"]
        company = order.company_id or values["company"]
        files = self._posted_files()
        errors = Ticket._why_not_all(files, company)
        if not values["words"]:
            errors.insert(0, request.env._("Please say in a few words what happened."))
        if errors:
            values["errors"] = errors
            values["files_lost"] = bool(files)
            return request.render("customer_success.portal_ticket_say", values)
        ticket = Ticket._open_by_customer(
            {
                "name": values["subject"] or title_of(values["words"]),
                "kind": values["kind"],
                "channel": "portal",
                "company_id": company.id,
                "contact_id": request.env.user.partner_id.id,
                "order_id": order.id,
                "product_id": values["product"].id,
            },
            values["words"],
            files,
        )
        return request.redirect(f"/my/tickets/{ticket.id}?message=received")

    # ---- one of them ---------------------------------------------------------------------------

    @http.route("/my/tickets/<int:ticket_id>", type="http", auth="public", website=True)
    def my_ticket(self, ticket_id, access_token=None, message=None, **kw):
        try:
            ticket = self._document_check_access("customer.ticket", ticket_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        survivor = ticket._standing()
        if survivor != ticket:  # merged only with tickets of the same customer
            return request.redirect(survivor.get_portal_url(query_string="&message=merged"))
        return self._show_ticket(ticket, access_token, message=message, **kw)

    def _show_ticket(self, ticket, access_token, **kw):
        ticket = ticket.with_context(lang=request.env.lang)
        values = {
            "page_name": "customer_ticket",
            "ticket": ticket,
            "timeline": ticket._portal_timeline(),
            "may_reopen": ticket._portal_reopens() and not request.env.user._is_internal(),
            "message": kw.get("message"),
            "words": kw.get("words", ""),
            "errors": kw.get("errors", []),
        }
        kw = {name: kw[name] for name in ("pid", "hash") if kw.get(name)}
        return request.render(
            "customer_success.portal_my_ticket",
            self._get_page_view_values(
                ticket, access_token, values, "my_tickets_history", False, **kw
            ),
        )

    @http.route(
        "/my/tickets/<int:ticket_id>/reopen",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def reopen_ticket(self, ticket_id, access_token=None, words=None, **kw):
        try:
            ticket = self._document_check_access("customer.ticket", ticket_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        ticket = ticket._standing()
        user, words = request.env.user, many_lines(words)
        if user._is_internal():  # it is the customer's word, not a colleague's
            return request.redirect(f"/my/tickets/{ticket_id}")
        if not words:
            errors = [request.env._("Please say in a few words what is not solved.")]
            return self._show_ticket(ticket, access_token, errors=errors, **kw)
        if ticket._portal_reopens():
            author = (
                ticket.contact_id or ticket.partner_id if user._is_public() else user.partner_id
            )
            ticket._reopen_by_customer(words, author or user.partner_id)
        token = f"&access_token={access_token}" if access_token else ""
        return request.redirect(f"/my/tickets/{ticket_id}?message=reopened{token}")
