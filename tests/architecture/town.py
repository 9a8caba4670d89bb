"""Two tenants, somebody of each kind logged in, and something of every sort that an address can name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any

from django.test import Client

from approvals.models import Approval
from approvals.public import delegate
from calendars.public import define_calendar
from catalogue.models import Service
from catalogue.public import (
    Part,
    PartGroup,
    change_draft,
    create_component,
    create_service,
    publish_definition,
    set_dependencies,
    write_definition,
)
from catalogue.queries.definitions import template
from governance.models import EvidenceFile
from governance.public import give_evidence
from incidents.public import Report, raise_incident
from notifications.models import Mail
from people.models import Membership, Person, Provider
from people.public import create_provider, system_actor
from records.models import Attachment, Record
from records.public import attach_file
from reporting.engine.check_codes import grouped
from reporting.engine.questions import Month
from reporting.services.issue import issue_report
from reporting.services.schedules import create_schedule
from requests_app.public import Wanted, allow_host, define_hook, place_order, start_line
from requests_app.services.advance import advance
from requests_app.services.fulfil import begin_tasks
from sla.public import TargetTerms, define_target
from sla.services.drafts import DraftText, start_draft
from suppliers.models import Contract
from suppliers.public import Terms, add_obligation, create_contract, publish_mapping, write_mapping
from tenancy.engine.scope import tenant_scope
from tests.architecture.rows import MONDAY_TEN, contest_minute
from tests.suppliers.mappings import whole_mapping
from tests.support.offers import offer, words
from tests.support.world import LONG_AGO, OFFICE_HOURS, World, build_world

# Addresses written as regular expressions, each with an example of it.
EXAMPLES = {
    "api/v1/^": "api/v1/nothing/",
    "^api/(now|sn_sc)/": "api/now/nothing",
    "^(?P<table>incident|sc_req_item|sc_task)\\.do$": "incident.do",
    "account/^confirm-email/(?P<key>[-:\\w]+)/$": "account/confirm-email/x/",
    "account/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": "account/password/reset/key/x-y/",
}


@dataclass(frozen=True)
class Places:
    """What parameters stand for: a record that the user, the desk and the supplier have to do with, or not."""

    number: str
    attachment: str
    mail: str
    service: str
    calendar: str
    target: str
    contract: str
    duty: str
    draft: str
    report: str
    check_code: str
    schedule: str
    dispute: str
    offering: str
    line: str
    request: str
    order: str
    task: str
    hook: str
    approval: str
    delegation: str
    supplier: str
    evidence: str
    assurance: str

    def fill(self, route: str) -> str:
        """An address of a route."""
        if route in EXAMPLES:
            return f"/{EXAMPLES[route]}"
        for parameter, value in (
            ("requests/<str:number>", f"requests/{self.request}"),
            ("tasks/<str:number>", f"tasks/{self.task}"),
            ("records/<str:number>/again", f"records/{self.request}/again"),
            ("orders/<str:number>", f"orders/{self.order}"),
            ("basket/done/<str:number>", f"basket/done/{self.order}"),
            ("offerings/<slug:code>/steps/<slug:step>", f"offerings/{self.offering}/steps/publish"),
            ("<slug:sort>/<slug:name>", "question/why"),
            ("<slug:question>", "why"),
            ("<slug:level>", "desk"),
            ("<slug:task>", "order"),
            ("offerings/<slug:code>", f"offerings/{self.offering}"),
            ("request/<slug:code>", f"request/{self.offering}"),
            ("<uuid:line_id>", self.line),
            ("<uuid:duty>", self.duty),
            ("<str:token>", "0" * 64),
            ("hooks/<slug:code>", f"hooks/{self.hook}"),
            ("<str:host>", f"{self.hook}.example.org"),
            (
                "services/<slug:code>/readiness/<slug:check>/<slug:step>",
                f"services/{self.service}/readiness/tests/evidence",
            ),
            (
                "suppliers/<slug:code>/readiness/<slug:check>/<slug:step>",
                f"suppliers/{self.supplier}/readiness/security/evidence",
            ),
            ("services/<slug:code>/readiness", f"services/{self.service}/readiness"),
            ("readiness/<slug:about>/<slug:code>", f"readiness/services/{self.service}"),
            ("suppliers/<slug:provider>", f"suppliers/{self.supplier}"),
            ("<slug:process>", "incident"),
            ("<slug:part>/", "states/" if "agreements/" in route else "<slug:part>/"),
            ("<slug:check>", "security" if "suppliers/" in route else "tests"),
            ("<uuid:key>", self.assurance if "suppliers/" in route else self.evidence),
            ("suppliers/<slug:code>", f"suppliers/{self.supplier}"),
            ("<slug:page>", "why"),
            ("<str:table>", "incident"),
            ("<str:sys_id>", self.attachment),
            ("<slug:step>", "retire"),
            ("<str:number>", self.number),
            ("<uuid:attachment_id>", self.attachment),
            ("<uuid:file_id>", self.attachment),
            ("<slug:action>", "note"),
            ("<int:pk>", "1"),
            ("<uuid:mail_id>", self.mail),
            ("<uuid:report_id>", self.report),
            ("<str:check_code>", self.check_code),
            ("<str:month>", "2026-03"),
            ("<uuid:schedule_id>", self.schedule),
            ("reports/<slug:code>", "reports/sla"),
            ("figures/<slug:board>", "figures/sla"),
            ("figures/evidence/<str:column>", "figures/evidence/records.opened"),
            ("reports/numbers/<str:code>", "reports/numbers/records.opened"),
            ("api/v1/calendars/<str:code>", f"api/v1/calendars/{self.calendar}"),
            ("api/v1/targets/<str:code>", f"api/v1/targets/{self.target}"),
            ("admin/calendars/<slug:code>", f"admin/calendars/{self.calendar}"),
            ("admin/targets/<slug:code>", f"admin/targets/{self.target}"),
            ("versions/<int:number>", "versions/1"),
            ("portfolio/<slug:code>", f"portfolio/{self.service}"),
            ("services/<str:code>", f"services/{self.service}"),
            ("services/<slug:code>", f"services/{self.service}"),
            ("components/<slug:code>", f"components/part-of-{self.service}"),
            ("groups/<int:number>", "groups/1"),
            ("contracts/<str:code>", f"contracts/{self.contract}"),
            ("contracts/<slug:code>", f"contracts/{self.contract}"),
            ("<slug:kind>/<slug:part>", f"component/part-of-{self.service}"),
            ("<uuid:draft_id>", self.draft),
            ("<uuid:approval_id>", self.approval),
            ("<uuid:delegation_id>", self.delegation),
            ("<uuid:dispute_id>", self.dispute),
        ):
            route = route.replace(parameter, value)
        assert "<" not in route, f"give {route} a value for its parameter"
        assert "(" not in route, f"give {route} an example"
        return f"/{route}"


@dataclass(frozen=True)
class Town:
    """Two tenants, somebody of each kind logged in at the first one's host, and a record of each tenant."""

    clients: Mapping[str, Client]
    own: Places
    foreign: Places


