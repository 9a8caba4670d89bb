"""What names of a history become in a tenant, and how records that are still open go on."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from catalogue.models import Category, Service
from incidents.models import Incident
from incidents.public import Report, raise_incident, resolve, take
from people.models import Organisation, SupportGroup
from records.models import AuditEntry, Comment, Record
from sla.models import Clock
from sla.public import clocks_of, custody_of
from sla.services.replay import replay
from tenancy.engine.scope import tenant_scope
from tests.support.world import World, build_world
from transition.queries import Verdict, find_import, verdicts_of
from transition.services.import_history import ImportOutcome, import_history

pytestmark = pytest.mark.django_db

NOW = datetime(2024, 3, 1, 12, 0, tzinfo=UTC)
MAPPING = """
rows: {kind: cases, key: id}
times:
  zone: Europe/London
  format: iso
  opened: opened
  responded: answered
  assigned: given
  resolved: resolved
  closed: closed
fields:
  title: title
  description: text
  requester: caller
  priority: priority
  support_group: team
  assignee: owner
  service: service
  category: category
  organisation: unit
  state: {column: status, values: {Open: in_progress, Waiting: pending_requester, Shut: closed}}
providers: {"Wires*": Wires Ltd}
calendars: {always: {always: true}}
targets:
  - {code: fix, applies_to: {service: E-mail}, duration: 4h, calendar: always, stop: resolved, pause: pending_requester}
  - {code: fix-other, duration: 8h, calendar: always, stop: resolved}
  - {code: answer, metric: response, duration: 30m, calendar: always, stop: ["responded:comment"]}
  - {code: wires, kind: uc, applies_to: {provider: Wires Ltd}, duration: 2h, calendar: always, stop: resolved}
