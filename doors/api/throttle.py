"""So many requests a minute for each API client, and for each address that asks for a token."""

import time
from typing import Any
from uuid import UUID

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from doors.engine.rates import seconds_to_wait, used_lately
from people.public import Actor


class AddressThrottle(BaseThrottle):
    """Limits callers nobody knows yet by their network address and `ITSM_TOKEN_RATE`."""

    _wait = 0

    def allow_request(self, request: Request, view: Any) -> bool:
        """Count the request, and whether it may be served."""
        self._wait = seconds_to_wait(
            f"address:{request.META.get('REMOTE_ADDR', '')}", settings.TOKEN_RATE, now=time.time()
        )
        return not self._wait

    def wait(self) -> float | None:
        """Seconds until it may be again."""
        return float(self._wait)


def calls_of(client_id: UUID) -> tuple[int, str]:
    """How many requests of an API client were counted in the running period, and the limit, as "60000/minute"."""
    return used_lately(f"client:{client_id}", settings.API_RATE), settings.API_RATE


class ClientThrottle(BaseThrottle):
    """Limits API clients by `ITSM_API_RATE`; members in a browser are not limited."""

    _wait = 0

    def allow_request(self, request: Request, view: Any) -> bool:
        """Count the request, and whether it may be served."""
        actor: Actor | None = request.user  # type: ignore[assignment]  # our authentication classes say who
        if actor is None or actor.client_id is None:
            return True
        self._wait = seconds_to_wait(f"client:{actor.client_id}", settings.API_RATE, now=time.time())
        return not self._wait

    def wait(self) -> float | None:
        """Seconds until it may be again."""
        return float(self._wait)