def build_town() -> Town:
    """Build it. The foreign record's number does not exist in the own tenant."""
    here, there = build_world("defra"), build_world("dvla")
    own, foreign = _record(here, 1), _record(there, 3)
    people = {
        "outsider": there.agent,
        "end_user": here.user,
        "stranger": here.other_user,
        "agent": here.agent,
        "engineer": here.engineer,
        "administrator": here.administrator,
    }
    clients = {"anonymous": _client(here, None)} | {name: _client(here, who) for name, who in people.items()}
    return Town(clients, own, foreign)


def _record(world: World, count: int) -> Places:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        agent = world.actor(world.agent)
        report = Report(title="Router", requester=world.user.email, support_group="network")
        records = [raise_incident(report=report, actor=agent, at=MONDAY_TEN) for _ in range(count)]
        later = MONDAY_TEN + timedelta(minutes=1)
        file = attach_file(
            record=records[-1], name="log.txt", content=BytesIO(b"down"), actor=agent, at=later
        )
        Attachment.objects.filter(pk=file.pk).update(status=Attachment.Status.CLEAN)
        mail = Mail.objects.create(
            record=records[-1],
            outbox_message=1,
            to_address=world.user.email,
            letter="received",
            subject="We have your report",
            text="We have it",
            html="<p>We have it</p>",
            message_id="<1@example>",
            thread_id="<1@example>",
            language="en-gb",
        )
        service = create_service(code=f"mail-of-{world.tenant.code}", name="Mail")
        _defined(world, service)
        evidence = _shown(world, service, "tests")
        calendar, target = _definitions(world)
        draft = start_draft(
            text=DraftText(name="No hurry", document="targets: [{code: response, retired: true}]"),
            actor=world.actor(world.administrator),
            at=MONDAY_TEN,
        )
        issued, check_code, schedule = _reports(world)
        dispute = str(contest_minute(world, records[-1].number, after=MONDAY_TEN).pk)
        return Places(
            number=records[-1].number,
            attachment=str(file.pk),
            mail=str(mail.pk),
            service=service.code,
            calendar=calendar,
            target=target,
            contract=(contract := _contract(world, service)).code,
            duty=str(_owed(world, contract)),
            draft=str(draft.pk),
            report=issued,
            check_code=check_code,
            schedule=schedule,
            dispute=dispute,
            evidence=evidence,
            **_wanted(world, count),
        )


