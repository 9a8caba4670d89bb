"""Tables of request fulfilment."""

from requests_app.models.baskets import Basket, BasketFile, BasketLine
from requests_app.models.requests import Order, Request
from requests_app.models.tasks import AllowedHost, AutomationRun, Hook, HookDelivery, Task

__all__ = [
    "AllowedHost",
    "AutomationRun",
    "Basket",
    "BasketFile",
    "BasketLine",
    "Hook",
    "HookDelivery",
    "Order",
    "Request",
    "Task",
]
