"""Two tenants and who calls in the first."""

import pytest

from tests.api.caller import Caller, caller
from tests.support.world import World, build_world


@pytest.fixture
def world() -> World:
    """Tenant A."""
    return build_world()


@pytest.fixture
def rivers(world: World) -> World:
    """Tenant B, with the same codes for other things."""
    return build_world("rivers")


@pytest.fixture
def desk(world: World) -> Caller:
    """Tenant A's service desk."""
    return caller(world)


@pytest.fixture
def supplier(world: World) -> Caller:
    """Tenant A's network supplier."""
    return caller(world, "supplier", "supplier-system")
