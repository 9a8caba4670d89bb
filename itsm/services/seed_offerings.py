"""What the demonstration's people can request."""

from datetime import datetime
from typing import Any

from catalogue.public import (
    AudienceCodes,
    category_with,
    change_draft,
    create_category,
    create_offering,
    file_offering,
    publish_offering,
    service_in_any_stage,
    services_on_offer,
)
from people.public import Actor

_SHELVES = (("equipment", "Equipment"), ("software", "Software"), ("access", "Access"), ("places", "Places"))


def in_both(english: str, welsh: str) -> dict[str, str]:
    """The same in both languages."""
    return {"en": english, "cy": welsh}


def options_of(*rows: tuple[str, str, str]) -> list[dict[str, Any]]:
    """Options of a question: value, English, Welsh."""
    return [{"value": value, "label": in_both(english, welsh)} for value, english, welsh in rows]


_LAPTOP = {
    "pages": [
        {
            "code": "model",
            "title": in_both("Which laptop?", "Pa liniadur?"),
            "fields": [
                {
                    "code": "model",
                    "type": "choice",
                    "label": in_both("Model", "Model"),
                    "options": options_of(
                        ("light", "Light, for travelling", "Ysgafn, ar gyfer teithio"),
                        ("strong", "Strong, for maps and data", "Cryf, ar gyfer mapiau a data"),
                    ),
                },
                {
                    "code": "reason",
                    "type": "long_text",
                    "label": in_both("Why do you need the strong one?", "Pam mae angen yr un cryf arnoch?"),
                    "when": {"field": "model", "is": "strong"},
                    "max_length": 2000,
                },
                {
                    "code": "extras",
                    "type": "many",
                    "required": False,
                    "label": in_both("Anything with it?", "Unrhyw beth gydag ef?"),
                    "options": options_of(
                        ("mouse", "Mouse", "Llygoden"),
                        ("keyboard", "Keyboard", "Bysellfwrdd"),
                        ("bag", "Bag", "Bag"),
                    ),
                },
            ],
        },
        {
            "code": "delivery",
            "title": in_both("Where and when?", "Ble a phryd?"),
            "fields": [
                {
                    "code": "place",
                    "type": "choice",
                    "label": in_both("Where do you want it?", "Ble ydych chi ei eisiau?"),
                    "options": options_of(
                        ("office", "At my office", "Yn fy swyddfa"), ("home", "At home", "Gartref")
                    ),
                },
                {
                    "code": "needed_by",
                    "type": "date",
                    "label": in_both("When do you need it?", "Pryd mae ei angen arnoch?"),
                    "hint": in_both("For example, 27 3 2027", "Er enghraifft, 27 3 2027"),
                    "earliest": "today",
                },
            ],
        },
        {
            "code": "address",
            "title": in_both("Your address", "Eich cyfeiriad"),
            "when": {"field": "place", "is": "home"},
            "fields": [
                {
                    "code": "address",
                    "type": "long_text",
                    "label": in_both("Address for the courier", "Cyfeiriad ar gyfer y negesydd"),
                    "max_length": 500,
                }
            ],
        },
    ]
}
_SOFTWARE = {
    "pages": [
        {
            "code": "software",
            "title": in_both("Which software?", "Pa feddalwedd?"),
            "fields": [
                {
                    "code": "name",
                    "type": "text",
                    "label": in_both("Name of the software", "Enw'r feddalwedd"),
                    "max_length": 100,
                },
                {
                    "code": "licence",
                    "type": "yes_no",
                    "label": in_both(
                        "Do you have a licence for it?", "Oes gennych chi drwydded ar ei chyfer?"
                    ),
                },
                {
                    "code": "budget",
                    "type": "money",
                    "label": in_both("How much may it cost?", "Faint gaiff gostio?"),
                    "when": {"field": "licence", "is": False},
                },
            ],
        }
    ]
}
_MAILBOX = {
    "pages": [
        {
            "code": "mailbox",
            "title": in_both("The shared mailbox", "Y blwch post a rennir"),
            "fields": [
                {
                    "code": "address",
                    "type": "text",
                    "label": in_both("Its address, before the @", "Ei gyfeiriad, cyn yr @"),
                    "max_length": 60,
                },
                {
                    "code": "owner",
                    "type": "person",
                    "label": in_both("Who answers for it?", "Pwy sy'n atebol amdano?"),
                    "hint": in_both("Their email address", "Eu cyfeiriad e-bost"),
                },
            ],
        }
    ]
}


def _task(
    code: str, english: str, welsh: str, *after: str, takes: str, told: tuple[str, str]
) -> dict[str, Any]:
    return {
        "code": code,
        "name": in_both(english, welsh),
        "after": list(after),
        "group": "service-desk" if code == "account" else "euc",
        "takes": takes,
        "calendar": "office",
        "told": in_both(*told),
    }


