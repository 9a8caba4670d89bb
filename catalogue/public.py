"""The door of `catalogue` for other apps."""

from catalogue.engine.priority import STANDARD_CELLS, priority_of
from catalogue.queries import (
    active_categories,
    catalogue,
    find_category,
    find_service,
    get_service,
    names_of_services_and_categories,
    priority_for,
    services_on_offer,
    usable_services,
)
from catalogue.services.definitions import create_category, create_matrix, create_service
from catalogue.services.matrices import MatrixUse, put_to_use

__all__ = [
    "STANDARD_CELLS",
    "MatrixUse",
    "active_categories",
    "catalogue",
    "create_category",
    "create_matrix",
    "create_service",
    "find_category",
    "find_service",
    "get_service",
    "names_of_services_and_categories",
    "priority_for",
    "priority_of",
    "put_to_use",
    "services_on_offer",
    "usable_services",
]
