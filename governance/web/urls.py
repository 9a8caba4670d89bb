"""Addresses of readiness, mounted at /admin/."""

from django.urls import path

from governance.web import views

app_name = "governance"
urlpatterns = [
    path("readiness/", views.overview, name="overview"),
    path("readiness/checklist/", views.edit_checklist, name="checklist"),
    *(
        pattern
        for about, folder in (("service", "services"), ("supplier", "suppliers"))
        for pattern in (
            path(f"{folder}/<slug:code>/readiness/", views.readiness, {"about": about}, name=about),
            path(
                f"{folder}/<slug:code>/readiness/<slug:check>/<slug:step>/",
                views.act,
                {"about": about},
                name=f"{about}_act",
            ),
            path(
                f"{folder}/<slug:code>/readiness/<slug:check>/files/<uuid:key>/",
                views.evidence_file,
                {"about": about},
                name=f"{about}_file",
            ),
        )
    ),
]
