"""A mail server on this machine that keeps what it gets, or refuses it as real ones do."""

import socket
from contextlib import contextmanager
from email import message_from_bytes, policy
from typing import NamedTuple
from unittest.mock import patch

from aiosmtpd.controller import Controller

HOST = "127.0.0.1"


class Delivered(NamedTuple):
    sender: str
    recipients: list[str]
    mail: object

    @property
    def text(self) -> str:
        return self.mail.get_body(("html", "plain")).get_content()

    @property
    def files(self) -> dict:
        return {
            part.get_filename(): part.get_payload(decode=True)
            for part in self.mail.iter_attachments()
        }


class SmtpServer:
    """``mode``: take, busy (451 after the data), drop (hang up within the data) or never (550).

    ``refused`` are recipients that are refused for now, whatever the mode.
    """

    def __init__(self):
        self.box, self.mode, self.refused = [], "take", set()
        with socket.socket() as free:
            free.bind((HOST, 0))
            self.port = free.getsockname()[1]
        self._controller = None

    def start(self):
        self._controller = Controller(self, hostname=HOST, port=self.port)
        self._controller.start()

    def stop(self):
        if self._controller:
            self._controller.stop()
            self._controller = None

    # ---- what aiosmtpd calls -------------------------------------------------------------------

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if self.mode == "never":
            return "550 no such user"
        if address in self.refused:
            return "451 greylisted, try later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.mode == "busy":
            return "451 try later"
        if self.mode == "drop":
            server.transport.abort()
            return "421 gone"
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.box.append(Delivered(envelope.mail_from, list(envelope.rcpt_tos), mail))
        return "250 OK"

    # ---- for a test ----------------------------------------------------------------------------

    @contextmanager
    def serving(self, env):
        """Odoo sends for real, to this server and nowhere else."""
        servers = env["ir.mail_server"].sudo()
        servers.search([]).active = False
        servers.create(
            {
                "name": "Loopback",
                "smtp_host": HOST,
                "smtp_port": self.port,
                "smtp_encryption": "none",
                "smtp_authentication": "login",
            }
        )
        with patch.object(type(servers), "_disable_send", lambda _: False):
            yield self
