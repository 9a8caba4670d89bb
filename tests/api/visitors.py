"""Ways to look at a record that is not there for whoever looks."""

import json
import re
from pathlib import Path
from typing import Any
from uuid import UUID

from django.test import Client
from django.utils import timezone

from outbox.public import dispatch_batch
from people.models import Membership, Person
from records.models import Record
from records.public import attach_file
from tenancy.engine.scope import tenant_scope
from tests.api.caller import Caller, same
from tests.support.world import World

NOWHERE = "INC9999999"


class Browser:
    """A member in a browser, under a host name."""

    def __init__(self, member: Membership, host: str = "localhost") -> None:
        self.host = host
        self.client = Client(raise_request_exception=False)
        self.client.force_login(Person.objects.get(pk=member.person_id))

    def get(self, path: str, **headers: str) -> Any:
        """The response to a GET."""
        return self.client.get(path, headers={"Host": self.host} | headers)

    def post(self, path: str, body: Any = None) -> Any:
        """The response to a POST: of JSON under /api/, of a form elsewhere."""
        if path.startswith("/api/"):
            body = json.dumps(body or {})
            return self.client.post(path, body, content_type="application/json", headers={"Host": self.host})
        return self.client.post(path, body or {}, headers={"Host": self.host})


STEPS: dict[str, dict[str, Any]] = {
    "assign": {"support_group": "service-desk"},
    "start": {},
    "take": {},
    "pend": {"waiting_for": "provider", "reason": "x"},
    "resume": {},
    "resolve": {"resolution_code": "fixed", "resolution": "x"},
    "reopen": {"comment": "x"},
    "confirm": {},
    "close": {},
    "cancel": {"reason": "x"},
    "comments": {"body": "x"},
    "work-notes": {"body": "x"},
}
READS = ("", "comments/", "work-notes/", "attachments/", "audit/")


def routes_of(call: Caller, number: str) -> list[Any]:
    """What every route on a record answers."""
    answers = [call("GET", f"incidents/{number}/{rest}") for rest in READS]
    answers += [call("POST", f"incidents/{number}/{name}/", body) for name, body in STEPS.items()]
    answers.append(call("PATCH", f"incidents/{number}/", {"urgency": 1}))
    answers.append(call.upload(f"incidents/{number}/attachments/", "x.txt", b"harmless"))
    answers.append(call("GET", f"incidents/{number}/", If_None_Match='"v1"'))
    answers.append(call("PATCH", f"incidents/{number}/", {"urgency": 1}, If_Match='"v1"'))
    answers.append(call("POST", f"incidents/{number}/start/", {}, Idempotency_Key="once"))
    return answers


def assert_as_nothing(call: Caller, number: str) -> None:
    """Every route on the record answers as for a number that was never given."""
    for seen, nothing in zip(routes_of(call, number), routes_of(call, NOWHERE), strict=True):
        assert same(seen, nothing), (
            seen.request["PATH_INFO"],
            seen.status_code,
            seen.content,
            nothing.content,
        )
        assert seen.status_code in (403, 404)


def clean_file(world: World, number: str, name: str = "log.txt") -> UUID:
    """A file on a record, scanned and let out."""
    with tenant_scope(world.tenant.pk, actor="system:test"), Path(__file__).open("rb") as content:
        record = Record.objects.get(number=number)
        made = attach_file(
            record=record, name=name, content=content, actor=world.actor(world.agent), at=timezone.now()
        )
    while dispatch_batch():
        pass
    return made.pk


def restricted(world: World, number: str) -> None:
    """Restrict a record to its support group."""
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert Record.objects.filter(number=number).update(is_restricted=True)


def without_tokens(html: str) -> str:
    """A page without what differs at each showing: nonces, form tokens, signatures and times."""
    html = re.sub(r"[\w:.%=&;-]{22,}", "", html)
    return re.sub(r"\d{1,2}:\d{2}(:\d{2})?|\d+ (seconds?|minutes?)", "", html)
