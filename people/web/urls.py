from django.urls import path

from people.api.views import TokenView
from people.web import views

urlpatterns = [
    path("identity/o/api/token", TokenView.as_view(), name="access_token"),
    path("account/tenant/", views.choose_tenant, name="choose_tenant"),
    path("preferences/", views.preferences, name="preferences"),
]
