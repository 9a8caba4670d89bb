"""Readiness: what the platform computes, evidence signed off by another, waivers, and the gate that all are held to."""

import json
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

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
from governance.public import (
    attach_evidence,
    change_checklist,
    give_evidence,
    readiness_of,
    sign_off,
    subject_of,
    waive,
)
from governance.queries.readiness import clean_file
from lifecycle.public import ForbiddenError, NotFoundError, RuleError, StaleVersionError
from people.models import MembershipRole, Provider, Role, SupportGroup
from suppliers.models import Contract
from tenancy.engine.scope import tenant_scope
from tests.api.caller import caller
from tests.desk.visits import log_in
from tests.requests_app.fulfilment import deliver
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
TODAY = date(2026, 11, 16)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"
BUDGET = json.loads((Path(__file__).parents[1] / "query_budget.json").read_text(encoding="utf-8"))
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


def test_files_show_that_a_check_is_met(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        chief, agent = world.actor(world.administrator), world.actor(world.agent)
        common: dict[str, Any] = {"subject": world.service, "code": "tests", "actor": chief, "at": NOW}
        with pytest.raises(NotFoundError):
            attach_evidence(**common, file=("log.txt", BytesIO(b"passed")))
        report = ("report.pdf", BytesIO(PDF))
        row = give_evidence(**common, words="All passed", files=[report, ("log.txt", BytesIO(b"passed"))])
        sign_off(**common | {"actor": agent})
        lying = [("fine.txt", BytesIO(b"fine")), ("report.pdf", BytesIO(b"<html>"))]
        with pytest.raises(RuleError) as refused:
            give_evidence(**common, words="Other words", files=lying)
        assert "report.pdf: The content is not that of a .pdf file." in refused.value.fields["files"]
        row.refresh_from_db()
        assert (row.words, row.signed_by_name, row.files.count()) == ("All passed", "Agent", 2)

        assert {file.status for file in _check(world).files} == {"quarantined"}
        with pytest.raises(NotFoundError):
            clean_file(world.service, "tests", _check(world).files[0].id)
        deliver()
        pdf, log = _check(world).files
        assert (pdf.status, log.status, log.size) == ("clean", "clean", 6)
        kept = clean_file(world.service, "tests", pdf.id)
        assert kept.content_type == "application/pdf"
        with pytest.raises(NotFoundError):
            clean_file(world.service, "monitoring", pdf.id)

        # Whoever signed it off saw other files: it has to be signed off anew.
        give_evidence(**common, words="All passed", without=[pdf.id])
        assert ([file.name for file in _check(world).files], _check(world).state) == (["log.txt"], "to_sign")
        many = [(f"{number}.txt", BytesIO(b"x")) for number in range(10)]
        with pytest.raises(RuleError):
            give_evidence(**common, words="All passed", files=many)
        assert len(_check(world).files) == 1


def _check(world: World) -> Any:
    found = readiness_of(subject_of("service", "email"), TODAY)
    return next(check for check in found.checks if check.code == "tests")


def test_files_in_the_browser(world: World) -> None:
    chief = log_in(world.administrator)
    page = "/admin/services/email/readiness/"
    lying = SimpleUploadedFile("report.pdf", b"<html>")
    refused = chief.post(f"{page}tests/evidence/", {"seen": "0", "words": "Kept words", "attached": [lying]})
    assert refused.status_code == 422
    assert "report.pdf: The content is not that" in refused.content.decode()
    assert "Kept words" in refused.content.decode()
    files = [SimpleUploadedFile("report.pdf", PDF), SimpleUploadedFile("log.txt", b"passed")]
    given = {"seen": "0", "words": "See the files", "attached": files}
    assert chief.post(f"{page}tests/evidence/", given).status_code == 302
    assert "being scanned" in chief.get(page).content.decode()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        deliver()
        pdf, _ = _check(world).files
    address = f"{page}tests/files/{pdf.id}/"
    assert address in chief.get(page).content.decode()
    answer = chief.get(address)
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]
    assert answer["Content-Disposition"].startswith("attachment")
    assert log_in(world.engineer).get(address).status_code == 403
    taken = {"seen": "1", "words": "See the file", "without": [str(pdf.id)]}
    assert chief.post(f"{page}tests/evidence/", taken).status_code == 302
    assert chief.get(address).status_code == 404


def test_over_the_api(world: World) -> None:
    api = caller(world, role="administrator")
    listed = api("GET", "readiness/").json()
    assert [line["code"] for line in listed["suppliers"]] == ["network-co"]
    whole = api("GET", "readiness/services/email/").json()
    assert {"tests", "owner"} <= {check["code"] for check in whole["checks"]}
    address = "readiness/services/email/tests/"
    nothing = api("POST", address, {"step": "evidence"})
    assert (nothing.status_code, nothing.json()["errors"][0]["field"]) == (422, "words")
    assert api("POST", address, {"step": "waive", "link": "x"}).status_code == 400
    assert api("POST", "readiness/services/email/moon/", {"step": "waive", "words": "x"}).status_code == 404
    given = api("POST", address, {"step": "evidence", "words": "Passed"}, If_Match='"v0"')
    assert (given.status_code, given.json()["state"], given["ETag"]) == (200, "to_sign", '"v1"')
    again = api("POST", address, {"step": "evidence", "words": "Passed"}, If_Match='"v0"')
    assert again.status_code == 409
    assert api("POST", address, {"step": "sign"}).status_code == 403
    waived = api("POST", "readiness/services/email/owner/", {"step": "waive", "words": "New"})
    assert waived.json()["state"] == "waived"
    assert caller(world, role="supplier-system")("GET", address).status_code == 403


def test_the_overview_takes_as_many_reads_for_many(world: World) -> None:
    def reads(count: int) -> int:
        with tenant_scope(world.tenant.pk, actor="system:test"):
            chief = world.actor(world.administrator)
            for number in range(count):
                code = f"new-{count}-{number}"
                service = create_service(code=code, name=f"New {number}", stage="designing")
                supplier = Provider.objects.create(code=code, name=f"Supplier {number}")
                SupportGroup.objects.create(code=code, name=code, provider=supplier)
                Contract.objects.create(code=code, name=code, provider=supplier, starts_date=TODAY)
                given: dict[str, Any] = {"words": "Shown", "actor": chief, "at": NOW}
                file = ("log.txt", BytesIO(b"passed"))
                give_evidence(subject=service, code="tests", files=[file], **given)
                give_evidence(subject=supplier, code="security", **given)
        client = log_in(world.administrator)
        client.get("/admin/readiness/")
        with CaptureQueriesContext(connection) as queries:
            shown = client.get("/admin/readiness/").content.decode()
        assert f"New {count - 1}" in shown
        assert f"Supplier {count - 1}" in shown
        return len(queries)

    assert reads(2) == reads(30) <= BUDGET["governance:overview"]
