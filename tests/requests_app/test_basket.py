"""The basket: kept on the server, ordered once, and never without having been seen."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from catalogue.public import change_draft, publish_offering
from lifecycle.public import NotFoundError, RuleError, StaleVersionError
from records.public import Record, attachments_of, get_record
from requests_app.models import BasketFile, BasketLine, Order, Request
from requests_app.public import (
    add_file,
    answer_page,
    basket_of,
    put_back,
    remove_line,
    renew_line,
    request_again,
    save_for_later,
    set_quantity,
    set_recipient,
    start_line,
    submit_basket,
)
from tenancy.engine.scope import tenant_scope
from tests.support.offers import offer, words
from tests.support.world import World, build_world

MONDAY_TEN = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
FORM = {
    "pages": [
        {
            "code": "model",
            "title": words("Which one?"),
            "fields": [
                {
                    "code": "model",
                    "type": "choice",
                    "label": words("Model"),
                    "options": [
                        {"value": "light", "label": words("Light")},
                        {"value": "strong", "label": words("Strong")},
                    ],
                },
            ],
        },
        {
            "code": "why",
            "title": words("Why?"),
            "when": {"field": "model", "is": "strong"},
            "fields": [
                {"code": "reason", "type": "text", "label": words("Reason")},
                {"code": "proof", "type": "file", "label": words("Proof"), "required": False},
            ],
        },
    ]
}


def made() -> World:
    """A tenant with an offering that asks and one that does not."""
    world = build_world()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        common: dict[str, Any] = {
            "service": world.service,
            "actor": world.actor(world.administrator),
            "at": MONDAY_TEN - timedelta(days=1),
        }
        offer("laptop", **common, form=FORM, max_quantity=3, for_others=True, price="100.00")
        offer("mailbox", **common)
    return world


@pytest.fixture
def world(db: None) -> World:
    return made()


def test_pages_are_answered_until_none_is_left(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        user = world.actor(world.user, "portal")
        assert start_line(offering="mailbox", actor=user, at=MONDAY_TEN).place == "basket"
        line = start_line(offering="laptop", actor=user, at=MONDAY_TEN)
        assert line.place == "answering"
        with pytest.raises(RuleError) as refused:
            answer_page(line_id=line.pk, page="model", answers={"model": "heavy"}, actor=user, at=MONDAY_TEN)
        assert refused.value.fields == {"model": "Select one of the options."}
        line = answer_page(
            line_id=line.pk, page="model", answers={"model": "strong"}, actor=user, at=MONDAY_TEN
        )
        assert line.place == "answering"
        line = answer_page(line_id=line.pk, page="why", answers={"reason": "Maps"}, actor=user, at=MONDAY_TEN)
        assert line.place == "basket"
        # Another answer on the first page makes the second one, and what was said there, fall away.
        line = answer_page(
            line_id=line.pk, page="model", answers={"model": "light"}, actor=user, at=MONDAY_TEN
        )
        assert (line.place, line.answers) == ("basket", {"model": "light"})


def test_only_one_s_own_lines(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        line = start_line(offering="laptop", actor=world.actor(world.user, "portal"), at=MONDAY_TEN)
        other = world.actor(world.other_user, "portal")
        for change in (save_for_later, put_back, renew_line):
            with pytest.raises(NotFoundError):
                change(line_id=line.pk, actor=other, at=MONDAY_TEN)
        with pytest.raises(NotFoundError):
            add_file(line_id=line.pk, name="a.txt", content=BytesIO(b"a"), actor=other, at=MONDAY_TEN)
        remove_line(line_id=line.pk, actor=other, at=MONDAY_TEN)
        assert BasketLine.objects.filter(pk=line.pk).exists()


def test_an_order_empties_the_basket_but_not_what_is_saved(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        user = world.actor(world.user, "portal")
        line = start_line(offering="laptop", actor=user, at=MONDAY_TEN)
        answer_page(line_id=line.pk, page="model", answers={"model": "strong"}, actor=user, at=MONDAY_TEN)
        proof = add_file(line_id=line.pk, name="why.txt", content=BytesIO(b"maps"), actor=user, at=MONDAY_TEN)
        answers = {"reason": "Maps", "proof": [str(proof.pk)]}
        answer_page(line_id=line.pk, page="why", answers=answers, actor=user, at=MONDAY_TEN)
        set_quantity(line_id=line.pk, quantity=2, actor=user, at=MONDAY_TEN)
        set_recipient(line_id=line.pk, email=world.other_user.email, actor=user, at=MONDAY_TEN)
        later = start_line(offering="mailbox", actor=user, at=MONDAY_TEN)
        save_for_later(line_id=later.pk, actor=user, at=MONDAY_TEN)
        order = submit_basket(seen_version=basket_of(user).version, actor=user, at=MONDAY_TEN)
        request = Request.objects.get(order=order)
        assert (request.quantity, request.answers) == (2, {"model": "strong", **answers})
        record = get_record(user, "REQ0000001")
        assert record.description == "Model\nStrong\n\nReason\nMaps\n\nProof\nwhy.txt"
        assert [(file.pk, file.name) for file in attachments_of(user, record)] == [(proof.pk, "why.txt")]
        assert not BasketFile.objects.exists()
        assert [line.place for line in basket_of(user).lines] == ["saved"]


def test_sent_twice_it_is_ordered_once(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        user = world.actor(world.user, "portal")
        start_line(offering="mailbox", actor=user, at=MONDAY_TEN)
        seen = basket_of(user).version
        order = submit_basket(seen_version=seen, actor=user, at=MONDAY_TEN)
        assert submit_basket(seen_version=seen, actor=user, at=MONDAY_TEN) == order
        assert Request.objects.count() == 1


def test_a_second_tab_orders_nothing_that_it_did_not_show(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        user = world.actor(world.user, "portal")
        start_line(offering="mailbox", actor=user, at=MONDAY_TEN)
        seen = basket_of(user).version
        start_line(offering="mailbox", actor=user, at=MONDAY_TEN)
        with pytest.raises(StaleVersionError):
            submit_basket(seen_version=seen, actor=user, at=MONDAY_TEN)
        assert not Order.objects.exists()
        assert len(basket_of(user).lines) == 2


def test_a_new_version_keeps_the_answers_that_still_fit(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        user, chief = world.actor(world.user, "portal"), world.actor(world.administrator)
        line = start_line(offering="laptop", actor=user, at=MONDAY_TEN)
        answer_page(line_id=line.pk, page="model", answers={"model": "light"}, actor=user, at=MONDAY_TEN)
        where = {"code": "where", "type": "text", "label": words("Where?")}
        form = {"pages": [*FORM["pages"], {"code": "place", "title": words("Where?"), "fields": [where]}]}
        change_draft(offering=line.offering, changes={"form": form}, actor=chief)
        publish_offering(offering=line.offering, actor=chief, at=MONDAY_TEN)
        user = world.actor(world.user, "portal")
        (view,) = basket_of(user).lines
        assert view.is_outdated
        with pytest.raises(RuleError) as refused:
            submit_basket(seen_version=basket_of(user).version, actor=user, at=MONDAY_TEN)
        assert list(refused.value.fields) == [
            f"lines.{line.pk}.number",
            f"lines.{line.pk}.answers.where",
        ]
        renewed = renew_line(line_id=line.pk, actor=user, at=MONDAY_TEN)
        assert (renewed.number, renewed.answers, renewed.place) == (2, {"model": "light"}, "answering")
        (view,) = basket_of(user).lines
        assert list(view.pages_left) == ["place"]


def test_a_request_is_made_again_with_its_answers(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        user = world.actor(world.user, "portal")
        line = start_line(offering="laptop", actor=user, at=MONDAY_TEN)
        answer_page(line_id=line.pk, page="model", answers={"model": "light"}, actor=user, at=MONDAY_TEN)
        submit_basket(seen_version=basket_of(user).version, actor=user, at=MONDAY_TEN)
        again = request_again(record=get_record(user, "REQ0000001"), actor=user, at=MONDAY_TEN)
        assert (again.answers, again.place) == ({"model": "light"}, "answering")


def test_how_many_and_for_whom_are_checked(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        user = world.actor(world.user, "portal")
        laptop = start_line(offering="laptop", actor=user, at=MONDAY_TEN)
        mailbox = start_line(offering="mailbox", actor=user, at=MONDAY_TEN)
        with pytest.raises(RuleError, match="Not so many"):
            set_quantity(line_id=laptop.pk, quantity=4, actor=user, at=MONDAY_TEN)
        with pytest.raises(RuleError) as refused:
            set_recipient(line_id=mailbox.pk, email=world.other_user.email, actor=user, at=MONDAY_TEN)
        assert refused.value.fields == {"requested_for": "This can be requested for yourself only."}
        assert set_recipient(line_id=mailbox.pk, email="", actor=user, at=MONDAY_TEN).requested_for is None


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_are_one_order() -> None:
    world = made()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        user = world.actor(world.user, "portal")
        start_line(offering="mailbox", actor=user, at=MONDAY_TEN)
        seen = basket_of(user).version
    start, orders = Barrier(4), []

    def click() -> None:
        try:
            with tenant_scope(world.tenant.pk, actor="system:test"):
                start.wait()
                orders.append(submit_basket(seen_version=seen, actor=user, at=MONDAY_TEN).number)
        finally:
            connection.close()

    threads = [Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert orders == ["ORD0000001"] * 4
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert Record.objects.filter(kind="request").count() == 1
