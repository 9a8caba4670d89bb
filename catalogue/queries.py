"""Reads of the catalogue, in the tenant in scope."""

from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from catalogue.engine.priority import STANDARD_CELLS, priority_of
from catalogue.models import Category, PriorityMatrix, Service
from tenancy.engine.compiled import compiled

_USABLE = ("live", "retiring")


def usable_services() -> QuerySet[Service]:
    """Services that records may be raised against, by name."""
    return Service.objects.filter(stage__in=_USABLE).order_by("name", "id")


@compiled
def _usable_with_code(*, code: str) -> QuerySet[Service]:
    services = Service.objects.select_related("support_group__provider", "matrix")
    return services.filter(code=code, stage__in=_USABLE)


@compiled
def _service_with_key(*, key: UUID) -> QuerySet[Service]:
    return Service.objects.select_related("support_group__provider", "matrix").filter(pk=key)


@compiled
def _default_matrix() -> QuerySet[PriorityMatrix]:
    return PriorityMatrix.objects.filter(is_default=True)[:1]


@compiled
def _active_categories() -> QuerySet[Category]:
    return Category.objects.filter(is_active=True).order_by("name")


@compiled
def _active_with_code(*, code: str) -> QuerySet[Category]:
    return Category.objects.filter(code=code, is_active=True)


@compiled
def _usable_services() -> QuerySet[Service]:
    return Service.objects.filter(stage__in=_USABLE).order_by("name", "id")


def find_service(code: str) -> Service | None:
    """The live service with this code, with its support group's provider and its matrix."""
    return _usable_with_code.first(code=code)


def get_service(service_id: UUID) -> Service | None:
    """A service by key, in any stage."""
    return _service_with_key.first(key=service_id)


def priority_for(*, service: Service | None, impact: int, urgency: int) -> int:
    """Priority 1-5 through the service's own matrix, else the tenant's default one, else the standard one."""
    matrix = service.matrix if service and service.matrix_id else _default_matrix.first()
    return priority_of(matrix.cells if matrix else STANDARD_CELLS, impact=impact, urgency=urgency)


def active_categories() -> list[Category]:
    """The category tree, flat, by name."""
    return _active_categories()


def find_category(code: str) -> Category | None:
    """The active category with this code."""
    return _active_with_code.first(code=code)


def names_of_services_and_categories(ids: set[UUID]) -> dict[UUID, str]:
    """Display names by key, for rendering audit facts."""
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, {"keys": [str(key) for key in ids]})
        return dict(cursor.fetchall())


_NAMES = """
SELECT id, name FROM catalogue_service WHERE id = ANY(%(keys)s::uuid[])
UNION ALL SELECT id, name FROM catalogue_category WHERE id = ANY(%(keys)s::uuid[])
"""
