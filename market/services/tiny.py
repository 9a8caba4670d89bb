"""Long addresses under short keys."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from market.models import TinyAddress

KEPT_FOR = timedelta(days=1)


def keep_address(*, query: str, provider_id: UUID, at: datetime) -> str:
    """The key under which a query string can be asked for, for a day. What is older is forgotten on the way."""
    TinyAddress.objects.filter(kept_at__lt=at - KEPT_FOR).delete()
    key = secrets.token_hex(16)
    TinyAddress.objects.create(provider_id=provider_id, key=key, query=query, kept_at=at)
    return key
