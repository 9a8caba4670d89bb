"""What the demonstration's people can have without anybody's help: a system does it, here a simulated one."""

from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction

from catalogue.public import (
    AudienceCodes,
    category_with,
    change_draft,
    create_offering,
    file_offering,
    get_offering,
    publish_offering,
    service_in_any_stage,
    services_on_offer,
)
from itsm.services.demo_world import Demo
from itsm.services.seed_offerings import in_both, options_of
from itsm.services.simulate import simulator_secret
from lifecycle.public import NotFoundError
from people.public import Actor, actor_of_person, find_member, tenant_by_code
from requests_app.public import allow_host, define_hook, hook_addresses, local_addresses
from tenancy.engine.scope import tenant_scope

# Code, name, path at the simulator.
_HOOKS = (
    ("password-reset", "Directory: reset a password", "/done"),
    ("machine-restart", "Hosting: restart a machine", "/later"),
)
_PASSWORD = {
    "pages": [
        {
            "code": "account",
            "title": in_both("Which password?", "Pa gyfrinair?"),
            "fields": [
                {
                    "code": "account",
                    "type": "choice",
                    "label": in_both(
                        "What do you log in to with it?", "I beth ydych chi'n mewngofnodi ag ef?"
                    ),
                    "options": options_of(
                        ("network", "My computer and e-mail", "Fy nghyfrifiadur ac e-bost"),
                        ("remote", "Remote access", "Mynediad o bell"),
                        ("payments", "Rural payments", "Taliadau gwledig"),
                    ),
                }
            ],
        }
    ]
}
_MACHINE = {
    "pages": [
        {
            "code": "machine",
            "title": in_both("Which virtual machine?", "Pa beiriant rhithwir?"),
            "fields": [
                {
                    "code": "machine",
                    "type": "text",
                    "label": in_both("Its name", "Ei enw"),
                    "hint": in_both("For example, vm-rivers-07", "Er enghraifft, vm-rivers-07"),
                    "max_length": 60,
                },
                {
                    "code": "saved",
                    "type": "yes_no",
                    "label": in_both(
                        "Has everybody who works on it saved their work?",
                        "A yw pawb sy'n gweithio arno wedi cadw eu gwaith?",
                    ),
                },
            ],
        }
    ]
}


def _by_itself(code: str, name: dict[str, str], told: dict[str, str], **more: Any) -> dict[str, Any]:
    return {"code": code, "name": name, "told": told} | more


class _Offered(NamedTuple):
    """An offering of one task that a hook does."""

    code: str
    service: str
    name: dict[str, str]
    summary: dict[str, str]
    description: dict[str, str]
    form: dict[str, Any]
    task: dict[str, Any]


_OFFERINGS = (
    _Offered(
        "reset-password",
        "identity",
        in_both("Reset my password", "Ailosod fy nghyfrinair"),
        in_both("At once, at any time of day", "Ar unwaith, unrhyw adeg o'r dydd"),
        in_both(
            "You get a message with a link to choose a new password. Nobody has to be asked.",
            "Cewch neges gyda dolen i ddewis cyfrinair newydd. Nid oes angen gofyn i neb.",
        ),
        _PASSWORD,
        _by_itself(
            "reset",
            in_both("Reset the password", "Ailosod y cyfrinair"),
            in_both("We reset your password", "Rydym yn ailosod eich cyfrinair"),
            group="service-desk",
            takes="PT5M",
            action={
                "hook": "password-reset",
                "send": {"do": "reset-password", "says": "The link was sent to your email address."},
            },
        ),
    ),
    _Offered(
        "restart-machine",
        "document-store",
        in_both("Restart my virtual machine", "Ailgychwyn fy mheiriant rhithwir"),
        in_both("When it hangs or is slow", "Pan fydd yn rhewi neu'n araf"),
        in_both(
            "It is restarted within minutes. What was not saved on it is lost.",
            "Caiff ei ailgychwyn o fewn munudau. Collir yr hyn na chafodd ei gadw arno.",
        ),
        _MACHINE,
        _by_itself(
            "restart",
            in_both("Restart the machine", "Ailgychwyn y peiriant"),
            in_both("We restart your machine", "Rydym yn ailgychwyn eich peiriant"),
            group="hosting",
            takes="PT15M",
            action={
                "hook": "machine-restart",
                "send": {"do": "restart", "says": "The machine is running again."},
            },
        ),
    ),
)


def seed_self_service(demo: Demo, *, at: datetime) -> None:
    """The hooks that lead to the simulator, and the offerings that use them. Harmless to do at each start.

    Nothing where there is no simulator, or where this tenant's hooks may not call it.
    """
    tenant = tenant_by_code(demo.code)
    with transaction.atomic(), tenant_scope(tenant.pk, actor="system:seed"):
        if not settings.SIMULATOR or settings.SIMULATOR not in local_addresses():
            return
        there = {service.code for service in services_on_offer()}
        known = hook_addresses()
        host = settings.SIMULATOR.rpartition(":")[0]
        if not known:
            allow_host(host)
        for code, name, path in _HOOKS:
            url = f"http://{settings.SIMULATOR}{path}"
            # It may listen at another port than last time; what somebody made of a hook meanwhile is left alone.
            if code not in known or (known[code].startswith(f"http://{host}:") and known[code] != url):
                define_hook(code=code, name=name, url=url, secret=simulator_secret())
        member = find_member(f"administrator@{demo.code}.example")
        chief = actor_of_person(member.person_id, tenant_id=tenant.pk, door="system") if member else None
        for offering in _OFFERINGS:
            if chief is not None and offering.service in there:
                _offer(offering, actor=chief, at=at)


def _offer(new: _Offered, *, actor: Actor, at: datetime) -> None:
    try:
        get_offering(new.code)
    except NotFoundError:
        service = service_in_any_stage(new.service)
        offering = create_offering(code=new.code, service=service, name=new.name["en"], actor=actor)
    else:
        return
    said = {
        "name": new.name,
        "summary": new.summary,
        "description": new.description,
        "form": new.form,
        "plan": {"tasks": [new.task]},
    }
    change_draft(offering=offering, changes=said, actor=actor)
    file_offering(
        offering=offering,
        service=service,
        category=category_with("offer-access"),
        audience=AudienceCodes(),
        actor=actor,
    )
    publish_offering(offering=offering, actor=actor, at=at)
