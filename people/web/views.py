"""Choosing among one's memberships, and personal preferences."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from people.queries import places_of
from people.services.preferences import set_preferences
from people.web.middleware import SESSION_TENANT


@login_required
def choose_tenant(request: HttpRequest) -> HttpResponse:
    """Switch between memberships."""
    places = places_of(request.user.pk)  # type: ignore[arg-type]
    if request.method == "POST":
        chosen = next((place for place in places if place.code == request.POST.get("tenant")), None)
        if chosen is None:
            return render(request, "people/choose_tenant.html", {"places": places, "wrong": True}, status=422)
        request.session[SESSION_TENANT] = chosen.tenant_id
        return HttpResponseRedirect("/")
    return render(request, "people/choose_tenant.html", {"places": places})


@login_required
def own_address(request: HttpRequest) -> HttpResponse:
    """`/account/email/`: the address to log in by is the membership's, and only its tenant changes it."""
    return HttpResponseRedirect("/account/preferences/")


@login_required
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Set theme, density, shortcuts or language, then back to where one was."""
    set_preferences(person_id=request.user.pk, values=request.POST.dict())  # type: ignore[arg-type]
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = "/"
    return HttpResponseRedirect(back)
