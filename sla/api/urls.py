from django.urls import path

from sla.api.views.promises import CompositionView, PublishView

urlpatterns = [
    path("services/<str:code>/composition/", CompositionView.as_view(), name="api_service_composition"),
    path("services/<str:code>/publish/", PublishView.as_view(), name="api_service_publish"),
]
