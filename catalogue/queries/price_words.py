"""Prices in words."""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext


def price_in_words(price: Decimal | None, period: str = "once", quantity: int = 1) -> str:
    """A price in pounds: "£12.50", "£3 a month", "Free"."""
    if not price:
        return gettext("Free")
    total = price * quantity
    places = 0 if total == total.to_integral_value() else 2
    amount = f"£{number_format(total, decimal_pos=places, force_grouping=True)}"
    if period == "month":
        return gettext("%(amount)s a month") % {"amount": amount}
    if period == "year":
        return gettext("%(amount)s a year") % {"amount": amount}
    return amount
