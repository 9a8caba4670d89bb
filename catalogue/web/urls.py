"""Addresses of those who keep the catalogue, mounted at /admin/."""

from django.urls import path

from catalogue.web.views import builder, definitions, offerings, parts, plans, portfolio, preview, versions

app_name = "catalogue"
urlpatterns = [
    path("services/", portfolio.services, name="services"),
    path("services/table.csv", portfolio.services_table, name="services_table"),
    path("services/new/", portfolio.new_service, name="new_service"),
    path("services/bands/", definitions.edit_bands, name="bands"),
    path("services/template/", definitions.edit_template, name="definition_template"),
    path("services/<slug:code>/", portfolio.service, name="service"),
    path("services/<slug:code>/edit/", portfolio.edit_service, name="edit_service"),
    path("services/<slug:code>/steps/<slug:step>/", portfolio.service_step, name="service_step"),
    path("services/<slug:code>/definition/", definitions.definition, name="definition"),
    path("services/<slug:code>/definition/edit/", definitions.edit_definition, name="edit_definition"),
    path("services/<slug:code>/definition/publish/", definitions.publish, name="publish_definition"),
    path("offerings/", offerings.offerings, name="offerings"),
    path("offerings/new/", offerings.new_offering, name="new_offering"),
    path("offerings/<slug:code>/", offerings.offering, name="offering"),
    path("offerings/<slug:code>/words/", offerings.offering_words, name="offering_words"),
    path("offerings/<slug:code>/terms/", offerings.offering_terms, name="offering_terms"),
    path("offerings/<slug:code>/place/", offerings.offering_place, name="offering_place"),
    path("offerings/<slug:code>/steps/<slug:step>/", offerings.offering_step, name="offering_step"),
    path("offerings/<slug:code>/form/", builder.offering_form, name="offering_form"),
    path("offerings/<slug:code>/form/add/", builder.new_page, name="new_page"),
    path("offerings/<slug:code>/form/pages/<slug:page>/", builder.form_page, name="form_page"),
    path("offerings/<slug:code>/form/pages/<slug:page>/add/", builder.new_question, name="new_question"),
    path(
        "offerings/<slug:code>/form/questions/<slug:question>/", builder.form_question, name="form_question"
    ),
    path("offerings/<slug:code>/approval/", plans.offering_approval, name="offering_approval"),
    path("offerings/<slug:code>/approval/add/", plans.approval_level, name="new_level"),
    path("offerings/<slug:code>/approval/levels/<slug:level>/", plans.approval_level, name="approval_level"),
    path("offerings/<slug:code>/plan/", plans.offering_plan, name="offering_plan"),
    path("offerings/<slug:code>/plan/add/", plans.plan_task, name="new_task"),
    path("offerings/<slug:code>/plan/tasks/<slug:task>/", plans.plan_task, name="plan_task"),
    path("offerings/<slug:code>/parts/<slug:sort>/<slug:name>/move/", parts.move_part, name="move_part"),
    path(
        "offerings/<slug:code>/parts/<slug:sort>/<slug:name>/remove/", parts.remove_part, name="remove_part"
    ),
    path("offerings/<slug:code>/preview/", preview.offering_preview, name="offering_preview"),
    path("offerings/<slug:code>/versions/", versions.offering_versions, name="offering_versions"),
    path("offerings/<slug:code>/notation/", versions.offering_notation, name="offering_notation"),
]
