"""Pages of the portal, without JavaScript."""

import pytest
from django.test import Client

from tests.support.world import build_world

pytestmark = pytest.mark.django_db


def test_smoke() -> None:
    world = build_world()
    client = Client()
    client.force_login(world.user.person)
    for path in (
        "/",
        "/report/",
        "/records/",
        "/search/",
        "/search/?q=x",
        "/accessibility/",
        "/privacy/",
        "/contact/",
        "/account/preferences/",
        "/account/tenant/",
    ):
        response = client.get(path)
        assert response.status_code == 200, (path, response.content[:3000])
