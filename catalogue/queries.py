"""Reads of the catalogue, in the tenant in scope."""

from uuid import UUID

from django.db.models import QuerySet

from catalogue.engine.priority import STANDARD_CELLS, priority_of
from catalogue.models import Category, PriorityMatrix, Service

_USABLE = ("live", "retiring")


def usable_services() -> QuerySet[Service]:
    """Services that records may be raised against, by name."""
    return Service.objects.filter(stage__in=_USABLE).order_by("name", "id")


def find_service(code: str) -> Service | None:
    """The live service with this code, with its support group's provider and its matrix."""
    return (
        Service.objects.select_related("support_group__provider", "matrix")
        .filter(code=code, stage__in=_USABLE)
        .first()
    )


def get_service(service_id: UUID) -> Service | None:
    """A service by key, in any stage."""
    return Service.objects.select_related("support_group__provider", "matrix").filter(pk=service_id).first()


def priority_for(*, service: Service | None, impact: int, urgency: int) -> int:
    """Priority 1-5 through the service's own matrix, else the tenant's default one, else the standard one."""
    matrix = (
        service.matrix
        if service and service.matrix_id
        else PriorityMatrix.objects.filter(is_default=True).first()
    )
    return priority_of(matrix.cells if matrix else STANDARD_CELLS, impact=impact, urgency=urgency)


def active_categories() -> list[Category]:
    """The category tree, flat, by name."""
    return list(Category.objects.filter(is_active=True).order_by("name"))


def find_category(code: str) -> Category | None:
    """The active category with this code."""
    return Category.objects.filter(code=code, is_active=True).first()


def names_of_services_and_categories(ids: set[UUID]) -> dict[UUID, str]:
    """Display names by key, for rendering audit facts."""
    if not ids:
        return {}
    found: dict[UUID, str] = dict(Service.objects.filter(pk__in=ids).values_list("id", "name"))
    return found | dict(Category.objects.filter(pk__in=ids).values_list("id", "name"))