def _defined(world: World, service: Service) -> None:
    """Version 1 of what the service is."""
    chief = world.actor(world.administrator)
    texts = {section.code: f"About {section.code}." for section in template()}
    write_definition(service=service, texts=texts, actor=chief)
    publish_definition(service=service, actor=chief, at=MONDAY_TEN)


def _shown(world: World, subject: Service | Provider, code: str) -> str:
    """A file that shows that a service, or a supplier, is ready."""
    chief = world.actor(world.administrator)
    files = [("report.txt", BytesIO(b"All passed"))]
    row = give_evidence(subject=subject, code=code, words="See it", files=files, actor=chief, at=MONDAY_TEN)
    EvidenceFile.objects.update(status=EvidenceFile.Status.CLEAN)
    return str(row.files.get().pk)


def _wanted(world: World, count: int) -> dict[str, str]:
    """An offering, a line for it in the user's basket, and an order of the user's."""
    code = f"laptop-of-{world.tenant.code}"
    why = {"code": "why", "type": "text", "label": words("Why?")}
    form = {"pages": [{"code": "why", "title": words("Why?"), "fields": [why]}]}
    chief = world.actor(world.administrator)
    offering = offer(code, service=world.service, actor=chief, at=MONDAY_TEN, form=form)
    level = {"code": "desk", "name": words("Desk"), "by": [{"group": "service-desk"}]}
    task = {"code": "order", "name": words("Order"), "group": "service-desk"}
    plans = {"approval": {"levels": [level]}, "plan": {"tasks": [task]}}
    change_draft(offering=offering, changes=plans, actor=chief)
    user = world.actor(world.user, "portal")
    line = start_line(offering=code, actor=user, at=MONDAY_TEN)
    wanted = [Wanted(offering=code, answers={"why": "To work"})]
    orders = [place_order(wanted=wanted, actor=user, at=MONDAY_TEN) for _ in range(count)]
    tasks = [_task_of(world, placed.records[0]) for placed in orders]
    placed = orders[-1]
    hook = f"hook-of-{world.tenant.code}"
    allow_host(f"{hook}.example.org")
    define_hook(code=hook, name="Directory", url=f"https://{hook}.example.org/do")
    return {
        "hook": hook,
        "offering": code,
        "line": str(line.pk),
        "request": placed.records[0].number,
        "order": placed.order.number,
        "task": tasks[-1],
        **_asked(world),
    }


