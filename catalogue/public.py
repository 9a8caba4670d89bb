"""The door of `catalogue` for other apps."""

from catalogue.engine.gates import guard_services
from catalogue.engine.priority import STANDARD_CELLS, priority_of
from catalogue.queries.register import (
    Register,
    all_components,
    components_under,
    find_component,
    get_component,
    plans_in_force,
    plans_of,
    register,
    services_with,
)
from catalogue.queries.services import (
    active_categories,
    all_services,
    catalogue,
    find_category,
    find_service,
    get_service,
    names_of_services_and_categories,
    priority_for,
    service_in_any_stage,
    services_on_offer,
    usable_services,
)
from catalogue.services.components import change_component, create_component, remove_component
from catalogue.services.definitions import create_category, create_matrix, create_service
from catalogue.services.matrices import MatrixUse, put_to_use
from catalogue.services.plans import PlanTask, set_plan
from catalogue.services.publish import BEFORE_LIVE, publish_service
from catalogue.services.refusals import CircularCompositionError, RegisterRefusedError
from catalogue.services.register import Part, PartGroup, set_dependencies

__all__ = [
    "BEFORE_LIVE",
    "STANDARD_CELLS",
    "CircularCompositionError",
    "MatrixUse",
    "Part",
    "PartGroup",
    "PlanTask",
    "Register",
    "RegisterRefusedError",
    "active_categories",
    "all_components",
    "all_services",
    "catalogue",
    "change_component",
    "components_under",
    "create_category",
    "create_component",
    "create_matrix",
    "create_service",
    "find_category",
    "find_component",
    "find_service",
    "get_component",
    "get_service",
    "guard_services",
    "names_of_services_and_categories",
    "plans_in_force",
    "plans_of",
    "priority_for",
    "priority_of",
    "publish_service",
    "put_to_use",
    "register",
    "remove_component",
    "service_in_any_stage",
    "services_on_offer",
    "services_with",
    "set_dependencies",
    "set_plan",
    "usable_services",
]