"""
HEAD = "id,title,text,caller,priority,team,owner,service,category,unit,status,opened,answered,given,resolved,closed"


def take_in(folder: Path, *rows: str) -> ImportOutcome:
    (folder / "map.yaml").write_text(MAPPING, encoding="utf-8")
    (folder / "cases.csv").write_text("\n".join([HEAD, *rows]), encoding="utf-8")
    return import_history(
        mapping_path=folder / "map.yaml",
        file=folder / "cases.csv",
        rejects=folder / "rejects.csv",
        at=NOW,
        name="Mail desk 2024",
    )


@pytest.fixture
def world() -> World:
    return build_world()


def test_names_find_what_the_tenant_has_and_make_what_it_lacks(world: World, tmp_path: Path) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        outcome = take_in(
            tmp_path,
            "1,A,,user@defra.example,1,Network,agent@defra.example,E-mail,Disk,Agency,Shut,"
            "2024-02-01T08:00,2024-02-01T08:10,2024-02-01T08:20,2024-02-01T09:00,2024-02-02T08:00",
            "2,B,,Somebody Else,2,Wires London,Jo Bloggs,Payroll,Disk,Mars,Shut,"
            "2024-02-01T08:00,,2024-02-01T08:20,2024-02-01T09:00,2024-02-02T08:00",
        )
        assert outcome.records_written == 2
        known, strange = Record.objects.order_by("external_reference")
        assert known.support_group_id == world.network_group.pk
        assert known.service_id == world.service.pk
        assert (known.requester_id, known.assignee_id) == (world.user.pk, world.agent.pk)
        assert known.organisation is not None
        assert known.organisation.name == "Agency"
        assert strange.support_group is not None
        assert strange.support_group.name == "Wires London"
        assert strange.support_group.provider.name == "Wires Ltd"
        assert (strange.requester_id, strange.assignee_id) == (None, None)
        assert Incident.objects.get(pk=strange.pk).contact == "Somebody Else"
        assert Category.objects.filter(name="Disk").count() == 1
        assert Service.objects.filter(name="Payroll").count() == 1
        assert Organisation.objects.filter(name="Mars").count() == 1
        assert SupportGroup.objects.filter(name="Network").count() == 1
        names = [
            entry.facts["assignee_name"]
            for entry in AuditEntry.objects.filter(record=strange)
            if "assignee_name" in entry.facts
        ]
        assert names == [[None, "Jo Bloggs"]]
        applied = {(verdict.external_reference, verdict.target) for verdict in _verdicts()}
        assert applied == {("1", "fix"), ("1", "answer"), ("2", "fix-other"), ("2", "answer"), ("2", "wires")}
        assert next(iter(replay()))[1] == []


def test_a_comment_of_theirs_stops_the_response_and_can_be_found(world: World, tmp_path: Path) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        take_in(
            tmp_path,
            "1,Printer,,a,1,Network,b,E-mail,,,Shut,"
            "2024-02-01T08:00,2024-02-01T08:29,,2024-02-01T09:00,2024-02-02T08:00",
        )
        (answer,) = [verdict for verdict in _verdicts() if verdict.target == "answer"]
        assert (answer.elapsed_seconds, answer.target_seconds, answer.met) == (29 * 60, 1800, True)
        assert Comment.objects.get().written_at == datetime(2024, 2, 1, 8, 29, tzinfo=UTC)


def test_open_records_go_on_living_and_only_what_is_to_come_is_told(world: World, tmp_path: Path) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        take_in(
            tmp_path,
            "1,Fresh,,a,1,Network,,E-mail,,,Open,2024-03-01T11:00,2024-03-01T11:10,,,",
            "2,Late,,a,1,Network,,E-mail,,,Open,2024-03-01T06:00,2024-03-01T06:10,,,",
        )
        fresh, late = Record.objects.order_by("external_reference")
        running = Clock.objects.get(record=fresh, metric="resolution")
        assert (running.state, running.next_fire_at) == ("running", datetime(2024, 3, 1, 13, 0, tzinfo=UTC))
        overdue = Clock.objects.get(record=late, metric="resolution")
        due = datetime(2024, 3, 1, 10, 0, tzinfo=UTC)
        assert (overdue.next_fire_at, overdue.due_at, overdue.breached_at) == (None, due, due)
        (open_verdict,) = [
            each for each in _verdicts() if each.external_reference == "2" and each.target == "fix"
        ]
        assert (open_verdict.met, open_verdict.stopped_at, open_verdict.elapsed_seconds) == (
            None,
            None,
            6 * 3600,
        )
        engineer = world.actor(world.engineer)
        record = take(record=fresh, actor=engineer, at=datetime(2024, 3, 1, 12, 30, tzinfo=UTC))
        record = resolve(
            record=record,
            resolution_code="fixed",
            resolution="Restarted",
            actor=engineer,
            at=datetime(2024, 3, 1, 14, 0, tzinfo=UTC),
        )
        (clock,) = [clock for clock in clocks_of(record, NOW) if clock.metric == "resolution"]
        assert (clock.state, clock.elapsed, clock.met) == ("stopped", 3 * 3600, True)
        assert next(iter(replay()))[1] == []


def test_live_records_of_the_same_service_keep_the_promises_of_the_tenant(
    world: World, tmp_path: Path
) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        take_in(tmp_path, "1,A,,a,1,Network,,E-mail,,,Open,2024-03-01T11:00,,,,")
        live = raise_incident(
            report=Report(title="Mail", service="email"), actor=world.actor(world.agent), at=NOW
        )
        assert {clock.code for clock in clocks_of(live, NOW)} == {"resolution-rest", "response"}


def test_a_text_that_cannot_be_kept_costs_its_record_and_no_other(world: World, tmp_path: Path) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        long = "x" * 200
        outcome = take_in(
            tmp_path,
            *(f"{count},A,,a,1,Network,,E-mail,,,Open,2024-03-01T11:00,,,," for count in range(5)),
            f"{long},A,,a,1,Network,,E-mail,,,Open,2024-03-01T11:00,,,,",
            "nul,A\x00B,,a,1,Network,,E-mail,,,Open,2024-03-01T11:00,,,,",
        )
        assert (outcome.rows_read, outcome.rows_rejected, outcome.records_refused) == (7, 1, 1)
        assert outcome.records_written == 6
        assert Record.objects.get(external_reference="nul").title == "AB"


def test_a_record_without_a_group_is_held_by_nobody(world: World, tmp_path: Path) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        take_in(tmp_path, "1,A,,a,1,,,E-mail,,,Shut,2024-02-01T08:00,,,2024-02-01T09:00,2024-02-02T08:00")
        record = Record.objects.get()
        assert record.support_group_id is None
        ledger = custody_of(record, NOW)
        assert {stretch.party_kind for stretch in ledger} == {"unassigned"}
        assert sum(stretch.seconds for stretch in ledger) == 86_400


def _verdicts() -> list[Verdict]:
    source = find_import("Mail desk 2024")
    assert source is not None
    return list(verdicts_of(source, now=NOW))
