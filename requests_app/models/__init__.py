"""Tables of request fulfilment."""

from requests_app.models.baskets import Basket, BasketFile, BasketLine
from requests_app.models.requests import Order, Request

__all__ = ["Basket", "BasketFile", "BasketLine", "Order", "Request"]
