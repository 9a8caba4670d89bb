"""The catalogue of 200 and of 2,000 offerings with audience rules, and an order of twenty lines: time and statements.

`python -m bench.catalogue_speed` prints JSON. In one process, without HTTP, on the database of the environment, whose
two tenants it makes the first time.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

import bench.ready  # noqa: F401  it must come first
from bench.meter import machine_speed
from bench.words import search_words
from calendars.public import define_calendar
from catalogue.public import (
    AudienceCodes,
    change_draft,
    create_offering,
    create_service,
    file_offering,
    publish_offering,
)
from people.models import Person
from people.public import (
    Actor,
    actor_of_person,
    add_member,
    all_tenants,
    create_group,
    create_organisation,
    create_provider,
    create_tenant,
    get_tenant,
)
from requests_app.public import basket_of, start_line
from tenancy.engine.scope import tenant_scope

SIZES = (200, 2_000)
LINES = 20
_ROUNDS = 60
_ORDERS = 12
_WARM = 5
_LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
_OFFICE = {
    "zone": "Europe/London",
    "weekly": {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
}
_PLACES = 20


def load(size: int) -> int:
    """A tenant with so many offerings: half for everybody, the others by organisation, role and group. Its key."""
    code = f"shelf-{size}"
    known = {tenant.code: tenant.pk for tenant in all_tenants()}
    if code in known:
        return known[code]
    tenant = create_tenant(code=code, name=code.title(), host=f"{code}.localhost")
    with tenant_scope(tenant.pk, actor="system:bench"):
        root = create_organisation(code="root", name="Root")
        for number in range(_PLACES):
            create_organisation(code=f"place-{number}", name=f"Place {number}", parent=root)
        provider = create_provider(code="desk", name="Desk", is_internal=True)
        group = create_group(code="service-desk", name="Service desk", provider=provider, is_entry_point=True)
        calendar = define_calendar(code="office", name="Office", definition=_OFFICE, effective_from=_LONG_AGO)
        service = create_service(code="things", name="Things", support_group=group, hours=calendar)
        place = create_organisation(code="here", name="Here", parent=root)
        add_member(email=f"user@{code}.example", name="User", roles=["end-user"], organisation=place)
        add_member(email=f"chief@{code}.example", name="Chief", roles=["administrator"], organisation=root)
        chief = actor(tenant.pk, "chief")
        words = search_words()
        for number in range(size):
            made = create_offering(
                code=f"thing-{number}",
                service=service,
                name=f"{words[number % len(words)]} {number}",
                actor=chief,
            )
            name = f"{words[number % len(words)]} {number}"
            made = change_draft(offering=made, changes=_design(name, number), actor=chief)
            file_offering(
                offering=made, service=service, category=None, audience=_audience(number), actor=chief
            )
            publish_offering(offering=made, actor=chief, at=timezone.now() - timedelta(days=1))
    return tenant.pk


def _audience(number: int) -> AudienceCodes:
    """Whom it is for: everybody, those of one place, a role, a place and a role, or a group."""
    place = f"place-{number % _PLACES}"
    return (
        AudienceCodes(),
        AudienceCodes(organisations=[place, "here"]),
        AudienceCodes(),
        AudienceCodes(roles=["administrator"]),
        AudienceCodes(),
        AudienceCodes(organisations=[place], roles=["end-user"]),
        AudienceCodes(),
        AudienceCodes(support_groups=["service-desk"]),
    )[number % 8]


def _design(name: str, number: int) -> dict[str, Any]:
    def both(text: str) -> dict[str, str]:
        return {"en": text, "cy": text}

    tasks = [
        {
            "code": f"t{place}",
            "name": both(f"Task {place}"),
            "group": "service-desk",
            "after": [f"t{place - 1}"] if place else [],
            "takes": "PT4H",
            "calendar": "office",
        }
        for place in range(4)
    ]
    return {
        "name": both(name),
        "summary": both(f"{name}, for work"),
        "description": both(f"All about {name}."),
        "price": f"{number % 90 + 1}.50",
        "plan": {"tasks": tasks},
    }


def actor(tenant_id: int, who: str) -> Actor:
    """One of the tenant's two people. Call inside the tenant."""
    code = get_tenant(tenant_id).code
    person = Person.objects.get(email=f"{who}@{code}.example")
    found = actor_of_person(person.pk, tenant_id=tenant_id, door="portal")
    if found is None:
        raise LookupError(f"{who} is no member of {code}")
    return found


def measure(tenant_id: int) -> dict[str, dict[str, float]]:
    """Of each page, and of ordering: the median and the 95th of a hundred in milliseconds, and the statements."""
    code = get_tenant(tenant_id).code
    client = Client(headers={"host": f"{code}.localhost"})
    client.force_login(Person.objects.get(email=f"user@{code}.example"))
    words = search_words()

    def opens(*addresses: str) -> Callable[[int], None]:
        def open_page(turn: int) -> None:
            answer = client.get(addresses[turn % len(addresses)])
            if answer.status_code != 200:
                raise RuntimeError(f"{addresses}: {answer.status_code}")

        return open_page

    found = {
        "catalogue page": _timed(opens("/request/", "/request/?after=thing-16"), _ROUNDS),
        "catalogue search": _timed(opens(*(f"/request/?q={word[:4]}" for word in words[:50])), _ROUNDS),
        "catalogue API": _timed(opens("/api/v1/offerings/?limit=50"), _ROUNDS),
    }

    def fill(_: int) -> None:
        with tenant_scope(tenant_id, actor="system:bench"):
            who = actor(tenant_id, "user")
            for number in range(LINES):
                start_line(offering=f"thing-{number * 2}", actor=who, at=timezone.now())

    def order(_: int) -> None:
        with tenant_scope(tenant_id, actor="system:bench"):
            version = basket_of(actor(tenant_id, "user")).version
        answer = client.post("/basket/check/", {"version": version})
        if answer.status_code != 302:
            raise RuntimeError(f"the order was not placed: {answer.status_code}")

    found["basket of 20"] = _timed(opens("/basket/"), 10, before=lambda turn: None if turn else fill(turn))
    order(0)
    found["order of 20"] = _timed(order, _ORDERS, before=fill)
    return found


def _timed(
    act: Callable[[int], None], rounds: int, *, before: Callable[[int], object] = lambda _: None
) -> dict[str, float]:
    times, statements = [], []
    for turn in range(rounds):
        before(turn)
        if turn % 10 == 9 or rounds < 20:
            with CaptureQueriesContext(connection) as asked:
                began = time.perf_counter()
                act(turn)
                taken = time.perf_counter() - began
            statements.append(len(asked))
        else:
            began = time.perf_counter()
            act(turn)
            taken = time.perf_counter() - began
        if turn >= min(_WARM, rounds // 4):
            times.append(taken * 1000)
    ordered = sorted(times)
    return {
        "p50_ms": round(statistics.median(ordered), 1),
        "p95_ms": round(ordered[int(len(ordered) * 0.95)], 1),
        # The first may still read what is kept afterwards.
        "statements": max(statements[1:] or statements),
    }


def main() -> None:
    """Both sizes, as JSON."""
    tenants = [load(size) for size in SIZES]
    small, large = (measure(tenant) for tenant in tenants)
    rows = [
        {"op": name, "unit_ms": round(machine_speed(), 1)}
        | {f"small_{key}": value for key, value in small[name].items()}
        | {f"large_{key}": value for key, value in large[name].items()}
        for name in small
    ]
    sys.stdout.write(json.dumps(rows))


if __name__ == "__main__":
    main()
