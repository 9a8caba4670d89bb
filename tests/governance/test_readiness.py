"""Readiness: what the platform computes, evidence signed off by another, waivers, and the gate that all are held to."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from catalogue.public import (
    Description,
    ServiceNotReadyError,
    create_service,
    describe_service,
    publish_definition,
    take_stage,
    write_definition,
)
from catalogue.queries.definitions import template
from governance.engine.checks import (
    ChecklistFaultyError,
    checklist_text,
    read_checklist,
    score,
    text_checks,
)
from governance.engine.standard_checklist import STANDARD_CHECKLIST
from governance.models import EarlyLife
from governance.public import change_checklist, give_evidence, readiness_of, sign_off, subject_of, waive
from lifecycle.public import ForbiddenError, NotFoundError, RuleError, StaleVersionError
from people.models import MembershipRole, Role
from tenancy.engine.scope import tenant_scope
from tests.desk.visits import log_in
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
TODAY = date(2026, 11, 16)
EVIDENCE = [check["code"] for check in STANDARD_CHECKLIST["service"] if check.get("role")]


@pytest.fixture
def world() -> World:
    made = build_world()
    with tenant_scope(made.tenant.pk, actor="system:test"):
        manages = Role.objects.get(code="service-management")
        MembershipRole.objects.create(membership=made.agent, role=manages)
    return made


def test_the_standard_checklist_can_be_read_and_typed() -> None:
    read = read_checklist(STANDARD_CHECKLIST, roles=["service-management"])
    assert [len(read.service), len(read.supplier), read.early_life_days] == [10, 6, 30]
    for about in ("service", "supplier"):
        typed = {about: text_checks(checklist_text(STANDARD_CHECKLIST, about))}
        assert read_checklist(typed, roles=["service-management"]).of(about) == read.of(about)
    assert [score([]), score([True, False, True])] == [100, 66]


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ([], ""),
        ({"other": []}, ""),
        ({"service": "x"}, "service"),
        ({"service": ["x"]}, "service.0"),
        ({"early_life_days": 999}, "early_life_days"),
        ({"service": [{"code": "A", "title": {"en": "A"}, "computed": "hours"}]}, "service.0.code"),
        ({"service": [{"code": "a", "title": {}, "computed": "hours"}]}, "service.0.title.en"),
        ({"service": [{"code": "a", "title": {"en": "A"}}]}, "service.0"),
        ({"service": [{"code": "a", "title": {"en": "A"}, "computed": "moon"}]}, "service.0.computed"),
        ({"service": [{"code": "a", "title": {"en": "A"}, "role": "captain"}]}, "service.0.role"),
    ],
)
def test_a_faulty_checklist_is_told_by_path(given: Any, path: str) -> None:
    with pytest.raises(ChecklistFaultyError) as refused:
        read_checklist(given, roles=["administrator"])
    assert path in refused.value.faults


def test_a_service_goes_live_when_all_is_shown_and_signed_off(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        chief, agent = world.actor(world.administrator), world.actor(world.agent)
        service = create_service(code="maps", name="Maps", stage="accepting")
        with pytest.raises(ServiceNotReadyError) as refused:
            take_stage(service=service, step="publish", actor=chief, at=NOW)
        # The definition and the readiness are told at once.
        assert {"definition.purpose", "readiness.owner", "readiness.tests"} <= refused.value.fields.keys()
        write_definition(service=service, texts={each.code: "Said." for each in template()}, actor=chief)
        publish_definition(service=service, actor=chief, at=NOW)
        said = Description(name="Maps", owner=world.agent.email, support_group="service-desk", hours="office")
        service = describe_service(service=service, said=said, actor=chief, at=NOW)
        waive(subject=service, code="contracts", reason="Made by ourselves", actor=chief, at=NOW)
        for code in EVIDENCE:
            give_evidence(subject=service, code=code, words="See the report", actor=chief, at=NOW)
        found = readiness_of(subject_of("service", "maps"), TODAY, agent)
        assert {check.code: check.state for check in found.checks if check.state != "met"} == {
            "contracts": "waived"
        } | dict.fromkeys(EVIDENCE, "to_sign")
        assert found.score == 50
        for code in EVIDENCE:
            with pytest.raises(ForbiddenError):
                sign_off(subject=service, code=code, actor=chief, at=NOW)
            sign_off(subject=service, code=code, actor=agent, at=NOW)
        assert take_stage(service=service, step="publish", actor=chief, at=NOW).stage == "live"
        assert EarlyLife.objects.get(service=service).last_day == TODAY + timedelta(days=30)


def test_evidence_is_checked_versioned_and_signed_by_another(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        chief, agent = world.actor(world.administrator), world.actor(world.agent)
        supplier = subject_of("supplier", "network-co")
        common: dict[str, Any] = {"subject": supplier, "code": "security", "actor": agent, "at": NOW}
        for wrong in ({"words": " "}, {"words": "x", "link": "http://insecure.example"}):
            with pytest.raises(RuleError):
                give_evidence(**common | wrong)
        with pytest.raises(RuleError):
            give_evidence(**common | {"code": "contract", "words": "x"})
        with pytest.raises(NotFoundError):
            give_evidence(**common | {"code": "moon", "words": "x"})
        with pytest.raises(NotFoundError):
            sign_off(**common)
        give_evidence(**common, words="Cleared", seen_version=0)
        with pytest.raises(StaleVersionError):
            give_evidence(**common, words="Cleared twice", seen_version=0)
        with pytest.raises(ForbiddenError):
            sign_off(**common)
        with pytest.raises(ForbiddenError):
            # An administrator who does not manage services has not the role.
            sign_off(**common | {"actor": chief})
        give_evidence(**common | {"actor": chief}, words="Cleared by us")
        assert sign_off(**common).signed_by_name == "Agent"
        # Other evidence has to be signed off anew.
        assert give_evidence(**common | {"actor": chief}, words="Cleared again").signed_at is None
        with pytest.raises(ForbiddenError):
            give_evidence(**common | {"actor": world.actor(world.user)}, words="x")


def test_an_empty_checklist_asks_nothing(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        chief = world.actor(world.administrator)
        change_checklist(notation={}, actor=chief, at=NOW, seen_number=0)
        with pytest.raises(StaleVersionError):
            change_checklist(notation={}, actor=chief, at=NOW, seen_number=0)
        assert readiness_of(world.service, TODAY).score == 100


def test_in_the_browser(world: World) -> None:
    chief, agent = log_in(world.administrator), log_in(world.agent)
    assert "Network Co" in chief.get("/admin/readiness/").content.decode()
    page = "/admin/suppliers/network-co/readiness/"
    assert "Missing" in chief.get(page).content.decode()
    give, sign = f"{page}security/evidence/", f"{page}security/sign/"
    assert chief.post(give, {"seen": "0", "words": ""}).status_code == 422
    assert chief.post(give, {"seen": "0", "words": "Cleared"}).status_code == 302
    stale = chief.post(give, {"seen": "0", "words": "Kept text"})
    assert (stale.status_code, "Kept text" in stale.content.decode()) == (409, True)
    assert chief.post(sign, {"seen": "1"}).status_code == 403
    assert agent.post(sign, {"seen": "1"}).status_code == 302
    assert chief.post(f"{page}groups/waive/", {"seen": "0", "words": "New"}).status_code == 302
    assert chief.get(f"{page}groups/moon/").status_code == 404
    assert chief.get("/admin/services/email/readiness/").status_code == 200
    typed = {"seen": "0", "service": "Bad | |", "supplier": "", "early_life_days": "14"}
    refused = chief.post("/admin/readiness/checklist/", typed)
    assert (refused.status_code, "Line 1: " in refused.content.decode()) == (422, True)
    fine = typed | {"service": "tests | Tests | Profion | service-management"}
    assert chief.post("/admin/readiness/checklist/", fine).status_code == 302
    assert log_in(world.engineer).get(page).status_code == 403
