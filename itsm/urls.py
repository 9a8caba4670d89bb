"""Every address of the platform."""

from django.urls import include, path

from itsm.web import views
from market.web.urls import client_patterns, link_patterns
from sla.web.urls import dispute_patterns
from suppliers.web.urls import agreement_patterns

urlpatterns = [
    # Most asked for first: each address is compared with these in order.
    path("api/v1/", include("itsm.api.urls")),
    path("", include("market.api.urls")),
    path("desk/mail/", include("notifications.web.urls")),
    path("desk/", include((dispute_patterns, "disputes"))),
    path("desk/", include("desk.web.urls")),
    path("admin/contracts/", include("suppliers.web.urls")),
    path("admin/suppliers/", include((agreement_patterns, "agreements"))),
    path("admin/suppliers/", include("exchange.web.urls")),
    path("admin/clients/", include((client_patterns, "market"))),
    path("admin/", include("catalogue.web.urls")),
    path("admin/", include("governance.web.urls")),
    path("admin/hooks/", include("requests_app.web.urls")),
    path("admin/", include("sla.web.urls")),
    path("reports/", include("reporting.web.urls")),
    path("readyz", views.ready, name="readyz"),
    path("theme.css", views.theme, name="theme"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include((link_patterns, "links"))),
    # Before the libraries that it limits.
    path("", include("people.web.urls")),
    path("account/", include("allauth.urls")),
    path("", include("allauth.idp.urls")),
    path("", include("portal.web.urls")),
]
handler400 = "itsm.web.views.bad_request"
handler403 = "itsm.web.views.forbidden"
handler404 = "itsm.web.views.not_found"
handler500 = "itsm.web.views.server_error"
