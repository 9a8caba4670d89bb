"""Two addresses."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from bench.bare.views import FaultsView


def alive(_request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse(b"ok")


urlpatterns = [path("livez", alive), path("faults/", FaultsView.as_view())]
