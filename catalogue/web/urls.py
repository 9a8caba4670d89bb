"""Addresses of those who keep the catalogue, mounted at /admin/."""

from django.urls import path

from catalogue.web.views import definitions, portfolio

app_name = "catalogue"
urlpatterns = [
    path("services/", portfolio.services, name="services"),
    path("services/new/", portfolio.new_service, name="new_service"),
    path("services/template/", definitions.edit_template, name="definition_template"),
    path("services/<slug:code>/", portfolio.service, name="service"),
    path("services/<slug:code>/edit/", portfolio.edit_service, name="edit_service"),
    path("services/<slug:code>/steps/<slug:step>/", portfolio.service_step, name="service_step"),
    path("services/<slug:code>/definition/", definitions.definition, name="definition"),
    path("services/<slug:code>/definition/edit/", definitions.edit_definition, name="edit_definition"),
    path("services/<slug:code>/definition/publish/", definitions.publish, name="publish_definition"),
]