def _asked(world: World) -> dict[str, str]:
    """A level at which the service desk is asked about a request, and a delegation of the administrator's."""
    code, chief = f"chair-of-{world.tenant.code}", world.actor(world.administrator)
    level = {"code": "desk", "name": words("Desk"), "by": [{"group": "service-desk"}]}
    offer(code, service=world.service, actor=chief, at=MONDAY_TEN, approval={"levels": [level]})
    user = world.actor(world.user, "portal")
    (record,) = place_order(wanted=[Wanted(offering=code)], actor=user, at=MONDAY_TEN).records
    advance(record_id=record.pk, actor=system_actor(world.tenant.pk), at=MONDAY_TEN)
    day = MONDAY_TEN.date()
    made = delegate(to=world.agent.email, first_day=day, last_day=day, actor=chief, at=MONDAY_TEN)
    supplier = create_provider(code=f"supplier-of-{world.tenant.code}", name="Another")
    about: dict[str, Any] = {"provider": supplier, "process": "incident", "actor": chief}
    write_mapping(**about, notation=whole_mapping())
    publish_mapping(**about, at=MONDAY_TEN)
    return {"supplier": supplier.code, "assurance": _shown(world, supplier, "security")} | {
        "approval": str(Approval.objects.get(record=record).pk),
        "delegation": str(made.pk),
    }


def _task_of(world: World, request: Record) -> str:
    """The number of the one task that fulfils the request, which the supplier's group has."""
    advance(record_id=request.pk, actor=system_actor(world.tenant.pk), at=MONDAY_TEN)
    (task,) = begin_tasks(request_id=request.pk, at=MONDAY_TEN)
    return task.number


def _reports(world: World) -> tuple[str, str, str]:
    """A report about the supplier, its check code, and a schedule."""
    chief = world.actor(world.administrator)
    asked: dict[str, Any] = {"kind": "supplier", "provider_id": world.supplier.pk, "actor": chief}
    report = issue_report(**asked, month=Month(2026, 11), at=MONDAY_TEN)
    schedule = create_schedule(
        **asked, day=3, hour=7, recipients=["a@b.example"], language="en-gb", at=MONDAY_TEN
    )
    return str(report.pk), grouped(report.check_code), str(schedule.pk)


def _definitions(world: World) -> tuple[str, str]:
    """Codes of a calendar, and of a promise between groups that no supplier has to do with."""
    code = world.tenant.code
    calendar = define_calendar(
        code=f"hours-of-{code}", name="Hours", definition=OFFICE_HOURS, effective_from=LONG_AGO
    )
    terms = TargetTerms(
        kind="ola",
        metric="resolution",
        duration=3600,
        calendar=calendar,
        scope={"support_group": [world.desk_group.pk]},
    )
    target = define_target(code=f"promise-of-{code}", name="Promise", terms=terms, effective_from=LONG_AGO)
    return calendar.code, target.code


def _contract(world: World, service: Service) -> Contract:
    """A contract with the supplier, and a component under it that the service is made of."""
    chief = world.actor(world.administrator)
    contract = create_contract(
        code=f"network-of-{world.tenant.code}",
        name="Network",
        provider=world.supplier.code,
        starts_date=LONG_AGO.date(),
        terms=Terms(calendar=world.calendar.code),
        effective_from=LONG_AGO,
        actor=chief,
    )
    part = create_component(
        code=f"part-of-{service.code}", name="Part", provider=world.supplier, contract=contract, actor=chief
    )
    groups = [PartGroup("Parts", (Part(component=part.code),))]
    set_dependencies(service=service, groups=groups, actor=chief, at=MONDAY_TEN)
    return contract


def _owed(world: World, contract: Contract) -> Any:
    """Something owed under a contract."""
    day, chief = LONG_AGO.date(), world.actor(world.administrator)
    return add_obligation(
        contract=contract, name="Report", owed_by="provider", every="year", first_date=day, actor=chief
    ).pk


def _client(world: World, member: Membership | None) -> Client:
    client = Client(headers={"host": world.tenant.host}, raise_request_exception=False)
    if member is not None:
        client.force_login(Person.objects.get(pk=member.person_id))
    return client
