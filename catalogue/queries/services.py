"""Reads of services, categories and matrices, in the tenant in scope."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext

from catalogue.engine.priority import STANDARD_CELLS, priority_of
from catalogue.lifecycle import USABLE
from catalogue.models import Category, PriorityMatrix, Service
from lifecycle.public import NotFoundError
from tenancy.public import kept


def usable_services() -> QuerySet[Service]:
    """Services that records may be raised against, by name."""
    return Service.objects.filter(stage__in=USABLE).order_by("name", "id")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A tenant's services (with support group and matrix) and categories by key and by name, and its default matrix."""

    services: Mapping[UUID, Service]
    categories: Mapping[UUID, Category]
    default_matrix: PriorityMatrix | None


@kept
def catalogue() -> Catalogue:
    """The catalogue of the tenant in scope."""
    services = Service.objects.select_related("support_group__provider", "matrix")
    return Catalogue(
        services={row.pk: row for row in services.order_by("name", "id")},
        categories={row.pk: row for row in Category.objects.order_by("name", "id")},
        default_matrix=PriorityMatrix.objects.filter(is_default=True).first(),
    )


def services_on_offer() -> list[Service]:
    """What `usable_services` gives, from the kept catalogue."""
    return [service for service in catalogue().services.values() if service.stage in USABLE]


def find_service(code: str) -> Service | None:
    """The live service with this code, with its support group's provider and its matrix."""
    return next((service for service in services_on_offer() if service.code == code), None)


def get_service(service_id: UUID) -> Service | None:
    """A service by key, in any stage."""
    return catalogue().services.get(service_id)


def priority_for(*, service: Service | None, impact: int, urgency: int) -> int:
    """Priority 1-5 through the service's own matrix, else the tenant's default one, else the standard one."""
    matrix = service.matrix if service and service.matrix_id else catalogue().default_matrix
    return priority_of(matrix.cells if matrix else STANDARD_CELLS, impact=impact, urgency=urgency)


def active_categories() -> list[Category]:
    """The category tree, flat, by name."""
    return [category for category in catalogue().categories.values() if category.is_active]


def find_category(code: str) -> Category | None:
    """The active category with this code."""
    return next((category for category in active_categories() if category.code == code), None)


def names_of_services_and_categories(ids: set[UUID]) -> dict[UUID, str]:
    """Display names by key, for rendering audit facts."""
    known = catalogue()
    return {
        key: row.name
        for rows in (known.services, known.categories)
        for key, row in rows.items()
        if key in ids
    }


def all_services() -> QuerySet[Service]:
    """Services in any stage."""
    return Service.objects.all()


def service_in_any_stage(code: str) -> Service:
    """The service with this code, as it is now. Raises NotFoundError."""
    service = Service.objects.select_related("hours", "support_group").filter(code=code).first()
    if service is None:
        raise NotFoundError(gettext("There is no such service."))
    return service
