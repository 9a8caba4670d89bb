"""What is defined here."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from doors.web.views import actor_of, page_for
from sla.queries.definitions import all_calendars, target_lines


@require_safe
@page_for("sla:read")
def index(request: HttpRequest) -> HttpResponseBase:
    """The kinds of definition, with how many there are of each."""
    actor = actor_of(request)
    may_define = actor.may("sla:define")
    sections = [
        {
            "title": gettext("Targets"),
            "text": gettext("What is promised to users, between groups and by suppliers."),
            "count": len(target_lines(actor)),
            "url": reverse("sla:targets"),
            "new_url": reverse("sla:target_new") if may_define else "",
            "new_text": gettext("New target"),
        },
        {
            "title": gettext("Calendars"),
            "text": gettext("The hours that promises are counted in."),
            "count": len(all_calendars(actor)),
            "url": reverse("sla:calendars"),
            "new_url": reverse("sla:calendar_new") if may_define else "",
            "new_text": gettext("New calendar"),
        },
    ]
    return render(request, "sla/index.html", {"sections": sections})
