from django.urls import path

from governance.api.views import CheckFilesView, CheckFileView, CheckView, OverviewView, ReadinessView

urlpatterns = [
    path("readiness/", OverviewView.as_view(), name="api_readiness_overview"),
    *(
        pattern
        for about, folder in (("service", "services"), ("supplier", "suppliers"))
        for pattern in (
            path(
                f"readiness/{folder}/<slug:code>/",
                ReadinessView.as_view(),
                {"about": about},
                name=f"api_readiness_{about}",
            ),
            path(
                f"readiness/{folder}/<slug:code>/<slug:check>/",
                CheckView.as_view(),
                {"about": about},
                name=f"api_readiness_{about}_check",
            ),
            path(
                f"readiness/{folder}/<slug:code>/<slug:check>/files/",
                CheckFilesView.as_view(),
                {"about": about},
                name=f"api_readiness_{about}_files",
            ),
            path(
                f"readiness/{folder}/<slug:code>/<slug:check>/files/<uuid:key>/",
                CheckFileView.as_view(),
                {"about": about},
                name=f"api_readiness_{about}_file",
            ),
        )
    ),
]
