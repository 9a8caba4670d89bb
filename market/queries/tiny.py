"""What short keys stand for."""

from market.models import TinyAddress


def address_kept(key: str) -> str | None:
    """The query string kept under a key; None when there is none any more."""
    return TinyAddress.objects.filter(key=key).values_list("query", flat=True).first()
