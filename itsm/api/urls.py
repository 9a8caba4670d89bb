"""The API's root: one version, one resource style."""

from django.urls import include, path, re_path

from itsm.api.views import DocumentedSchemaView, NoSuchResourceView, ReferenceView, RootView

urlpatterns = [
    path("", RootView.as_view(), name="api_root"),
    path("schema/", DocumentedSchemaView.as_view(), name="api_schema"),
    path("reference/", ReferenceView.as_view(), name="api_reference"),
    path("", include("incidents.api.urls")),
    path("", include("requests_app.api.urls")),
    path("", include("approvals.api.urls")),
    path("", include("records.api.urls")),
    path("", include("sla.api.urls")),
    path("", include("catalogue.api.urls")),
    path("", include("governance.api.urls")),
    path("", include("suppliers.api.urls")),
    path("", include("exchange.api.urls")),
    path("", include("people.api.urls")),
    path("", include("reporting.api.urls")),
    re_path(r"^", NoSuchResourceView.as_view()),
]
