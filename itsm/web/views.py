"""Pages of the whole: readiness, theme, errors."""

import sys

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import cache_control

from design.theme import theme_css
from doors.api.errors import PROBLEM, RETRY_SECONDS, problem, problem_of_failure
from doors.api.rendering import JSONRenderer
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


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400 or 413: what was sent is not read any further."""
    return _failure(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 while the database is away: says nothing of the cause, only the reference to quote."""
    return _failure(request, sys.exc_info()[1])


def _failure(request: HttpRequest, error: BaseException | None) -> HttpResponse:
    """The answer to a request that ended in a failure, made without database, session or host name.

    For the API a problem document, whichever layer failed; else a page.
    """
    status, code, detail = problem_of_failure(error)
    reference = str(getattr(request, "id", ""))
    if request.path.startswith("/api/"):
        body = problem(status=status, code=code, detail=detail, request_id=reference)
        response = HttpResponse(JSONRenderer().render(body), status=status, content_type=PROBLEM)
    else:
        name = status if status in (500, 503) else 400
        page = render_to_string(f"errors/{name}.html", {"reference": reference})
        response = HttpResponse(page, status=status)
    if status == 503:
        response["Retry-After"] = str(RETRY_SECONDS)
    return response
