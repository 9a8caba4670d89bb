"""Drafts over the API: the same steps as on their pages, for the same people."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sla.models import Draft, DraftRun, Escalation, TargetVersion
from sla.services import selection
from sla.services.run_draft import run_draft
from tenancy.engine.scope import tenant_scope
from tests.api.caller import caller
from tests.api.visitors import Browser
from tests.sla.drafting import LONGER, RECORDS, Ticking, definer, other_target, resolved_records
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db

HERE = "/api/v1/drafts/"
BODY: dict[str, Any] = {"name": "Sixteen hours", "document": LONGER}
STEPS = ("run", "cancel", "adopt", "discard")


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr(selection, "PAGE", 2)
    built = build_world()
    with tenant_scope(built.tenant.pk, actor="system:test"):
        resolved_records(built)
        yield built


@pytest.fixture
def boss(world: World) -> Browser:
    return Browser(world.administrator)


def send(who: Browser, method: str, path: str, body: Any = None, **headers: str) -> Any:
    call = getattr(who.client, method)
    return call(
        path,
        json.dumps(body or {}),
        content_type="application/json",
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


def written(boss: Browser, **more: Any) -> str:
    made = boss.post(HERE, BODY | more)
    assert made.status_code == 201, made.content
    assert made["Location"] == f"{HERE}{made.json()['id']}/"
    return str(made["Location"])


def tried(boss: Browser, **more: Any) -> str:
    here = written(boss, **more)
    assert boss.post(f"{here}run/").status_code == 202
    run = DraftRun.objects.get(state="queued")
    assert run_draft(run_id=run.pk, read_time=Ticking()) == "finished"
    return here


def test_from_writing_to_adopting(world: World, boss: Browser) -> None:
    here = written(boss, services=["email"], priorities=[2, 3, 4, 5], opened_from="2026-01-01")
    body = boss.get(here).json()
    assert body["changes"] == ["Target resolution-rest, duration: 16h instead of 8h"]
    assert (body["services"], body["priorities"], body["opened_from"]) == (
        ["email"],
        [2, 3, 4, 5],
        "2026-01-01",
    )
    assert (body["state"], body["made_by"], body["trial"], body["result"]) == (
        "draft",
        world.administrator.name,
        None,
        None,
    )
    assert boss.get(f"{here}changes/").json()["results"] == []
    asked = boss.post(f"{here}run/")
    assert (asked.status_code, asked.json()["trial"]["state"]) == (202, "queued")
    again = boss.post(f"{here}run/")
    assert (again.status_code, again.json()["code"]) == (422, "what_if_running")
    run_draft(run_id=DraftRun.objects.get().pk, read_time=Ticking())
    body = boss.get(here).json()
    assert (body["trial"]["state"], body["trial"]["done"], body["trial"]["total"]) == (
        "finished",
        RECORDS,
        RECORDS,
    )
    result = body["result"]
    assert (result["records"], result["records_changed"], result["stale"]) == (RECORDS, RECORDS, "")
    assert (result["total"]["breached_before"], result["total"]["breaches_gone"]) == (2 * RECORDS, RECORDS)
    for dimension in ("service", "provider", "priority", "month", "measure"):
        assert sum(line["breaches_gone"] for line in result["by"][dimension]) == RECORDS
    assert [line["place"] for line in result["by"]["provider"]] == [world.supplier.code]
    adopted = send(boss, "post", f"{here}adopt/", If_Match='"v1"')
    assert (adopted.status_code, adopted.json()["state"]) == (200, "adopted"), adopted.content
    assert adopted.json()["effective_from"] is not None
    assert TargetVersion.objects.filter(target__code="resolution-rest", duration=16 * 3600).count() == 1
    for step in ("run", "adopt", "discard"):
        assert boss.post(f"{here}{step}/").json()["code"] == "illegal_step"


def test_what_a_draft_says_of_escalations_is_adopted(world: World, boss: Browser) -> None:
    rows = "[{percent: 100, action: reassign, support_group: network}]"
    here = tried(boss, document=LONGER.rstrip("}\n") + f", escalations: {rows}}}\n")
    assert boss.post(f"{here}adopt/").status_code == 200
    assert list(Escalation.objects.values_list("percent", "support_group__code")) == [(100, "network")]


def test_what_would_change_comes_in_pages_and_by_filter(world: World, boss: Browser) -> None:
    here = tried(boss)
    seen: list[str] = []
    address = f"{here}changes/?limit=2"
    while address:
        page = boss.get(address).json()
        seen += [row["number"] for row in page["results"]]
        address = page["next"]
    assert len(seen) == len(set(seen)) == RECORDS
    row = boss.get(f"{here}changes/?limit=1").json()["results"][0]
    assert (row["target"], row["direction"], row["before"], row["after"]) == (
        "resolution-rest",
        "better",
        "breached",
        "met",
    )
    assert (row["service"], row["provider"]) == ("email", world.supplier.code)
    for query, count in (
        (f"provider={world.supplier.code}", RECORDS),
        (f"provider={world.desk_provider.code}", 0),
        ("service=email&direction=better", RECORDS),
        ("direction=worse", 0),
    ):
        assert len(boss.get(f"{here}changes/?{query}").json()["results"]) == count, query
    for query, status in (
        ("direction=up", 400),
        ("provider=nobody", 422),
        ("cursor=x", 400),
        ("limit=0", 400),
    ):
        assert boss.get(f"{here}changes/?{query}").status_code == status, query


def test_every_mistake_has_its_line(boss: Browser) -> None:
    answer = boss.post(
        HERE, {"name": " x", "document": "targets:\n- code: a b\n  duration: 2 days\n", "services": ["mailx"]}
    )
    body = answer.json()
    assert (answer.status_code, body["code"]) == (422, "draft_invalid")
    assert {error["field"] for error in body["errors"]} == {"document", "services"}
    assert {fault["line"] for fault in body["faults"]} == {2, 3}
    for wrong in ({}, BODY | {"priorities": [9]}, BODY | {"colour": 1}, BODY | {"opened_from": "soon"}):
        assert boss.post(HERE, wrong).status_code == 400
    unchanged = boss.post(HERE, BODY | {"document": LONGER.replace("16h", "8h")})
    assert (unchanged.status_code, [error["field"] for error in unchanged.json()["errors"]]) == (
        422,
        ["document"],
    )
    assert not Draft.objects.exists()


def test_of_two_who_edit_the_later_one_is_told(boss: Browser) -> None:
    here = tried(boss)
    first = send(boss, "patch", here, {"name": "Mine"}, If_Match='"v1"')
    assert (first.status_code, first["ETag"]) == (200, '"v2"')
    assert (first.json()["document"], first.json()["result"]["stale"]) == (LONGER, "edited")
    second = send(boss, "patch", here, {"name": "Yours"}, If_Match='"v1"')
    assert (second.status_code, second.json()["code"]) == (409, "stale_version")
    for step, code in (("run", "stale_version"), ("discard", "stale_version"), ("adopt", "what_if_stale")):
        refused = send(boss, "post", f"{here}{step}/", If_Match='"v1"')
        assert refused.json()["code"] == code
        assert refused.status_code in (409, 422)
    assert Draft.objects.get().name == "Mine"
    assert Draft.objects.get().state == "draft"


def test_a_result_of_other_definitions_is_not_adopted(world: World, boss: Browser) -> None:
    here = tried(boss)
    other_target(world)
    assert boss.get(here).json()["result"]["stale"] == "definitions"
    refused = boss.post(f"{here}adopt/")
    assert refused.json()["code"] == "what_if_stale"
    assert Draft.objects.get().state == "draft"


def test_a_time_that_cannot_be_is_refused_by_field(boss: Browser) -> None:
    here = tried(boss)
    for given, status in (("2020-01-01T00:00:00Z", 422), ("2090-01-01T00:00:00Z", 422), ("soon", 400)):
        refused = boss.post(f"{here}adopt/", {"effective_from": given})
        assert refused.status_code == status
        assert [error["field"] for error in refused.json()["errors"]] == ["effective_from"]


def test_a_trial_is_cancelled_and_a_draft_thrown_away(boss: Browser) -> None:
    here = written(boss)
    boss.post(f"{here}run/")
    cancelled = boss.post(f"{here}cancel/")
    assert (cancelled.status_code, cancelled.json()["trial"]["state"]) == (200, "cancelled")
    assert boss.post(f"{here}cancel/").status_code == 200
    gone = send(boss, "post", f"{here}discard/", If_Match='"v1"')
    assert (gone.status_code, gone.json()["state"], gone.json()["changes"]) == (200, "discarded", [])
    assert [row["state"] for row in boss.get(HERE).json()["results"]] == ["discarded"]


def test_a_retry_writes_once(boss: Browser) -> None:
    answers = [send(boss, "post", HERE, BODY, Idempotency_Key="once") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].content == answers[1].content
    here = answers[0]["Location"]
    runs = [send(boss, "post", f"{here}run/", Idempotency_Key="again") for _ in range(2)]
    assert [answer.status_code for answer in runs] == [202, 202]
    assert (Draft.objects.count(), DraftRun.objects.count()) == (1, 1)


@pytest.mark.parametrize("who", ["agent", "engineer", "user"])
def test_only_managers_write(world: World, boss: Browser, who: str) -> None:
    here = tried(boss)
    visitor = Browser(getattr(world, who))
    assert visitor.post(HERE, BODY).status_code == 403
    assert send(visitor, "patch", here, {"name": "x"}).status_code == 403
    for step in STEPS:
        assert visitor.post(f"{here}{step}/").status_code == 403
    # As on the pages: who reads service levels of all the tenant reads drafts.
    reads = 200 if who == "agent" else 403
    for address in (HERE, here, f"{here}changes/"):
        assert visitor.get(address).status_code == reads
    assert Draft.objects.get().state == "draft"


def test_a_suppliers_system_sees_nothing_of_it(world: World, boss: Browser) -> None:
    key = tried(boss).removeprefix("/api/v1/")
    supplier = caller(world, "supplier", "supplier-system")
    for method, path in (("GET", "drafts/"), ("GET", key), ("GET", f"{key}changes/"), ("POST", f"{key}run/")):
        assert supplier(method, path).status_code == 403


def test_another_tenants_draft_is_like_none(boss: Browser) -> None:
    here = tried(boss)
    stranger = Browser(build_world("dvla").administrator)
    absent = f"{HERE}0198a9a5-0000-7000-8000-000000000000/"
    for rest in ("", "changes/"):
        seen, nothing = stranger.get(here + rest), stranger.get(absent + rest)
        assert (seen.status_code, seen.json()["code"]) == (nothing.status_code, nothing.json()["code"])
        assert seen.status_code == 404
    for step in STEPS:
        assert stranger.post(f"{here}{step}/").status_code == 404
    assert stranger.get(HERE).json()["results"] == []
    assert Draft.objects.get().state == "draft"


def test_a_list_takes_as_many_reads_for_many_as_for_few(world: World, boss: Browser) -> None:
    def reads(address: str) -> int:
        boss.get(address)
        with CaptureQueriesContext(connection) as counted:
            assert boss.get(address).status_code == 200
        return len(counted)

    here = tried(boss)
    few = (reads(HERE), reads(f"{here}changes/?limit=1"))
    for number in range(5):
        written(boss, name=f"Draft {number}")
    assert (reads(HERE), reads(f"{here}changes/")) == few
    assert Draft.objects.filter(made_by=definer(world).membership_id).count() == 6
