"""Where an agent arrives."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from desk.queries.home import home_of
from desk.web.views.access import actor_of, desk_page
from desk.web.views.incident_list import links_to_views


@require_GET
@desk_page
def home(request: HttpRequest) -> HttpResponse:
    """What to work on next, what breaches soon, what is new, what waits on me."""
    found = home_of(actor_of(request), timezone.now())
    return render(request, "desk/home.html", {"home": found, "views": links_to_views(found.counts)})
