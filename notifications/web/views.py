"""The mailbox: what the platform wrote to people, for those who must answer for it."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from doors.engine.keyset import CursorError, Order, page_of
from lifecycle.public import ForbiddenError
from notifications.queries import enclosures_of, get_mail, mailbox
from people.public import Actor

PAGE_LENGTH = 50
NEWEST_FIRST = Order("created_at")


@login_required
@require_safe
def mailbox_page(request: HttpRequest) -> HttpResponse:
    """The tenant's mails, newest first. A cursor that is not of this list starts at the top."""
    mails = mailbox(_actor(request))
    try:
        page = page_of(mails, order=NEWEST_FIRST, limit=PAGE_LENGTH, cursor=request.GET.get("cursor", ""))
    except CursorError:
        page = page_of(mails, order=NEWEST_FIRST, limit=PAGE_LENGTH)
    context = {
        "mails": page.rows,
        "newer_url": _cursor_url(page.previous_cursor),
        "older_url": _cursor_url(page.next_cursor),
    }
    return render(request, "notifications/mailbox.html", context)


@login_required
@require_safe
def mail_page(request: HttpRequest, mail_id: UUID) -> HttpResponse:
    """One mail as text, with its envelope and what became of it."""
    mail = get_mail(_actor(request), mail_id)
    enclosed = [] if mail.record else enclosures_of(mail.outbox_message)
    envelope = [
        (_("To"), f"{mail.to_name} <{mail.to_address}>" if mail.to_name else mail.to_address),
        *([(_("About"), mail.record.number)] if mail.record else []),
        *([(_("Enclosed"), ", ".join(file.name for file in enclosed))] if enclosed else []),
        (_("State"), mail.get_state_display()),
        (_("Language"), mail.language),
        (_("Message-ID"), mail.message_id),
        (_("Thread"), mail.thread_id),
    ]
    if mail.error:
        envelope.append((_("The mail server said"), mail.error))
    return render(request, "notifications/mail.html", {"mail": mail, "envelope": envelope})


@login_required
@require_safe
def mail_document(request: HttpRequest, mail_id: UUID) -> HttpResponse:
    """A mail's HTML as its reader gets it, in a sandbox: no scripts, no requests, no standing as this site."""
    response = HttpResponse(get_mail(_actor(request), mail_id).html)
    response["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
        " sandbox allow-popups allow-popups-to-escape-sandbox"
    )
    response["Cache-Control"] = "private, no-store"
    return response


def _actor(request: HttpRequest) -> Actor:
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise ForbiddenError(gettext("You are not a member here."), permission="mail:read")
    return actor


def _cursor_url(cursor: str) -> str:
    return f"?{urlencode({'cursor': cursor})}" if cursor else ""
