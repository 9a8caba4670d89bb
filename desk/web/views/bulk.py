"""Taking or assigning the ticked records of a list."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from desk.services.bulk import Chosen, Outcome, change_many
from desk.web.views.access import actor_of, desk_page
from desk.web.views.kinds import KINDS, KindPages
from lifecycle.public import NotFoundError
from records.public import Record

LIMIT = 100


@require_POST
@desk_page
def bulk(request: HttpRequest, kind: str) -> HttpResponse:
    """Change what can be changed, then go back to the list and say what was refused, and why."""
    pages, chosen = KINDS[kind], _chosen(request)
    if not pages.bulk:
        raise NotFoundError(gettext("There is no such step."))
    if not chosen:
        messages.error(request, pages.words.tick_first)
    elif request.POST.get("do") == "assign" and not request.POST.get("support_group"):
        messages.error(request, gettext("Choose the support group to assign to. Nothing was changed."))
    else:
        _tell(request, _change(request, pages, chosen))
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = f"/desk/{pages.listing.feed}/"
    return HttpResponseRedirect(back)


def _chosen(request: HttpRequest) -> list[Chosen]:
    """The ticked rows, `number:version` each; what is not of that form was not ticked on our page."""
    chosen = []
    for value in request.POST.getlist("selected")[:LIMIT]:
        number, _, version = value.partition(":")
        if version.isdigit():
            chosen.append(Chosen(number, int(version)))
    return chosen


def _change(request: HttpRequest, pages: KindPages, chosen: list[Chosen]) -> Outcome:
    actor, now = actor_of(request), timezone.now()
    group, assignee = request.POST.get("support_group", ""), request.POST.get("assignee", "").strip()

    def step(record: Record, version: int) -> Any:
        if request.POST.get("do") == "assign":
            return pages.bulk["assign"](
                record=record,
                support_group=group,
                assignee=assignee,
                actor=actor,
                at=now,
                seen_version=version,
            )
        return pages.bulk["take"](record=record, actor=actor, at=now, seen_version=version)

    return change_many(kind=pages.listing.kind, chosen=chosen, actor=actor, step=step)


def _tell(request: HttpRequest, outcome: Outcome) -> None:
    changed, refused = len(outcome.changed), len(outcome.refused)
    words = ngettext("%(count)d changed", "%(count)d changed", changed) % {"count": changed}
    if not refused:
        messages.success(request, words)
        return
    words += ", " + ngettext("%(count)d refused", "%(count)d refused", refused) % {"count": refused}
    reasons = [f"{', '.join(numbers)}: {reason}" for reason, numbers in outcome.refused_by_reason.items()]
    messages.warning(request, "\n".join([words, *reasons]))
