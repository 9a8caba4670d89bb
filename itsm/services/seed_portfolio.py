"""What the demonstration's portfolio holds besides what is live: services that may come, and some that are over."""

from datetime import datetime, timedelta

from catalogue.public import (
    Description,
    create_service,
    describe_service,
    propose_service,
    publish_definition,
    set_bands,
    take_stage,
    write_definition,
)
from people.public import Actor

_BANDS = ("gold | Gold | 99.9", "silver | Silver | 99.5", "bronze | Bronze | 99")
_SENSORS = {
    "purpose": "Readings of river levels, soil and weather in one place, for other services to use.",
    "users": "Services that forecast, warn and pay. No people use it directly.",
    "scope": "Collecting, checking and keeping readings. The sensors themselves belong to whoever set them up.",
    "hours": "Around the clock. Somebody supports it in office hours.",
    "support": "Through the service desk, which passes faults on.",
    "service-levels": "Readings are there within five minutes, 99.5 % of the time.",
    "suppliers": "Hosting in two data centres. Who supplies the collecting is being bought.",
    "requests": "A service that wants readings asks its owner.",
    "charges": "Paid for by the services that use it, by the number of readings.",
    "security": "Readings are public. Who may write them is checked by certificate.",
    "continuity": "Sensors keep readings for a week, and send them when the platform is back.",
}
_SENSORS_AFTER_REVIEW = {
    "users": "Services that forecast, warn and pay, and researchers over the API.",
    "service-levels": "Readings are there within two minutes, 99.5 % of the time.",
}
_FAX = {
    "purpose": "Sending and receiving faxes from the office and from a mailbox.",
    "users": "About forty people who wrote to courts and abattoirs.",
    "scope": "Fax numbers, the gateway and the machines in three offices.",
    "hours": "Office hours.",
    "support": "Through the service desk.",
    "service-levels": "Faults were put right within two working days.",
    "suppliers": "The gateway came with the telephone contract.",
    "requests": "No new numbers were given out in its last year.",
    "charges": "Part of the telephone contract.",
    "security": "Not for anything that is marked.",
    "continuity": "None: letters and e-mail did as well.",
}
_TRANSLATION = {
    "purpose": "Letters and pages in Welsh and English within a day, by people with a machine's help.",
    "users": "Everybody who writes to the public.",
}


def seed_portfolio(*, owner: str, actor: Actor, at: datetime) -> None:
    """Bands, a service that is proposed, one being designed, one that had its day and one that was turned down.

    `owner` is the e-mail address of who answers for them; all of it happened before `at` (UTC).
    """
    set_bands(lines=_BANDS, actor=actor, at=at)
    said = Description(
        name="Translation",
        description="Letters and pages in both languages.",
        audience="Everybody who writes to the public",
        owner=owner,
    )
    service = propose_service(code="translation", said=said, actor=actor, at=at - timedelta(days=12))
    write_definition(service=service, texts=_TRANSLATION, actor=actor)
    _being_designed(owner, actor, at)
    _over(owner, actor, at)


def _being_designed(owner: str, actor: Actor, at: datetime) -> None:
    """A definition in two versions, so that there is something to compare."""
    said = Description(
        name="Sensor data platform",
        kind="technical",
        description="Readings of levels, soil and weather for other services.",
        audience="Services that forecast and warn",
        owner=owner,
        availability_band="silver",
    )
    service = propose_service(code="sensor-data", said=said, actor=actor, at=at - timedelta(days=90))
    take_stage(service=service, step="design", actor=actor, at=at - timedelta(days=61))
    for texts, note, days in (
        (_SENSORS, "First version", 40),
        (_SENSORS_AFTER_REVIEW, "Researchers, and faster, after the review", 9),
    ):
        write_definition(service=service, texts=texts, actor=actor)
        publish_definition(service=service, note=note, actor=actor, at=at - timedelta(days=days))


def _over(owner: str, actor: Actor, at: datetime) -> None:
    """One that was live for years and was replaced, and one that never was."""
    fax = create_service(code="fax", name="Fax", description="Faxes from offices and from mailboxes.")
    said = Description(
        name="Fax", description=fax.description, audience="Offices", owner=owner, availability_band="bronze"
    )
    describe_service(service=fax, said=said, actor=actor, at=at - timedelta(days=900))
    write_definition(service=fax, texts=_FAX, actor=actor)
    publish_definition(service=fax, note="As it is", actor=actor, at=at - timedelta(days=900))
    for step, reason, days in (
        ("retire", "Courts take e-mail from the spring on.", 240),
        ("end", "The last fax was sent in the summer; e-mail replaced it.", 120),
    ):
        take_stage(service=fax, step=step, reason=reason, actor=actor, at=at - timedelta(days=days))
    said = Description(
        name="Paper archive",
        kind="operational",
        description="Files fetched from the store by van.",
        owner=owner,
    )
    archive = propose_service(code="paper-archive", said=said, actor=actor, at=at - timedelta(days=200))
    write_definition(
        service=archive, texts={"purpose": "Any file of the store on one's desk the next day."}, actor=actor
    )
    take_stage(
        service=archive,
        step="turn_down",
        reason="Two thirds of the files are scanned by now, and the rest are asked for twice a month.",
        actor=actor,
        at=at - timedelta(days=160),
    )
