"""Where links lead that the market's tools make of a key: `/incident.do?sys_id=…`."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from market.queries.conditions import as_key
from market.queries.tables import KINDS
from records.public import get_record_by_id


@require_safe
@never_cache
@login_required
def in_our_pages(request: HttpRequest, table: str) -> HttpResponse:
    """The record's own page, in the desk or the portal, for whoever may see it; 404 for anyone else."""
    actor, key = getattr(request, "actor", None), as_key(request.GET.get("sys_id", ""))
    record = get_record_by_id(actor, key) if actor is not None and key is not None else None
    if actor is None or record is None or record.kind != KINDS[table]:
        raise Http404
    page = f"desk:{record.kind}" if actor.may("desk:use") else "portal:record"
    return HttpResponseRedirect(reverse(page, args=[record.number]))
