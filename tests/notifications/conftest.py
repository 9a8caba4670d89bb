"""A real mail server, a real Redis, and the outbox run by hand."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.db import connection
from pytest_django.fixtures import Settings

from itsm.runner.home import free_port
from outbox.services.dispatch import dispatch_batch
from tenancy.engine.scope import platform_scope

Deliver = Callable[[], None]
SMTP = "django.core.mail.backends.smtp.EmailBackend"


@dataclass
class MailServer:
    """What the mail server took, and how to make it refuse."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    refused_addresses: dict[str, str] = field(default_factory=dict)
    answer_to_data: str = "250 OK"
    _controller: Controller | None = None

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Refuse the addresses that a test named."""
        if address in self.refused_addresses:
            return self.refused_addresses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name
        """Keep the mail, or answer as the test wants."""
        if self.answer_to_data.startswith("250"):
            parser = BytesParser(EmailMessage, policy=policy.default)
            self.mails.append(parser.parsebytes(envelope.content))
        return self.answer_to_data

    def start(self) -> None:
        """Listen."""
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        """Hang up."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def to(self, address: str) -> list[EmailMessage]:
        """The mails to an address, oldest first."""
        return [mail for mail in self.mails if address in str(mail["To"])]

    def subjects(self, address: str) -> list[str]:
        """Their subjects."""
        return [str(mail["Subject"]) for mail in self.to(address)]

    def clear(self) -> None:
        """Forget what came so far."""
        self.mails.clear()


@pytest.fixture
def mail_server(settings: Settings) -> Iterator[MailServer]:
    """A mail server that the platform is set up to send through."""
    server = MailServer(port=free_port())
    settings.EMAIL_BACKEND = SMTP
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.MAIL_IS_SENT = True
    server.start()
    yield server
    server.stop()


@pytest.fixture
def deliver() -> Callable[[], None]:
    """Deliver every message that is due, as the dispatcher does; waiting times of failed ones are skipped."""

    def run() -> None:
        with platform_scope("worker"), connection.cursor() as cursor:
            cursor.execute("UPDATE outbox_delivery SET next_at = now() WHERE status = 'pending'")
        for _ in range(50):
            if not dispatch_batch():
                return

    return run


def text_of(mail: EmailMessage) -> str:
    """The text part."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def html_of(mail: EmailMessage) -> str:
    """The HTML part."""
    body = mail.get_body(("html",))
    assert body is not None
    return str(body.get_content())
