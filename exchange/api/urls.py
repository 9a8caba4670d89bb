from django.urls import path

from exchange.api.views import (
    EndpointPauseView,
    EndpointResumeView,
    EndpointSecretView,
    EndpointView,
    ExchangeDropView,
    ExchangeMessagesInView,
    ExchangeMessagesView,
    ExchangeReplayView,
)

_OF = "suppliers/<slug:code>/endpoint/"

urlpatterns = [
    path("exchange/<slug:process>/messages/", ExchangeMessagesInView.as_view(), name="api_exchange_say"),
    path(_OF, EndpointView.as_view(), name="api_endpoint"),
    path(f"{_OF}secret/", EndpointSecretView.as_view(), name="api_endpoint_secret"),
    path(f"{_OF}pause/", EndpointPauseView.as_view(), name="api_endpoint_pause"),
    path(f"{_OF}resume/", EndpointResumeView.as_view(), name="api_endpoint_resume"),
    path(f"{_OF}messages/", ExchangeMessagesView.as_view(), name="api_exchange_messages"),
    path(f"{_OF}messages/<uuid:key>/replay/", ExchangeReplayView.as_view(), name="api_exchange_replay"),
    path(f"{_OF}messages/<uuid:key>/drop/", ExchangeDropView.as_view(), name="api_exchange_drop"),
]