_LAPTOP_PLAN = {
    "tasks": [
        _task(
            "order",
            "Order the laptop",
            "Archebu'r gliniadur",
            takes="PT16H",
            told=("We order it", "Rydym yn ei archebu"),
        ),
        _task(
            "account",
            "Prepare the account",
            "Paratoi'r cyfrif",
            takes="PT4H",
            told=("We prepare your account", "Rydym yn paratoi eich cyfrif"),
        ),
        _task(
            "build",
            "Install and test",
            "Gosod a phrofi",
            "order",
            "account",
            takes="PT8H",
            told=("We set it up and test it", "Rydym yn ei osod ac yn ei brofi"),
        ),
        _task(
            "hand-over",
            "Hand it over",
            "Ei drosglwyddo",
            "build",
            takes="PT4H",
            told=("You get it", "Rydych yn ei gael"),
        ),
    ]
}
_MANAGER = {
    "code": "manager",
    "name": in_both("Line manager", "Rheolwr llinell"),
    "by": [{"manager": True}],
    "skip_if_qualified": True,
    "remind_after": "PT8H",
    "escalate_after": "PT16H",
    "escalate_to": [{"role": "service-management"}],
}
_LAPTOP_APPROVAL = {
    "levels": [
        _MANAGER,
        {
            "code": "budget",
            "name": in_both("Budget holder", "Deiliad y gyllideb"),
            "by": [{"role": "service-management"}],
            "when": {"field": "cost", "at_least": 200_000},
        },
    ]
}
_SOFTWARE_APPROVAL = {"levels": [_MANAGER | {"when": {"field": "licence", "is": False}}]}
# Code, service, shelf, name, summary, description, and the other parts of the design.
_OFFERINGS: tuple[tuple[str, str, str, dict[str, str], dict[str, str], dict[str, Any]], ...] = (
    (
        "laptop",
        "laptop",
        "equipment",
        in_both("Laptop", "Gliniadur"),
        in_both("A laptop set up for you", "Gliniadur wedi'i osod ar eich cyfer"),
        {
            "price": "899.00",
            "max_quantity": 3,
            "for_others": True,
            "form": _LAPTOP,
            "approval": _LAPTOP_APPROVAL,
            "plan": _LAPTOP_PLAN,
        },
    ),
    (
        "headset",
        "laptop",
        "equipment",
        in_both("Headset", "Clustffonau"),
        in_both("Headphones with a microphone", "Clustffonau gyda meicroffon"),
        {"price": "42.50", "max_quantity": 10, "for_others": True},
    ),
    (
        "software",
        "laptop",
        "software",
        in_both("Software on my laptop", "Meddalwedd ar fy ngliniadur"),
        in_both("Have software installed", "Gosod meddalwedd"),
        {"form": _SOFTWARE, "approval": _SOFTWARE_APPROVAL},
    ),
    (
        "shared-mailbox",
        "email-calendar",
        "access",
        in_both("Shared mailbox", "Blwch post a rennir"),
        in_both("One mailbox for a team", "Un blwch post i dîm"),
        {"price": "3.00", "period": "month", "form": _MAILBOX},
    ),
    (
        "remote-access",
        "remote-access",
        "access",
        in_both("Remote access", "Mynediad o bell"),
        in_both("Work from home or on the road", "Gweithio gartref neu ar daith"),
        {"for_others": True},
    ),
    (
        "office-wifi",
        "office-network",
        "places",
        in_both("Wifi for visitors", "Wifi i ymwelwyr"),
        in_both("A password for a day", "Cyfrinair am ddiwrnod"),
        {"max_quantity": 20},
    ),
)


_DESCRIPTIONS = {
    "laptop": in_both(
        "We order it, set it up with your account and your services, and bring it to you.",
        "Rydym yn ei archebu, yn ei osod gyda'ch cyfrif a'ch gwasanaethau, ac yn dod ag ef atoch.",
    ),
    "headset": in_both(
        "Works with every laptop that we support. No set-up is needed.",
        "Yn gweithio gyda phob gliniadur yr ydym yn ei gefnogi. Nid oes angen gosod dim.",
    ),
    "software": in_both(
        "Tell us what you need. We check that it is safe and install it from afar.",
        "Dywedwch beth sydd ei angen arnoch. Rydym yn gwirio ei fod yn ddiogel ac yn ei osod o bell.",
    ),
    "shared-mailbox": in_both(
        "A team reads and answers from one address. Its owner says who may use it.",
        "Mae tîm yn darllen ac yn ateb o un cyfeiriad. Ei berchennog sy'n dweud pwy gaiff ei ddefnyddio.",
    ),
    "remote-access": in_both(
        "Reach the office network from anywhere with your own laptop.",
        "Cyrraedd rhwydwaith y swyddfa o unrhyw le gyda'ch gliniadur eich hun.",
    ),
    "office-wifi": in_both(
        "A guest uses it until midnight, in any of our offices.",
        "Gall gwestai ei ddefnyddio tan hanner nos, yn unrhyw un o'n swyddfeydd.",
    ),
}
# Everything else is everybody's.
_AUDIENCES = {"office-wifi": AudienceCodes(roles=["end-user", "service-desk", "administrator"])}


def seed_offerings(*, actor: Actor, at: datetime) -> None:
    """Offerings of the services that the demonstration has, published at `at` (UTC)."""
    there = {service.code for service in services_on_offer()}
    offerings = [offering for offering in _OFFERINGS if offering[1] in there]
    if not offerings:
        return
    for shelf, title in _SHELVES:
        create_category(code=f"offer-{shelf}", name=title)
    for code, service, shelf, name, summary, rest in offerings:
        offered = create_offering(
            code=code, service=service_in_any_stage(service), name=name["en"], actor=actor
        )
        said = {"name": name, "summary": summary, "description": _DESCRIPTIONS[code]} | rest
        change_draft(offering=offered, changes=said, actor=actor)
        file_offering(
            offering=offered,
            service=offered.service,
            category=category_with(f"offer-{shelf}"),
            audience=_AUDIENCES.get(code, AudienceCodes()),
            actor=actor,
        )
        publish_offering(offering=offered, actor=actor, at=at)
