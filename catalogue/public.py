"""The door of `catalogue` for other apps."""

from catalogue.engine.audience import Audience, fits
from catalogue.engine.finding import Findable, find
from catalogue.engine.gates import guard_services
from catalogue.engine.offering_gates import guard_offerings
from catalogue.engine.priority import STANDARD_CELLS, priority_of
from catalogue.queries.offerings import (
    Card,
    all_offerings,
    audience_of,
    card_for,
    cards_for,
    get_offering,
    is_entitled,
    offering_version,
    versions_of_offering,
    versions_with,
)
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
from catalogue.services.answers import (
    carry_over_answers,
    describe_answers,
    pages_to_answer,
    read_answers,
    read_page,
)
from catalogue.services.components import change_component, create_component, remove_component
from catalogue.services.definitions import create_category, create_matrix, create_service
from catalogue.services.matrices import MatrixUse, put_to_use
from catalogue.services.offerings import (
    AudienceCodes,
    change_draft,
    create_offering,
    file_offering,
    offer_again,
    publish_offering,
    withdraw_offering,
)
from catalogue.services.plans import PlanTask, set_plan
from catalogue.services.publish import BEFORE_LIVE, publish_service
from catalogue.services.refusals import CircularCompositionError, RegisterRefusedError
from catalogue.services.register import Part, PartGroup, set_dependencies

__all__ = [
    "BEFORE_LIVE",
    "STANDARD_CELLS",
    "Audience",
    "AudienceCodes",
    "Card",
    "CircularCompositionError",
    "Findable",
    "MatrixUse",
    "Part",
    "PartGroup",
    "PlanTask",
    "Register",
    "RegisterRefusedError",
    "active_categories",
    "all_components",
    "all_offerings",
    "all_services",
    "audience_of",
    "card_for",
    "cards_for",
    "carry_over_answers",
    "catalogue",
    "change_component",
    "change_draft",
    "components_under",
    "create_category",
    "create_component",
    "create_matrix",
    "create_offering",
    "create_service",
    "describe_answers",
    "file_offering",
    "find",
    "find_category",
    "find_component",
    "find_service",
    "fits",
    "get_component",
    "get_offering",
    "get_service",
    "guard_offerings",
    "guard_services",
    "is_entitled",
    "names_of_services_and_categories",
    "offer_again",
    "offering_version",
    "pages_to_answer",
    "plans_in_force",
    "plans_of",
    "priority_for",
    "priority_of",
    "publish_offering",
    "publish_service",
    "put_to_use",
    "read_answers",
    "read_page",
    "register",
    "remove_component",
    "service_in_any_stage",
    "services_on_offer",
    "services_with",
    "set_dependencies",
    "set_plan",
    "usable_services",
    "versions_of_offering",
    "versions_with",
    "withdraw_offering",
]
