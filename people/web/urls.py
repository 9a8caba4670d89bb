from django.urls import path

from people.api.views import TokenView
from people.web import views

urlpatterns = [
    path("identity/o/api/token", TokenView.as_view(), name="access_token"),
    # In the log-in library's place: it would let people log in by an address that their membership does not have.
    path("account/email/", views.own_address, name="own_address"),
    path("account/tenant/", views.choose_tenant, name="choose_tenant"),
    path("preferences/", views.preferences, name="preferences"),
]
