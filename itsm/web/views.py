"""Pages of the whole: readiness, theme, errors."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control

from design.theme import theme_css
from itsm.queries import readiness
from people.public import get_tenant, tenant_by_host


def ready(request: HttpRequest) -> HttpResponse:
    """`/readyz`: what the platform stands on, 503 when any of it is missing."""
    report = readiness()
    return JsonResponse(report, status=200 if report["ready"] else 503)


@cache_control(max_age=300, private=True)
def theme(request: HttpRequest) -> HttpResponse:
    """The tenant's colours, as a file of this origin, so that the strict style policy holds."""
    actor = getattr(request, "actor", None)
    tenant = (
        get_tenant(actor.tenant_id) if actor else tenant_by_host(request.get_host().split(":")[0].lower())
    )
    return HttpResponse(
        theme_css(brand_colour=tenant.brand_colour if tenant else "#1d70b8"), content_type="text/css"
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return render(request, "errors/403.html", {"error": exception}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: says nothing of the cause, only the reference to quote."""
    return render(request, "errors/500.html", {"reference": getattr(request, "id", "")}, status=500)
