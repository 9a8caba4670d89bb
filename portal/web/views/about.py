"""Pages about the service and about oneself."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from design.languages import speaking
from people.public import Actor, entry_group, places_of, set_preferences, tenant_by_host
from portal.web.forms import PreferencesForm
from portal.web.views.page import portal_page
from tenancy.engine.scope import tenant_scope


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """`/accessibility/`: what works for whom, and what is not known. For everybody."""
    return render(request, "portal/accessibility.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """`/privacy/`: what is kept about people, and why. For everybody."""
    return render(request, "portal/privacy.html")


@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    """`/contact/`: how to reach the service desk, also for those who cannot sign in."""
    actor: Actor | None = getattr(request, "actor", None)
    tenant = tenant_by_host(request.get_host().split(":")[0].lower())
    tenant_id = actor.tenant_id if actor else tenant.pk if tenant else None
    group = None
    if tenant_id is not None:
        with tenant_scope(tenant_id):
            group = entry_group()
    return render(request, "portal/contact.html", {"group": group})


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def preferences(request: HttpRequest, actor: Actor) -> HttpResponse:
    """`/account/preferences/`: language, appearance, density, shortcuts."""
    del actor
    person = request.user
    initial = {
        "language": getattr(person, "language", "en-gb"),
        "theme": getattr(person, "theme", "auto"),
        "density": getattr(person, "density", "comfortable"),
        "shortcuts": "on" if getattr(person, "shortcuts_enabled", True) else "off",
    }
    form = PreferencesForm(request.POST if request.method == "POST" else None, initial=initial)
    if not form.is_bound or not form.is_valid():
        context = {"form": form, "person": person, "places": places_of(person.pk)}  # type: ignore[arg-type]
        return render(request, "portal/preferences.html", context, status=422 if form.is_bound else 200)
    set_preferences(person_id=person.pk, values=form.cleaned_data)  # type: ignore[arg-type]
    with speaking(form.cleaned_data["language"]):
        messages.success(request, gettext("Your preferences have been saved"))
    response = redirect("portal:preferences")
    # The language switch at the foot of each page leaves a cookie, which would go before the choice just made.
    response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
    return response
