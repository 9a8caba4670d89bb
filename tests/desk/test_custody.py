"""Whose time it was, on the incident's page; what time a group would have, before it is handed over."""

from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from desk.engine.outlook import budget_in_words, forecast_in_words, hand_over_in_words
from incidents.public import Report, assign, get_incident, pend, raise_incident, resolve, resume
from records.models import Record
from sla.engine import Allowance, Budget
from sla.models import ForecastTally
from sla.public import ForecastView, TargetTerms, define_target
from tenancy.engine.scope import tenant_scope
from tests.desk.visits import log_in, raise_some
from tests.support.world import LONG_AGO, World, build_world

pytestmark = pytest.mark.django_db
HOUR = 3600


@pytest.fixture
def world() -> World:
    return build_world()


def _define_supplier_target(world: World, *, hours: int) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        terms = TargetTerms(
            kind="uc",
            metric="resolution",
            duration=hours * HOUR,
            calendar=world.calendar,
            scope={"provider": [str(world.supplier.pk)]},
        )
        define_target(code="network-uc", name="network-uc", terms=terms, effective_from=LONG_AGO)


def _late(world: World) -> Record:
    """Passed to the supplier, paused there without a word, ended by the same person, resolved weeks late."""
    with tenant_scope(world.tenant.pk, actor="system:test"):
        agent, engineer = world.actor(world.agent), world.actor(world.engineer)
        now = timezone.now() - timedelta(days=40)
        record = raise_incident(report=Report(title="Mail", service="email"), actor=agent, at=now)

        def at(days: int) -> dict[str, object]:
            return {"record": get_incident(agent, record.number), "at": now + timedelta(days=days)}

        assign(support_group="network", actor=agent, **at(1))  # type: ignore[arg-type]
        pend(waiting_for="provider", reason="parts", actor=engineer, **at(14))  # type: ignore[arg-type]
        resume(actor=engineer, **at(16))  # type: ignore[arg-type]
        resolve(resolution_code="fixed", resolution="x", actor=engineer, **at(28))  # type: ignore[arg-type]
    return record


def test_the_page_says_who_had_it_when_and_whose_minutes_the_breach_was(world: World) -> None:
    record = _late(world)
    page = unescape(log_in(world.agent).get(f"/desk/incidents/{record.number}/").content.decode())
    assert "Passed on 1 time. Network resolved it." in page
    assert "When they had it" in page
    assert "Whose minutes the breach of resolution-rest was" in page
    assert "Network Co" in page
    assert "Waiting for a provider: 2d" in page
    assert "Engineer paused it (Network) and ended the wait too." in page
    assert "of the promise used" in page


def test_an_incident_that_went_nowhere_says_so(world: World) -> None:
    [record] = raise_some(world)
    page = log_in(world.agent).get(f"/desk/incidents/{record.number}/").content.decode()
    assert "Not passed on." in page
    assert "Whose minutes" not in page
    assert "breached from here" not in page


def test_the_list_shows_the_users_clock_beside_the_contracts(world: World) -> None:
    raise_some(world)
    page = log_in(world.agent).get("/desk/incidents/?view=all").content.decode()
    assert "User’s clock:" in page


def test_handing_over_tells_the_time_the_group_would_have(world: World) -> None:
    [record] = raise_some(world)
    agent, path = log_in(world.agent), f"/desk/incidents/{record.number}/assign/"
    alone = unescape(agent.get(f"{path}?support_group=network").content.decode())
    assert "left of the customer's 8 hours; Network has no target of its own." in alone
    _define_supplier_target(world, hours=3)
    chosen = {"support_group": "network", "show_members": "1", "version": str(record.version), "next": ""}
    both = unescape(agent.post(path, chosen).content.decode())
    assert "3 hours left of the own target of Network; " in both
    assert "left of the customer's 8 hours." in both


def test_who_holds_it_sees_its_budget_and_a_supplier_only_its_own(world: World) -> None:
    _define_supplier_target(world, hours=100)
    [record] = raise_some(world, support_group="network")
    page = unescape(log_in(world.engineer).get(f"/desk/incidents/{record.number}/").content.decode())
    assert "left of the customer's 8 hours; your own target would leave" in page
    path = f"/desk/incidents/{record.number}/assign/?support_group=service-desk"
    hint = unescape(log_in(world.engineer).get(path).content.decode())
    assert "left of the customer's" not in hint


def test_like_records_are_told_beside_the_clocks(world: World) -> None:
    [record] = raise_some(world)
    with tenant_scope(world.tenant.pk, actor="system:test"):
        opened, breached = [214] + [0] * 19, [31] + [0] * 19
        key = f"3/open/{record.priority}/{world.service.pk}"
        ForecastTally.objects.create(key=key, opened=opened, breached=breached, known_until=timezone.now())
    page = log_in(world.agent).get(f"/desk/incidents/{record.number}/").content.decode()
    assert "31 of 214 like records breached from here (same phase, priority and service)." in page
    supplier = log_in(world.engineer).get(f"/desk/incidents/{record.number}/")
    assert b"like records" not in supplier.content


def _allowed(kind: str, remaining: float, duration: int) -> Allowance:
    return Allowance(kind, int(remaining * HOUR), duration * HOUR)


def test_budgets_are_worded_for_whom_they_bind() -> None:
    customer, own = _allowed("sla", 1, 4), _allowed("uc", 3, 5)
    tight = Budget(HOUR, "customer", customer, own)
    assert (
        budget_in_words(tight, group="Network", is_own=True)
        == "1 hour left of the customer's 4 hours; your own target would leave 3 hours."
    )
    assert "the own target of Network would leave 3 hours" in budget_in_words(
        tight, group="Network", is_own=False
    )
    over = Budget(-HOUR, "customer", _allowed("sla", -1, 4), own)
    assert (
        budget_in_words(over, group="Network", is_own=True)
        == "The customer's 4 hours are used up, by 1 hour."
    )
    late = Budget(-HOUR, "own", customer, _allowed("uc", -1, 5))
    assert (
        budget_in_words(late, group="Network", is_own=True)
        == "1 hour over your own target; 1 hour left of the customer's 4 hours."
    )
    alone = Budget(HOUR, "customer", customer, None)
    assert budget_in_words(alone, group="Network", is_own=True) == ""
    assert "has no target of its own" in hand_over_in_words(alone, group="Network", is_own=True)
    promised_nothing = Budget(3 * HOUR, "own", None, own)
    assert "nothing was promised" in budget_in_words(promised_nothing, group="Network", is_own=True)
    assert budget_in_words(None, group="Network", is_own=True) == ""


def test_a_forecast_names_what_is_alike() -> None:
    view = ForecastView(1, 30, 50, ("phase",), 1 / 30, timezone.now())
    assert forecast_in_words(view) == "1 of 30 like records breached from here (same phase)."
    assert forecast_in_words(None) == ""
