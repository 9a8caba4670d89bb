"""Retiring a service that others rely on: not by anybody, not without a word, and never unrecorded."""

from datetime import UTC, datetime

import pytest

from catalogue.models import Service, ServiceStep
from catalogue.public import (
    Part,
    PartGroup,
    ServiceNotReadyError,
    create_service,
    set_dependencies,
    take_stage,
)
from people.public import Actor
from tenancy.engine.scope import tenant_scope
from tests.api.caller import caller
from tests.desk.visits import log_in
from tests.support.offers import offer
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
RELYING = "These live services rely on it: Payments."


@pytest.fixture
def world() -> World:
    """A tenant whose live payments rely on mail, which is retiring and nobody's."""
    made = build_world()
    with tenant_scope(made.tenant.pk, actor="system:test"):
        payments = create_service(code="payments", name="Payments")
        set_dependencies(
            service=payments,
            groups=[PartGroup("Mail", (Part(service=made.service.code),))],
            actor=made.actor(made.administrator),
            at=NOW,
            accepted_because="Nobody says yet what mail is made of.",
        )
        take(made.service, "retire", made.actor(made.administrator))
    return made


def take(service: Service, step: str, actor: Actor, because: str = "") -> Service:
    return take_stage(
        service=service, step=step, reason="Replaced", accepted_because=because, actor=actor, at=NOW
    )


def owned(world: World, *, by_administrator: bool) -> None:
    owner = world.administrator if by_administrator else world.agent
    Service.objects.filter(pk=world.service.pk).update(owner=owner)


def test_its_owner_retires_it_all_the_same_and_both_reasons_are_kept(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        chief = world.actor(world.administrator)
        owned(world, by_administrator=True)
        with pytest.raises(ServiceNotReadyError) as refused:
            take(world.service, "end", chief, " ")
        assert refused.value.fields == {
            "dependencies": RELYING,
            "accepted_because": "Its owner can retire it all the same, and says why here.",
        }
        assert take(world.service, "end", chief, "Payments go next week.").stage == "retired"
        step = ServiceStep.objects.get(service=world.service, name="end")
        assert (step.reason, step.accepted, step.accepted_because, step.by_name) == (
            "Replaced",
            RELYING,
            "Payments go next week.",
            chief.name,
        )
    page = log_in(world.administrator).get("/admin/services/email/").content.decode()
    assert "Accepted all the same" in page
    assert "Payments go next week." in page


@pytest.mark.parametrize(("somebody", "words"), [(True, "Only its owner, Agent"), (False, "and it has none")])
def test_who_does_not_own_it_retires_nothing_that_others_rely_on(
    world: World, *, somebody: bool, words: str
) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        if somebody:
            owned(world, by_administrator=False)
        with pytest.raises(ServiceNotReadyError) as refused:
            take(world.service, "end", world.actor(world.administrator), "Because")
        assert refused.value.fields["dependencies"] == RELYING
        assert words in refused.value.fields["accepted_because"]
        assert Service.objects.get(pk=world.service.pk).stage == "retiring"
        assert not ServiceStep.objects.filter(service=world.service, name="end").exists()


def test_what_is_still_offered_is_no_matter_of_reasons(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        chief = world.actor(world.administrator)
        owned(world, by_administrator=True)
        offer("mailbox", service=world.service, actor=chief, at=NOW)
        with pytest.raises(ServiceNotReadyError) as refused:
            take(world.service, "end", chief, "Because")
        assert set(refused.value.fields) == {"offerings"}


def test_at_both_doors(world: World) -> None:
    body = {"step": "end", "reason": "Replaced", "accepted_because": "Because"}
    answer = caller(world, role="administrator")("POST", "portfolio/email/steps/", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "service_not_ready")
    with tenant_scope(world.tenant.pk, actor="system:test"):
        owned(world, by_administrator=True)
        seen = Service.objects.get(pk=world.service.pk).version
    chief, address = log_in(world.administrator), "/admin/services/email/steps/end/"
    refused = chief.post(address, {"seen": seen, "reason": "Replaced"})
    assert (refused.status_code, RELYING in refused.content.decode()) == (422, True)
    said = {"seen": seen, "reason": "Replaced", "accepted_because": "They go next."}
    assert chief.post(address, said).status_code == 302
