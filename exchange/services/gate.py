"""What speaks against a level, as far as the exchange goes."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from exchange.models import Counterpart, Endpoint
from exchange.services.speak import PROCESSES


def against_level(*, provider: Any, process: str, level: str) -> Mapping[str, str]:
    """Integrate needs an endpoint that is told of changes; leaving it, that nothing is on the wire."""
    if level == "integrate":
        if process not in PROCESSES:
            return {"level": gettext("Records of this process are not exchanged yet.")}
        if not Endpoint.objects.filter(provider=provider).exists():
            return {"endpoint": gettext("Say first where their system is told of changes.")}
        return {}
    waiting = Counterpart.objects.filter(
        provider=provider,
        acknowledged_at__isnull=True,
        record__kind=process,
        record__provider=provider,
        record__phase__in=("open", "pending"),
    ).count()
    if waiting:
        words = gettext("%(count)s records are still on the wire. Hand them on, or acknowledge them, first.")
        return {"level": words % {"count": waiting}}
    return {}
