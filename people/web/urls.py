from django.urls import path

from people.web import views

urlpatterns = [
    path("account/tenant/", views.choose_tenant, name="choose_tenant"),
    path("preferences/", views.preferences, name="preferences"),
]
