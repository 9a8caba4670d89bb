"""Agreements in the browser: written in plain lines and choices, refused beside the field, switched with a reason."""

import pytest
from django.test import Client

from suppliers.models import Agreement
from tenancy.engine.scope import tenant_scope
from tests.desk.visits import log_in
from tests.portal.visitor import text_of
from tests.suppliers.mappings import whole_mapping
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db
HOME = "/admin/suppliers/network-co/agreements/"
PAGE = f"{HOME}incident/"


@pytest.fixture
def world() -> World:
    return build_world()


def chosen(part: str, seen: int) -> dict[str, str]:
    """What the page of rows sends for a mapping that leaves nothing open."""
    rows = whole_mapping()[part]
    return (
        {"seen": str(seen)}
        | {f"out-{place}": theirs for place, theirs in enumerate(rows["out"].values())}
        | {f"in-{place}": ours for place, ours in enumerate(rows["in"].values())}
    )


def typed(seen: int) -> dict[str, str]:
    theirs = whole_mapping()["theirs"]
    return {
        "seen": str(seen),
        "states": "\n".join(theirs["states"]),
        "priorities": "\n".join(theirs["priorities"]),
        "their_fields": "* NUMBER\n* TITLE\nCOMPANY",
        "pairs": "number | NUMBER\ntitle | TITLE | latest",
        "constants": "COMPANY | Defra",
        "samples": '{"state": "NEW", "fields": {"TITLE": "Printer"}}',
    }


def write_it(chief: Client) -> None:
    assert chief.post(f"{PAGE}words/", typed(0))["Location"] == PAGE
    assert chief.post(f"{PAGE}states/", chosen("states", 1)).status_code == 302
    assert chief.post(f"{PAGE}priorities/", chosen("priorities", 2)).status_code == 302


def test_from_nothing_to_integrate(world: World) -> None:
    chief = log_in(world.administrator)
    assert "Use: their people work in the desk" in text_of(chief.get(HOME))
    assert "No mapping is in force" in text_of(chief.get(PAGE))
    early = chief.post(f"{PAGE}level/", {"seen": "0", "level": "integrate", "reason": "Ready"})
    assert (early.status_code, "Publish a mapping first" in text_of(early)) == (422, True)
    write_it(chief)
    assert "Every value maps both ways" in text_of(chief.get(PAGE))
    assert chief.post(f"{PAGE}publish/", {"seen": "3", "note": "The first"}).status_code == 302
    told = {"url": "https://example.org/told", "timeout_seconds": "5"}
    assert chief.post("/admin/suppliers/network-co/exchange/address/", told).status_code == 200
    assert (
        chief.post(f"{PAGE}level/", {"seen": "4", "level": "integrate", "reason": "Ready"}).status_code == 302
    )
    page = text_of(chief.get(PAGE))
    assert "Integrate: their system and ours tell each other" in page
    assert "Version 1 of the mapping is in force" in page
    assert "This is version 1 of the mapping" in text_of(chief.get(f"{PAGE}?version=1"))
    for nothing in ("?version=2", "?version=x"):
        assert chief.get(f"{PAGE}{nothing}").status_code == 404
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert Agreement.objects.get(process="incident").level == "integrate"
    again = chief.get(f"{PAGE}words/").content.decode()
    assert "title | TITLE | latest" in again
    assert "* NUMBER" in again


def test_a_missing_row_is_named(world: World) -> None:
    chief = log_in(world.administrator)
    write_it(chief)
    rows = chosen("states", 3) | {"out-3": ""}
    assert chief.post(f"{PAGE}states/", rows).status_code == 302
    page = text_of(chief.get(PAGE))
    assert "Nothing says what our &#x27;pending_requester&#x27; is there." in page
    assert "states.out.pending_requester" in page
    refused = chief.post(f"{PAGE}publish/", {"seen": "4", "note": "Kept words"})
    assert (refused.status_code, "Kept words" in refused.content.decode()) == (422, True)
    assert "pending_requester" in text_of(refused)


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(world: World) -> None:
    chief = log_in(world.administrator)
    wrong = typed(0) | {"pairs": "title | TITLE | nobody", "samples": "not an object"}
    refused = chief.post(f"{PAGE}words/", wrong)
    assert refused.status_code == 422
    assert "title | TITLE | nobody" in refused.content.decode()
    form = refused.context["form"]
    assert set(form.errors) == {"pairs", "samples"}
    write_it(chief)
    stale = chief.post(f"{PAGE}words/", typed(0) | {"states": "Typed late"})
    assert (stale.status_code, "Typed late" in stale.content.decode()) == (409, True)


def test_who_sees_it(world: World) -> None:
    engineer, agent = log_in(world.engineer), log_in(world.agent)
    assert engineer.get(HOME).status_code in (200, 403)
    for client in (engineer, agent):
        assert client.get(f"{PAGE}words/").status_code == 403
    chief = log_in(world.administrator)
    for path in ("/admin/suppliers/moon/agreements/", f"{HOME}moon/", f"{PAGE}moon/"):
        assert chief.get(path).status_code == 404
