"""Agreeing how a provider works in a process: writing the mapping, publishing it, changing the level."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from lifecycle.public import RuleError, StaleVersionError
from people.models import Provider
from people.public import Actor
from suppliers.engine.agreement_gates import against_level
from suppliers.engine.lint import Finding, errors
from suppliers.engine.mapping import MappingFaultyError, read_mapping
from suppliers.models import Agreement, AgreementMapping, AgreementStep, Level
from suppliers.policy import DEFINE, require
from suppliers.queries.agreements import EXCHANGING, get_vocabulary, judged

NOTE_MAX, REASON_MAX = 500, 2000


class MappingNotReadyError(RuleError):
    """A mapping may not go live: `fields` names each row that is missing or wrong."""

    code = "mapping_not_ready"

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(
            gettext("The mapping is not ready: %(why)s")
            % {"why": " ".join(finding.words for finding in findings[:5])},
            fields={finding.path: finding.words for finding in findings},
        )


def write_mapping(
    *,
    provider: Provider,
    process: str,
    notation: Mapping[str, Any],
    actor: Actor,
    seen_version: int | None = None,
) -> Agreement:
    """Write the draft of a mapping; nothing that is in force changes.

    Raises NotFoundError for no such process, RuleError naming each fault by its path, StaleVersionError (0 where
    nothing was written yet).
    """
    require(actor, DEFINE)
    get_vocabulary(process)
    try:
        read_mapping(notation)
    except MappingFaultyError as faulty:
        raise RuleError(gettext("The mapping cannot be written like this."), fields=faulty.faults) from faulty
    with transaction.atomic():
        row = _locked(provider, process, seen_version)
        row.draft = dict(notation)
        row.version += 1
        row.save(update_fields=["draft", "version"])
    return row


def publish_mapping(
    *,
    provider: Provider,
    process: str,
    note: str = "",
    actor: Actor,
    at: datetime,
    seen_version: int | None = None,
) -> AgreementMapping:
    """Put the draft in force from `at` (UTC) on, as the next version of the mapping.

    Raises MappingNotReadyError with every row that the linter misses, StaleVersionError, NotFoundError.
    """
    require(actor, DEFINE)
    vocabulary = get_vocabulary(process)
    if len(note) > NOTE_MAX:
        words = gettext("Use %(most)s characters at most.") % {"most": NOTE_MAX}
        raise RuleError(words, fields={"note": words})
    with transaction.atomic():
        row = _locked(provider, process, seen_version)
        wrong = errors(judged(row.draft, vocabulary))
        if wrong:
            raise MappingNotReadyError(wrong)
        newest = _newest(row)
        if newest is not None and newest.notation == row.draft:
            words = gettext("The draft says what is in force already.")
            raise RuleError(words, fields={"draft": words})
        made = AgreementMapping.objects.create(
            agreement=row,
            provider=provider,
            number=newest.number + 1 if newest else 1,
            notation=row.draft,
            note=note.strip(),
            published_at=at,
            published_by_name=actor.name,
        )
        row.version += 1
        row.save(update_fields=["version"])
    return made


def switch_level(
    *,
    provider: Provider,
    process: str,
    level: str,
    reason: str,
    actor: Actor,
    at: datetime,
    seen_version: int | None = None,
) -> Agreement:
    """Have a provider work in one process at another level from `at` (UTC) on; no other process is touched.

    Where records cross a wire the mapping in force must leave nothing open, as the process is now, and every gate is
    asked. Raises RuleError, MappingNotReadyError, StaleVersionError, NotFoundError.
    """
    require(actor, DEFINE)
    vocabulary = get_vocabulary(process)
    wrong = {}
    if level not in Level.values:
        wrong["level"] = gettext("Use one of %(known)s.") % {"known": ", ".join(Level.values)}
    if not reason.strip() or len(reason) > REASON_MAX:
        wrong["reason"] = gettext("Say why, in %(most)s characters at most.") % {"most": REASON_MAX}
    if wrong:
        raise RuleError(gettext("The level cannot be changed like this."), fields=wrong)
    with transaction.atomic():
        row = _locked(provider, process, seen_version)
        if row.level == level:
            words = gettext("They work at this level already.")
            raise RuleError(words, fields={"level": words})
        newest = _newest(row)
        if level in EXCHANGING:
            if newest is None:
                words = gettext("Publish a mapping first: records would cross without one.")
                raise RuleError(words, fields={"mapping": words})
            faults = errors(judged(newest.notation, vocabulary))
            if faults:
                raise MappingNotReadyError(faults)
        against = against_level(provider=provider, process=process, level=level)
        if against:
            raise RuleError(" ".join(against.values()), fields=against)
        source, row.level = row.level, level
        row.version += 1
        row.save(update_fields=["level", "version"])
        AgreementStep.objects.create(
            agreement=row,
            provider=provider,
            at=at,
            source=source,
            target=level,
            mapping_number=newest.number if newest else None,
            reason=reason.strip(),
            by_name=actor.name,
        )
    return row


def _newest(row: Agreement) -> AgreementMapping | None:
    return AgreementMapping.objects.filter(agreement=row).order_by("-number").first()


def _locked(provider: Provider, process: str, seen_version: int | None) -> Agreement:
    """The agreement, locked; one that was never written is at level use and has version 0."""
    Agreement.objects.bulk_create(
        [Agreement(provider=provider, process=process, version=0)], ignore_conflicts=True
    )
    row = Agreement.objects.select_for_update(no_key=True).get(provider=provider, process=process)
    if seen_version not in (None, row.version):
        raise StaleVersionError(
            gettext("Somebody else changed it after you read it. Nothing was saved."),
            seen=seen_version or 0,
            current=row.version,
            changes=[],
        )
    return row
