"""Reads of agreements: at which level each provider works in each process, and by which mapping."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from lifecycle.public import NotFoundError
from people.models import Provider
from people.public import Actor
from suppliers.engine.lint import Finding, lint
from suppliers.engine.mapping import MappingFaultyError, MappingTable, read_mapping
from suppliers.engine.vocabulary import Vocabulary, vocabularies, vocabulary_of
from suppliers.models import Agreement, AgreementMapping, AgreementStep, Level

# The levels at which records cross a wire, for which everything must map.
EXCHANGING = (Level.INTEGRATE.value, Level.INTERFACE.value)


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """One process of a provider in a list. `number` is the mapping in force, 0 for none."""

    vocabulary: Vocabulary
    level: str
    number: int
    version: int


@dataclass(frozen=True, slots=True)
class AgreementView:
    """How a provider works in one process: `draft` is the mapping being written, `version` names it.

    `draft_findings` is what the linter says of it now, `findings` of the mapping in force, which the process may have
    outgrown. `number` is 0 before the first mapping.
    """

    provider: Provider
    vocabulary: Vocabulary
    level: str
    version: int
    draft: dict[str, Any]
    draft_findings: Sequence[Finding]
    number: int
    notation: dict[str, Any]
    findings: Sequence[Finding]
    steps: Sequence[AgreementStep]
    mappings: Sequence[AgreementMapping]


@dataclass(frozen=True, slots=True)
class Working:
    """The level of a provider in a process at an instant of reading, and the mapping that counts; None without one."""

    level: str
    number: int
    mapping: MappingTable | None


def get_provider(actor: Actor, code: str) -> Provider:
    """The provider with this code; a supplier's people and clients see their own only. Raises NotFoundError."""
    row = Provider.objects.filter(code=code).first()
    if row is None or (actor.reach == "provider" and row.pk != actor.provider_id) or actor.reach == "own":
        raise NotFoundError(gettext("There is no such supplier."))
    return row


def get_vocabulary(process: str) -> Vocabulary:
    """The process with this code. Raises NotFoundError."""
    found = vocabulary_of(process)
    if found is None:
        raise NotFoundError(gettext("There is no such process."))
    return found


def agreement_lines(provider: Provider) -> list[AgreementLine]:
    """Every process with the level at which a provider works in it."""
    rows = {row.process: row for row in Agreement.objects.filter(provider=provider)}
    newest = AgreementMapping.objects.filter(provider=provider).order_by("agreement_id", "-number")
    numbers = dict(newest.distinct("agreement_id").values_list("agreement_id", "number"))
    found = []
    for vocabulary in vocabularies():
        row = rows.get(vocabulary.process)
        level, version = (row.level, row.version) if row else (Level.USE.value, 0)
        found.append(AgreementLine(vocabulary, level, numbers.get(row.pk, 0) if row else 0, version))
    return found


def agreement_view(provider: Provider, process: str) -> AgreementView:
    """One process of a provider, with all that its page shows. Raises NotFoundError for no such process."""
    vocabulary = get_vocabulary(process)
    row = Agreement.objects.filter(provider=provider, process=process).first()
    mappings = list(AgreementMapping.objects.filter(agreement=row).order_by("-number")[:50]) if row else []
    notation = mappings[0].notation if mappings else {}
    draft = row.draft if row and row.draft else notation
    return AgreementView(
        provider=provider,
        vocabulary=vocabulary,
        level=row.level if row else Level.USE.value,
        version=row.version if row else 0,
        draft=draft,
        draft_findings=judged(draft, vocabulary),
        number=mappings[0].number if mappings else 0,
        notation=notation,
        findings=judged(notation, vocabulary) if mappings else (),
        steps=list(AgreementStep.objects.filter(agreement=row).order_by("-at", "-id")[:50]) if row else [],
        mappings=mappings,
    )


def judged(notation: Any, vocabulary: Vocabulary) -> tuple[Finding, ...]:
    """What the linter says of a notation; where it cannot even be read, each of its faults."""
    try:
        return lint(read_mapping(notation), vocabulary)
    except MappingFaultyError as faulty:
        return tuple(Finding("faulty", path, words) for path, words in faulty.faults.items())


def agreement_in_force(provider_id: UUID, process: str) -> Working:
    """At which level a provider works in a process now, and by which mapping."""
    row = Agreement.objects.filter(provider=provider_id, process=process).first()
    if row is None:
        return Working(Level.USE.value, 0, None)
    newest = AgreementMapping.objects.filter(agreement=row).order_by("-number").first()
    return Working(
        row.level, newest.number if newest else 0, read_mapping(newest.notation) if newest else None
    )


def mapping_at(provider: Provider, process: str, number: int) -> AgreementMapping:
    """A mapping as it was published. Raises NotFoundError."""
    found = AgreementMapping.objects.filter(
        agreement__provider=provider, agreement__process=process, number=number
    ).first()
    if found is None:
        raise NotFoundError(gettext("There is no such version of the mapping."))
    return found


def level_at(provider_id: UUID, process: str, at: datetime) -> str:
    """The level at which a provider worked in a process at an instant (UTC), by the steps that are kept."""
    steps = AgreementStep.objects.filter(agreement__provider=provider_id, agreement__process=process)
    last = steps.filter(at__lte=at).order_by("-at", "-id").first()
    return last.target if last else Level.USE.value
