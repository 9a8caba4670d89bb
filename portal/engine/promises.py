"""When something is ready, in words, before it is ordered."""

from datetime import datetime
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from design.components import moment
from design.languages import once_per_language
from design.moments import long_moment


def ready_in_words(at: datetime | None, *, is_approved: bool) -> SafeString | str:
    """When it is ready if it is ordered now; "" when nobody can say. `is_approved`: somebody is asked first."""
    return _said("approved" if is_approved else "plain", at)


def offer_ready_in_words(promise: Any, *, is_approved: bool) -> SafeString | str:
    """The same for an offering whose questions are not answered yet (requests_app.OfferPromise, or None)."""
    if promise is None:
        return ""
    latest = "latest-" if promise.is_latest else ""
    return _said(f"{latest}{'approved' if is_approved else 'plain'}", promise.at)


def _said(phrase: str, at: datetime | None) -> SafeString | str:
    return format_html(_phrases()[phrase], at=moment(at, long_moment(at))) if at else ""


@once_per_language
def _phrases() -> dict[str, str]:
    # A place to fill of its own kind, because the words around it are escaped and the time is markup.
    at = {"at": "{at}"}
    return {
        "plain": gettext("%(at)s, if you order it now") % at,
        "approved": gettext("%(at)s, if you order it now and it is approved at once") % at,
        "latest-plain": gettext("%(at)s at the latest, if you order it now") % at,
        "latest-approved": gettext("%(at)s at the latest, if you order it now and it is approved at once")
        % at,
    }
