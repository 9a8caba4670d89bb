"""The life of a service: steps by the table, gates all at once, a definition by the template, history that stays."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from catalogue.engine import gates
from catalogue.engine.definitions import (
    TemplateFaultyError,
    compare,
    read_template,
    template_text,
    text_template,
)
from catalogue.engine.standard_definition import STANDARD_TEMPLATE
from catalogue.lifecycle import SERVICE
from catalogue.models import DefinitionDraft, Service, ServiceDefinition, ServiceStep
from catalogue.public import (
    Description,
    ServiceNotReadyError,
    change_template,
    create_service,
    describe_service,
    propose_service,
    publish_definition,
    take_stage,
    withdraw_offering,
    write_definition,
)
from governance.public import change_checklist
from lifecycle.public import ForbiddenError, IllegalStepError, MissingFieldError, RuleError, StaleVersionError
from tenancy.engine.scope import tenant_scope
from tests.api.caller import caller
from tests.desk.visits import log_in
from tests.support.offers import offer
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
CODES = [section["code"] for section in STANDARD_TEMPLATE]
MANDATORY = [section["code"] for section in STANDARD_TEMPLATE if section["is_mandatory"]]


@pytest.fixture
def world() -> World:
    """A tenant that asks for definitions and for nothing else before a service goes live."""
    made = build_world()
    with tenant_scope(made.tenant.pk, actor="system:test"):
        change_checklist(notation={}, actor=made.actor(made.administrator), at=NOW)
    return made


def stage(service: Service) -> str:
    return Service.objects.get(pk=service.pk).stage


def test_from_an_idea_to_its_end(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        chief = world.actor(world.administrator)
        service = propose_service(
            code="maps",
            said=Description(
                name="Maps", owner=world.agent.email, support_group="service-desk", hours="office"
            ),
            actor=chief,
            at=NOW,
        )
        walk: tuple[tuple[str, dict[str, Any]], ...] = (
            ("design", {}),
            ("accept", {}),
            ("rework", {"reason": "The hours are missing"}),
            ("accept", {}),
        )
        for step, given in walk:
            take_stage(service=service, step=step, actor=chief, at=NOW, **given)
        with pytest.raises(ServiceNotReadyError) as refused:
            take_stage(service=service, step="publish", actor=chief, at=NOW)
        assert list(refused.value.fields) == [f"definition.{code}" for code in MANDATORY]
        write_definition(service=service, texts=dict.fromkeys(MANDATORY, "Said."), actor=chief)
        publish_definition(service=service, actor=chief, at=NOW)
        take_stage(service=service, step="publish", actor=chief, at=NOW)
        assert stage(service) == "live"
        for step in ("retire", "keep", "retire", "end"):
            take_stage(service=service, step=step, reason="Replaced", actor=chief, at=NOW)
        assert stage(service) == "retired"
        kept = ServiceStep.objects.filter(service=service).order_by("at", "id").values_list("name", flat=True)
        assert list(kept) == [
            "propose", "design", "accept", "rework", "accept", "publish", "retire", "keep", "retire", "end",
        ]  # fmt: skip


@pytest.mark.parametrize("source", list(SERVICE.states))
def test_only_the_table_s_steps_lead_on(world: World, source: str) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        chief = world.actor(world.administrator)
        for name, step in SERVICE.transitions.items():
            service = create_service(code=f"{source}-{name}".replace("_", "-"), name=name, stage=source)
            write_definition(service=service, texts=dict.fromkeys(MANDATORY, "Said."), actor=chief)
            publish_definition(service=service, actor=chief, at=NOW)
            if source in step.sources:
                if step.required_fields:
                    with pytest.raises(MissingFieldError):
                        take_stage(service=service, step=name, actor=chief, at=NOW)
                take_stage(service=service, step=name, reason="Because", actor=chief, at=NOW)
                assert stage(service) == step.target
            else:
                with pytest.raises(IllegalStepError):
                    take_stage(service=service, step=name, reason="Because", actor=chief, at=NOW)


def test_gates_that_speak_against_the_same_field_are_both_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gate(words: str) -> Any:
        def refuse(**_: Any) -> None:
            raise RuleError(words, fields={"hours": words})

        return refuse

    monkeypatch.setattr(gates, "_gates", [gate("Nobody is there at night."), gate("No calendar says when.")])
    with tenant_scope(world.tenant.pk, actor="system:test"):
        chief = world.actor(world.administrator)
        service = create_service(code="maps", name="Maps", stage="accepting")
        write_definition(service=service, texts=dict.fromkeys(MANDATORY, "Said."), actor=chief)
        publish_definition(service=service, actor=chief, at=NOW)
        with pytest.raises(ServiceNotReadyError) as refused:
            take_stage(service=service, step="publish", actor=chief, at=NOW)
        assert refused.value.fields == {"hours": "Nobody is there at night. No calendar says when."}
        assert stage(service) == "accepting"


def test_who_does_not_define_services_changes_none(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        agent = world.actor(world.agent)
        with pytest.raises(ForbiddenError):
            take_stage(service=world.service, step="retire", reason="No", actor=agent, at=NOW)
        with pytest.raises(ForbiddenError):
            propose_service(code="x", said=Description(name="X"), actor=agent, at=NOW)
        with pytest.raises(ForbiddenError):
            write_definition(service=world.service, texts={}, actor=agent)


def test_what_is_offered_or_relied_on_is_not_retired(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        chief = world.actor(world.administrator)
        offering = offer("mailbox", service=world.service, actor=chief, at=NOW)
        take_stage(service=world.service, step="retire", reason="Old", actor=chief, at=NOW)
        with pytest.raises(ServiceNotReadyError) as refused:
            take_stage(service=world.service, step="end", reason="Old", actor=chief, at=NOW)
        assert refused.value.fields == {"offerings": "These are still offered: mailbox."}
        withdraw_offering(offering=offering, actor=chief)
        take_stage(service=world.service, step="end", reason="Old", actor=chief, at=NOW)


def test_every_wrong_word_of_a_service_is_named(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        chief = world.actor(world.administrator)
        wrong = Description(
            name=" ", kind="odd", owner="no@body.example", hours="never", matrix="none", default_impact=9
        )
        with pytest.raises(RuleError) as refused:
            propose_service(code="Not a code", said=wrong, actor=chief, at=NOW)
        assert set(refused.value.fields) == {
            "code", "name", "kind", "owner", "hours", "matrix", "default_impact",
        }  # fmt: skip
        with pytest.raises(RuleError, match="cannot be written"):
            propose_service(code="email", said=Description(name="Mail"), actor=chief, at=NOW)
        seen = Service.objects.get(code="email").version
        describe_service(
            service=world.service, said=Description(name="Post"), actor=chief, at=NOW, seen_version=seen
        )
        with pytest.raises(StaleVersionError):
            describe_service(
                service=world.service, said=Description(name="Mail"), actor=chief, at=NOW, seen_version=seen
            )


def test_a_definition_is_drafted_published_and_compared(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        chief, service = world.actor(world.administrator), world.service
        with pytest.raises(RuleError):
            write_definition(service=service, texts={"colour": "red"}, actor=chief)
        one = write_definition(service=service, texts={"purpose": "Mail"}, actor=chief, seen_version=0)
        with pytest.raises(StaleVersionError):
            write_definition(service=service, texts={"purpose": "Post"}, actor=chief, seen_version=0)
        with pytest.raises(RuleError) as refused:
            publish_definition(service=service, actor=chief, at=NOW, seen_version=one.version)
        assert set(refused.value.fields) == set(MANDATORY) - {"purpose"}
        write_definition(service=service, texts=dict.fromkeys(MANDATORY[1:], "Said."), actor=chief)
        assert publish_definition(service=service, actor=chief, at=NOW).number == 1
        with pytest.raises(RuleError, match="Nothing changed"):
            publish_definition(service=service, actor=chief, at=NOW)
        write_definition(service=service, texts={"purpose": "Mail\nand calendars"}, actor=chief)
        assert publish_definition(service=service, note="Calendars", actor=chief, at=NOW).number == 2
        old, new = ServiceDefinition.objects.filter(service=service).order_by("number")
        (changed,) = compare(CODES, old.texts, new.texts)
        assert [(line.sort, line.text) for line in changed.lines] == [
            ("same", "Mail"),
            ("new", "and calendars"),
        ]
        assert DefinitionDraft.objects.get(service=service).texts["purpose"] == "Mail\nand calendars"


def test_a_template_of_one_s_own_is_demanded_from_then_on(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        chief = world.actor(world.administrator)
        text = "*what | What it is | Beth ydyw | |\nwhy | Why | Pam | Say why | Dywedwch pam"
        change_template(sections=text_template(text), actor=chief, at=NOW, seen_number=0)
        with pytest.raises(StaleVersionError):
            change_template(sections=text_template(text), actor=chief, at=NOW, seen_number=0)
        write_definition(service=world.service, texts={"what": "Mail"}, actor=chief)
        publish_definition(service=world.service, actor=chief, at=NOW)
        with pytest.raises(RuleError) as refused:
            change_template(sections=text_template("Bad code |"), actor=chief, at=NOW)
        assert set(refused.value.fields) == {"sections.0.code", "sections.0.title.en"}


def test_a_template_as_text_is_the_same_template() -> None:
    standard = read_template(list(STANDARD_TEMPLATE))
    assert read_template(text_template(template_text(standard))) == standard
    with pytest.raises(TemplateFaultyError):
        read_template([])


def test_in_the_browser(world: World) -> None:
    chief = log_in(world.administrator)
    new = {"code": "maps", "name": "Maps", "kind": "functional", "default_impact": "3"}
    assert chief.post("/admin/services/new/", new | {"name": ""}).status_code == 422
    assert chief.post("/admin/services/new/", new)["Location"] == "/admin/services/maps/"
    assert "Maps" in chief.get("/admin/services/?phase=pipeline").content.decode()
    assert "Maps" not in chief.get("/admin/services/?phase=live").content.decode()
    assert chief.post("/admin/services/maps/steps/design/", {"seen": "1"}).status_code == 302
    stale = chief.post("/admin/services/maps/steps/accept/", {"seen": "1"})
    assert stale.status_code == 409
    assert chief.post("/admin/services/maps/steps/accept/", {"seen": "2"}).status_code == 302
    assert chief.post("/admin/services/maps/steps/rework/", {"seen": "3", "reason": ""}).status_code == 422
    refused = chief.post("/admin/services/maps/steps/publish/", {"seen": "3"})
    assert refused.status_code == 422
    assert "The published definition says nothing under" in refused.content.decode()
    texts = dict.fromkeys(MANDATORY, "Said.")
    assert chief.post("/admin/services/maps/definition/edit/", texts | {"seen": "0"}).status_code == 302
    again = chief.post("/admin/services/maps/definition/edit/", texts | {"seen": "0", "purpose": "Kept"})
    assert (again.status_code, "Kept" in again.content.decode()) == (409, True)
    assert chief.post("/admin/services/maps/definition/publish/", {"seen": "1"}).status_code == 302
    assert chief.post("/admin/services/maps/steps/publish/", {"seen": "3"}).status_code == 302
    assert chief.get("/admin/services/maps/steps/publish/").status_code == 409
    for path in ("", "edit/", "definition/", "promises/"):
        assert chief.get(f"/admin/services/maps/{path}").status_code == 200
    assert chief.get("/admin/services/template/").status_code == 200
    assert _agent(world).get("/admin/services/").status_code == 403


def test_bands_of_availability(world: World) -> None:
    chief = log_in(world.administrator)
    refused = chief.post("/admin/services/bands/", {"bands": "gold | Gold | 101"})
    assert (refused.status_code, "Line 1" in refused.content.decode()) == (422, True)
    assert (
        chief.post("/admin/services/bands/", {"bands": "gold|Gold|99.9\nbasic|Basic|99"}).status_code == 302
    )
    changed = {"seen": "1", "name": "E-mail", "kind": "functional", "default_impact": "3"}
    assert (
        chief.post("/admin/services/email/edit/", changed | {"availability_band": "gold"}).status_code == 302
    )
    kept = chief.post("/admin/services/bands/", {"bands": "basic | Basic | 99"})
    assert (kept.status_code, "is in the band Gold" in kept.content.decode()) == (422, True)
    assert "Gold" in chief.get("/admin/services/?phase=live").content.decode()


def test_over_the_api(world: World) -> None:
    api = caller(world, role="administrator")
    wrong = api("POST", "portfolio/", {"code": "Maps!", "name": "Maps", "hours": "never"})
    assert wrong.status_code == 422
    assert {each["field"] for each in wrong.json()["errors"]} == {"code", "hours"}
    made = api("POST", "portfolio/", {"code": "maps", "name": "Maps", "hours": "office"})
    assert (made.status_code, made.json()["stage"], made.json()["steps"]) == (
        201,
        "proposed",
        ["design", "turn_down"],
    )
    for step in ("design", "accept"):
        assert api("POST", "portfolio/maps/steps/", {"step": step}).status_code == 200
    refused = api("POST", "portfolio/maps/steps/", {"step": "publish"})
    assert (refused.status_code, refused.json()["code"]) == (422, "service_not_ready")
    assert api("POST", "portfolio/maps/steps/", {"step": "fly"}).status_code == 400
    written = api("PUT", "portfolio/maps/definition/", {"texts": dict.fromkeys(MANDATORY, "Said.")})
    assert (written.status_code, written.json()["missing"]) == (200, [])
    assert api("POST", "portfolio/maps/definition/", {}).json()["published"] == 1
    assert api("POST", "portfolio/maps/steps/", {"step": "publish"}).json()["stage"] == "live"
    stale = api("PUT", "portfolio/maps/", {"name": "Charts"}, If_Match='"v1"')
    assert stale.status_code == 409
    assert api("PUT", "portfolio/maps/", {"name": "Charts"}).json()["name"] == "Charts"
    listed = api("GET", "portfolio/?phase=live&q=chart").json()["results"]
    assert [row["code"] for row in listed] == ["maps"]
    assert caller(world, role="supplier-system")("GET", "portfolio/").status_code == 403


def test_versions_of_a_definition_over_the_api(world: World) -> None:
    api = caller(world, role="administrator")
    first = dict.fromkeys(MANDATORY, "Said.")
    for texts in (first, first | {"purpose": "Said.\nAnd more."}):
        assert api("PUT", "portfolio/email/definition/", {"texts": texts}).status_code == 200
        assert api("POST", "portfolio/email/definition/", {"note": "News"}).status_code == 200
    versions = api("GET", "portfolio/email/definition/versions/").json()["results"]
    assert [(each["number"], each["note"]) for each in versions] == [(2, "News"), (1, "News")]
    address = "portfolio/email/definition/versions/2/"
    said = {each["code"]: each["text"] for each in api("GET", address).json()["sections"]}
    assert said["purpose"] == "Said.\nAnd more."
    (changed,) = api("GET", f"{address}?since=1").json()["changes"]
    assert (changed["code"], changed["lines"]) == (
        "purpose",
        [{"sort": "same", "text": "Said."}, {"sort": "new", "text": "And more."}],
    )
    assert api("GET", f"{address}?since=x").status_code == 400
    assert api("GET", f"{address}?since=7").status_code == 404
    assert api("GET", "portfolio/email/definition/versions/99999999999999999999/").status_code == 404
    assert caller(world, role="supplier-system")("GET", address).status_code == 403


def test_the_portfolio_by_kind_and_owner(world: World) -> None:
    api = caller(world, role="administrator")
    new = {"code": "maps", "name": "Maps", "kind": "technical", "owner": world.agent.email}
    assert api("POST", "portfolio/", new).status_code == 201

    def codes(query: str) -> list[str]:
        return [row["code"] for row in api("GET", f"portfolio/?{query}").json()["results"]]

    assert codes("kind=technical") == ["maps"]
    assert codes(f"owner={world.agent.email}") == ["maps"]
    assert "maps" not in codes("owner=none")
    assert "email" in codes("owner=none")
    assert api("GET", "portfolio/?kind=magic").status_code == 400
    chief = log_in(world.administrator)
    page = chief.get(f"/admin/services/?phase=pipeline&owner={world.agent.email}").content.decode()
    assert "Maps" in page
    assert "Maps" not in chief.get("/admin/services/?phase=pipeline&owner=none").content.decode()


def _agent(world: World) -> Client:
    return log_in(world.agent)
