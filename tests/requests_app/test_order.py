"""Ordering: one request per line, all or none, for those who may."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from catalogue.public import AudienceCodes, publish_offering, withdraw_offering
from lifecycle.public import ForbiddenError, RuleError
from notifications.models import Mail
from people.public import system_actor
from records.public import Record, get_record, steps_of
from requests_app.models import Order, Request
from requests_app.services.advance import advance
from requests_app.services.order import Wanted, place_order
from requests_app.services.steps import cancel, close, comment, confirm, reopen
from sla.public import custody_of
from tenancy.engine.scope import tenant_scope
from tests.requests_app.fulfilment import deliver
from tests.support.offers import offer
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db

MONDAY_TEN = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    """A tenant with three offerings: for all, for others too, and for the service desk's group only."""
    made = build_world()
    with tenant_scope(made.tenant.pk, actor="system:test"):
        chief = made.actor(made.administrator)
        common: dict[str, Any] = {
            "service": made.service,
            "actor": chief,
            "at": MONDAY_TEN - timedelta(days=1),
        }
        offer("laptop", **common, price="899.99", max_quantity=3, for_others=True)
        offer("mailbox", **common)
        offer("headset", **common, audience=AudienceCodes(support_groups=["service-desk"]))
    return made


def test_one_request_per_line_under_one_order(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        user = world.actor(world.user, "portal")
        wanted = [
            Wanted(offering="laptop", quantity=2, requested_for=world.other_user.email),
            Wanted(offering="mailbox"),
        ]
        placed = place_order(wanted=wanted, actor=user, at=MONDAY_TEN)
        assert placed.order.number == "ORD0000001"
        assert [record.number for record in placed.records] == ["REQ0000001", "REQ0000002"]
        laptop, mailbox = (Request.objects.get(record=record) for record in placed.records)
        assert (laptop.line, laptop.quantity, laptop.unit_price) == (1, 2, Decimal("899.99"))
        assert (mailbox.line, mailbox.quantity, mailbox.unit_price) == (2, 1, None)
        first = get_record(user, "REQ0000001")
        assert (first.title, first.state, first.affected_user_id) == (
            "Laptop × 2",
            "submitted",
            world.other_user.pk,
        )
        assert first.support_group_id == world.network_group.pk
        (entry,) = steps_of(first.pk)
        assert (entry.verb, entry.facts["offering"], entry.facts["cost"]) == (
            "request:make",
            [None, "laptop"],
            [None, "1799.98"],
        )
        assert [hold.party_kind for hold in custody_of(first, MONDAY_TEN)] == ["group"]
        # Who gets it sees it as their own.
        assert get_record(world.actor(world.other_user, "portal"), "REQ0000001").pk == first.pk


def test_an_order_is_confirmed_by_one_letter_and_each_line_to_whom_it_is_for(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        wanted = [
            Wanted(offering="mailbox"),
            Wanted(offering="laptop", requested_for=world.other_user.email),
            Wanted(offering="laptop"),
        ]
        place_order(wanted=wanted, actor=world.actor(world.user, "portal"), at=MONDAY_TEN)
        place_order(
            wanted=[Wanted(offering="mailbox")], actor=world.actor(world.user, "portal"), at=MONDAY_TEN
        )
        deliver()
        letters = {
            (mail.to_address, mail.letter, mail.record.number if mail.record else ""): mail.text
            for mail in Mail.objects.filter(letter__in=["order_received", "request_received"])
        }
        assert sorted(letters) == [
            (world.other_user.email, "request_received", "REQ0000002"),
            (world.user.email, "order_received", "REQ0000001"),
            (world.user.email, "order_received", "REQ0000004"),
        ]
        whole = letters[(world.user.email, "order_received", "REQ0000001")]
        assert "your order ORD0000001 of 3 things" in whole
        for number, title in (("REQ0000001", "Mailbox"), ("REQ0000002", "Laptop"), ("REQ0000003", "Laptop")):
            assert f"{number}: {title}" in whole
        single = letters[(world.user.email, "order_received", "REQ0000004")]
        assert "We have received your request. Its reference is REQ0000004." in single


def test_nothing_is_ordered_when_one_line_is_wrong(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        user = world.actor(world.user, "portal")
        wanted = [
            Wanted(offering="laptop", quantity=4),
            Wanted(offering="headset"),
            Wanted(offering="mailbox", requested_for=world.other_user.email),
            Wanted(offering="laptop", number=7, requested_for="nobody@defra.example"),
            Wanted(offering="mailbox", answers={"colour": "red"}),
        ]
        with pytest.raises(RuleError) as refused:
            place_order(wanted=wanted, actor=user, at=MONDAY_TEN)
        assert refused.value.fields == {
            "lines.0.quantity": "Order 1 to 3 of these.",
            "lines.1.offering": "There is no offering with the code 'headset'.",
            "lines.2.requested_for": "This can be requested for yourself only.",
            "lines.3.requested_for": "Nobody here has the e-mail address 'nobody@defra.example'.",
            "lines.3.number": "The offering changed: version 1 is on offer, you answered version 7.",
            "lines.4.answers.colour": refused.value.fields["lines.4.answers.colour"],
        }
        assert not Record.objects.filter(kind="request").exists()
        assert not Order.objects.exists()


def test_who_gets_it_must_be_entitled_too(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        agent = world.actor(world.agent)
        for_user = Wanted(offering="headset", requested_for=world.user.email)
        with pytest.raises(RuleError) as refused:
            place_order(wanted=[for_user], actor=agent, at=MONDAY_TEN)
        assert refused.value.fields == {"lines.0.requested_for": "User may not have this."}
        placed = place_order(wanted=[Wanted(offering="headset")], actor=agent, at=MONDAY_TEN)
        assert placed.records[0].requester_id == world.agent.pk


def test_in_somebody_s_name_only_for_agents(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        wanted = [Wanted(offering="mailbox")]
        with pytest.raises(ForbiddenError):
            place_order(
                wanted=wanted, requester=world.other_user.email, actor=world.actor(world.user), at=MONDAY_TEN
            )
        placed = place_order(
            wanted=wanted, requester=world.user.email, actor=world.actor(world.agent), at=MONDAY_TEN
        )
        assert placed.records[0].requester_id == world.user.pk
        with pytest.raises(RuleError):
            # Entitled is the requester, not who types.
            place_order(
                wanted=[Wanted(offering="headset")],
                requester=world.user.email,
                actor=world.actor(world.agent),
                at=MONDAY_TEN,
            )


def test_a_new_version_and_a_withdrawal_are_told(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        chief, user = world.actor(world.administrator), world.actor(world.user, "portal")
        (placed,) = place_order(wanted=[Wanted(offering="mailbox")], actor=user, at=MONDAY_TEN).records
        offering = Request.objects.get(record=placed).offering
        publish_offering(offering=offering, actor=chief, at=MONDAY_TEN)
        chief, user = world.actor(world.administrator), world.actor(world.user, "portal")
        with pytest.raises(RuleError, match="cannot be placed"):
            place_order(wanted=[Wanted(offering="mailbox", number=1)], actor=user, at=MONDAY_TEN)
        again = place_order(wanted=[Wanted(offering="mailbox")], actor=user, at=MONDAY_TEN)
        assert Request.objects.get(record=again.records[0]).offering_version.number == 2
        assert Request.objects.get(record=placed).offering_version.number == 1
        withdraw_offering(offering=offering, actor=chief)
        user = world.actor(world.user, "portal")
        with pytest.raises(RuleError):
            place_order(wanted=[Wanted(offering="mailbox")], actor=user, at=MONDAY_TEN)


def test_the_requester_s_steps(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        user, agent = world.actor(world.user, "portal"), world.actor(world.agent)
        (record,) = place_order(wanted=[Wanted(offering="mailbox")], actor=user, at=MONDAY_TEN).records
        record = comment(record=record, body="Please hurry", actor=user, at=MONDAY_TEN)
        assert record.state == "submitted"
        Record.objects.filter(pk=record.pk).update(
            state="fulfilled", phase="resolved", resolved_at=MONDAY_TEN
        )
        record = get_record(user, record.number)
        record = comment(record=record, body="It is the wrong one", actor=user, at=MONDAY_TEN)
        assert record.state == "fulfilling"
        with pytest.raises(RuleError):
            cancel(record=record, reason="No need", actor=world.actor(world.other_user), at=MONDAY_TEN)
        Record.objects.filter(pk=record.pk).update(
            state="fulfilled", phase="resolved", resolved_at=MONDAY_TEN
        )
        record = get_record(user, record.number)
        with pytest.raises(ForbiddenError):
            confirm(record=record, actor=agent, at=MONDAY_TEN)
        with pytest.raises(RuleError):
            reopen(record=record, comment="", actor=user, at=MONDAY_TEN)
        assert confirm(record=record, actor=user, at=MONDAY_TEN).phase == "closed"
        (other,) = place_order(wanted=[Wanted(offering="mailbox")], actor=user, at=MONDAY_TEN).records
        with pytest.raises(Exception, match="not possible"):
            close(record=other, actor=agent, at=MONDAY_TEN)
        assert cancel(record=other, reason="No need", actor=user, at=MONDAY_TEN).state == "cancelled"


def test_what_nobody_has_to_approve_goes_on_by_itself_once(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        user = world.actor(world.user, "portal")
        (record,) = place_order(wanted=[Wanted(offering="mailbox")], actor=user, at=MONDAY_TEN).records
        for _ in range(2):
            advance(record_id=record.pk, actor=system_actor(world.tenant.pk), at=MONDAY_TEN)
        assert get_record(user, record.number).state == "fulfilling"
        assert [entry.verb for entry in steps_of(record.pk)] == ["request:make", "request:begin"]
