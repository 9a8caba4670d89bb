from django.urls import path

from catalogue.api.views import ServicesView, ServiceView

urlpatterns = [
    path("services/", ServicesView.as_view(), name="api_services"),
    path("services/<str:code>/", ServiceView.as_view(), name="api_service"),
]
