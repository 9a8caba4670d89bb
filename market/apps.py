from django.apps import AppConfig


class MarketConfig(AppConfig):
    """The interface of the market's largest product, so that tools which speak it work here unchanged."""

    name = "market"
