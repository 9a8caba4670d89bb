"""The door of `catalogue` for other apps."""

from catalogue.queries import (
    active_categories,
    find_category,
    find_service,
    get_service,
    names_of_services_and_categories,
    priority_for,
    usable_services,
)
from catalogue.services.definitions import create_category, create_matrix, create_service

__all__ = [
    "active_categories",
    "create_category",
    "create_matrix",
    "create_service",
    "find_category",
    "find_service",
    "get_service",
    "names_of_services_and_categories",
    "priority_for",
    "usable_services",
]
