"""Addresses of the definitions, mounted at /admin/."""

from django.urls import URLPattern

app_name = "sla"
urlpatterns: list[URLPattern] = []
