"""The door of `catalogue` for other apps."""

from catalogue.engine.approvals import (
    ApprovalFaultyError,
    ApproverName,
    Level,
    approvers_named,
    facts_of,
    read_approval,
    read_level,
)
from catalogue.engine.automations import Automation, offer_automations
from catalogue.engine.finding import Findable, find
from catalogue.engine.forms import Field, Form, FormFaultyError, holds, in_language, read_form
from catalogue.engine.gates import guard_services
from catalogue.engine.offering_gates import guard_offerings
from catalogue.engine.panels import Panel, show_on_services
from catalogue.engine.plans import Plan, PlanFaultyError, read_plan, seconds_of
from catalogue.engine.plans import Task as TaskOfPlan
from catalogue.engine.priority import STANDARD_CELLS, priority_of
from catalogue.engine.promising import promise_plans
from catalogue.lifecycle import SERVICE
from catalogue.queries.definitions import missing_in_definition, without_definition
from catalogue.queries.offerings import (
    Card,
    card_for,
    card_page,
    cards_for,
    get_offering,
    is_entitled,
    offering_version,
    versions_numbered,
    versions_with,
)
from catalogue.queries.price_words import price_in_words
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
    Shown,
    asked_on,
    carry_over_answers,
    changes_between,
    describe_answers,
    form_of,
    pages_left,
    pages_of,
    read_answers,
    read_page,
    read_task_answers,
    shown_answers,
    shown_task_answers,
)
from catalogue.services.bands import set_bands
from catalogue.services.components import change_component, create_component, remove_component
from catalogue.services.definitions import create_category, create_matrix, create_service
from catalogue.services.describe import Description, describe_service, propose_service
from catalogue.services.matrices import MatrixUse, put_to_use
from catalogue.services.offerings import (
    AudienceCodes,
    category_with,
    change_draft,
    create_offering,
    file_offering,
    publish_offering,
    withdraw_offering,
)
from catalogue.services.planned import plan_of
from catalogue.services.plans import PlanTask, set_plan
from catalogue.services.publish import publish_service
from catalogue.services.refusals import CircularCompositionError, RegisterRefusedError
from catalogue.services.register import Part, PartGroup, set_dependencies
from catalogue.services.service_definitions import change_template, publish_definition, write_definition
from catalogue.services.stages import ServiceNotReadyError, take_stage
from catalogue.web.forms import AnswersForm

__all__ = [
    "SERVICE",
    "STANDARD_CELLS",
    "AnswersForm",
    "ApprovalFaultyError",
    "ApproverName",
    "AudienceCodes",
    "Automation",
    "Card",
    "CircularCompositionError",
    "Description",
    "Field",
    "Findable",
    "Form",
    "FormFaultyError",
    "Level",
    "MatrixUse",
    "Panel",
    "Part",
    "PartGroup",
    "Plan",
    "PlanFaultyError",
    "PlanTask",
    "Register",
    "RegisterRefusedError",
    "ServiceNotReadyError",
    "Shown",
    "TaskOfPlan",
    "active_categories",
    "all_components",
    "all_services",
    "approvers_named",
    "asked_on",
    "card_for",
    "card_page",
    "cards_for",
    "carry_over_answers",
    "catalogue",
    "category_with",
    "change_component",
    "change_draft",
    "change_template",
    "changes_between",
    "components_under",
    "create_category",
    "create_component",
    "create_matrix",
    "create_offering",
    "create_service",
    "describe_answers",
    "describe_service",
    "facts_of",
    "file_offering",
    "find",
    "find_category",
    "find_component",
    "find_service",
    "form_of",
    "get_component",
    "get_offering",
    "get_service",
    "guard_offerings",
    "guard_services",
    "holds",
    "in_language",
    "is_entitled",
    "missing_in_definition",
    "names_of_services_and_categories",
    "offer_automations",
    "offering_version",
    "pages_left",
    "pages_of",
    "plan_of",
    "plans_in_force",
    "plans_of",
    "price_in_words",
    "priority_for",
    "priority_of",
    "promise_plans",
    "propose_service",
    "publish_definition",
    "publish_offering",
    "publish_service",
    "put_to_use",
    "read_answers",
    "read_approval",
    "read_form",
    "read_level",
    "read_page",
    "read_plan",
    "read_task_answers",
    "register",
    "remove_component",
    "seconds_of",
    "service_in_any_stage",
    "services_on_offer",
    "services_with",
    "set_bands",
    "set_dependencies",
    "set_plan",
    "show_on_services",
    "shown_answers",
    "shown_task_answers",
    "take_stage",
    "usable_services",
    "versions_numbered",
    "versions_with",
    "withdraw_offering",
    "without_definition",
    "write_definition",
]
