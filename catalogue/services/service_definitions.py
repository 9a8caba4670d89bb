"""Writing what a service is: a draft by the tenant's template, published as versions that are never edited."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext

from catalogue.engine.definitions import (
    TemplateFaultyError,
    missing_sections,
    read_template,
    wrong_texts,
)
from catalogue.engine.standard_definition import STANDARD_TEMPLATE
from catalogue.models import DefinitionDraft, DefinitionTemplate, Service, ServiceDefinition
from catalogue.policy import DEFINE, require
from catalogue.queries.definitions import newest_definition, template
from lifecycle.public import RuleError, StaleVersionError
from people.public import Actor

NOTE_MAX = 500


def write_definition(
    *, service: Service, texts: Mapping[str, str], actor: Actor, seen_version: int | None = None
) -> DefinitionDraft:
    """Put texts into the draft, by section; the others stay. What is published does not change.

    `seen_version` is the draft's, 0 before there is one. Raises RuleError by section, and StaleVersionError.
    """
    require(actor, DEFINE)
    wrong = wrong_texts(template(), texts)
    if wrong:
        raise RuleError(gettext("The definition cannot be saved like this."), fields=wrong)
    with transaction.atomic():
        # The service's row says whose turn it is: two who begin a draft at once do not both make one.
        Service.objects.select_for_update(no_key=True).get(pk=service.pk)
        row = DefinitionDraft.objects.filter(service=service).first()
        _require_seen(seen_version, row.version if row else 0)
        if row is None:
            latest = newest_definition(service)
            row = DefinitionDraft(service=service, texts=latest.texts if latest else {}, version=0)
        row.texts = row.texts | {code: text.strip() for code, text in texts.items()}
        row.version += 1
        row.save()
    return row


def publish_definition(
    *,
    service: Service,
    note: str = "",
    actor: Actor,
    at: datetime,
    seen_version: int | None = None,
) -> ServiceDefinition:
    """Publish the draft at `at` (UTC) as the service's definition.

    Raises RuleError naming each mandatory section that is empty, or that nothing changed; StaleVersionError.
    """
    require(actor, DEFINE)
    if len(note) > NOTE_MAX:
        words = gettext("Use %(most)s characters at most.") % {"most": NOTE_MAX}
        raise RuleError(words, fields={"note": words})
    with transaction.atomic():
        Service.objects.select_for_update(no_key=True).get(pk=service.pk)
        draft = DefinitionDraft.objects.filter(service=service).first()
        _require_seen(seen_version, draft.version if draft else 0)
        sections, latest = template(), newest_definition(service)
        texts = draft.texts if draft else {}
        empty = missing_sections(sections, texts)
        if empty:
            raise RuleError(
                gettext("The definition cannot be published like this."),
                fields={section.code: gettext("Say something here.") for section in empty},
            )
        if latest is not None and latest.texts == texts:
            raise RuleError(gettext("Nothing changed since version %(number)s.") % {"number": latest.number})
        return ServiceDefinition.objects.create(
            service=service,
            number=latest.number + 1 if latest else 1,
            sections=_notation(sections),
            texts=texts,
            note=note.strip(),
            published_at=at,
            published_by_name=actor.name,
        )


def change_template(
    *, sections: Sequence[Mapping[str, Any]], actor: Actor, at: datetime, seen_number: int | None = None
) -> DefinitionTemplate:
    """Use other sections from `at` (UTC) on; what is published stays under the sections of then.

    Raises RuleError by path, and StaleVersionError when another template came meanwhile.
    """
    require(actor, DEFINE)
    try:
        read = read_template([dict(section) for section in sections])
    except TemplateFaultyError as faulty:
        raise RuleError(gettext("The template cannot be like this."), fields=faulty.faults) from faulty
    with transaction.atomic():
        newest = DefinitionTemplate.objects.aggregate(most=Max("number"))["most"] or 0
        _require_seen(seen_number, newest)
        return DefinitionTemplate.objects.create(
            number=newest + 1,
            sections=_notation(read),
            published_at=at,
            published_by_name=actor.name,
        )


def standard_template() -> list[dict[str, Any]]:
    """The sections that ship."""
    return [dict(section) for section in STANDARD_TEMPLATE]


def _notation(sections: Sequence[Any]) -> list[dict[str, Any]]:
    return [
        {
            "code": section.code,
            "title": dict(section.title),
            "hint": dict(section.hint),
            "is_mandatory": section.is_mandatory,
        }
        for section in sections
    ]


def _require_seen(seen: int | None, current: int) -> None:
    if seen not in (None, current):
        raise StaleVersionError(
            gettext("Somebody else saved it after you read it. Nothing was saved."),
            seen=seen or 0,
            current=current,
            changes=[],
        )
