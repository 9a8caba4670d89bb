"""Search in the portal: offerings, services and one's own records, each for whom it is."""

from typing import Any

import pytest

from catalogue.public import AudienceCodes
from tenancy.engine.scope import tenant_scope
from tests.portal.visitor import raised, text_of, visitor
from tests.support.offers import offer
from tests.support.world import LONG_AGO, World, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    made = build_world()
    with tenant_scope(made.tenant.pk, actor="system:test"):
        common: dict[str, Any] = {
            "service": made.service,
            "actor": made.actor(made.administrator),
            "at": LONG_AGO,
        }
        offer("mail-list", **common)
        desk_only = AudienceCodes(support_groups=["service-desk"])
        offer("mail-archive", **common, audience=desk_only)
    return made


def test_what_fits_is_grouped(world: World) -> None:
    raised(world, title="The mail is slow")
    page = text_of(visitor(world.user).get("/search/?q=mail"))
    assert "What you can request" in page
    assert "Mail list" in page
    assert "The mail is slow" in page
    service = text_of(visitor(world.user).get("/search/?q=e-mail"))
    assert "E-mail" in service
    assert "Nothing here has" in text_of(visitor(world.user).get("/search/?q=zebra"))


@pytest.mark.parametrize(
    "address", ["/search/?q=archive", "/search/suggestions/?q=archive", "/request/?q=archive"]
)
def test_what_somebody_may_not_have_is_found_nowhere(world: World, address: str) -> None:
    assert "Mail archive" not in text_of(visitor(world.user).get(address))
    assert "Mail archive" in text_of(visitor(world.agent).get(address))


def test_suggestions_are_a_part_of_a_page(world: World) -> None:
    client = visitor(world.user)
    part = client.get("/search/suggestions/?q=ma").content.decode()
    assert "<html" not in part
    assert 'href="/request/mail-list/"' in part
    assert "E-mail" not in client.get("/search/suggestions/?q=e-m&only=offers").content.decode()
    assert "Nothing found so far" in client.get("/search/suggestions/?q=zebra").content.decode()
    assert client.get("/search/suggestions/").status_code == 200
