"""Reads of service definitions and their template."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext

from catalogue.engine.definitions import (
    Changed,
    Section,
    compare,
    missing_sections,
    read_template,
)
from catalogue.engine.forms import in_language
from catalogue.engine.standard_definition import STANDARD_TEMPLATE
from catalogue.models import DefinitionDraft, DefinitionTemplate, Service, ServiceDefinition
from design.languages import content_language
from lifecycle.public import NotFoundError


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section with its text, in the reader's language as far as the template goes."""

    code: str
    title: str
    hint: str
    is_mandatory: bool
    text: str


@dataclass(frozen=True, slots=True)
class DefinitionLine:
    """A version in a list. `published_at` in UTC."""

    number: int
    note: str
    published_at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class DefinitionView:
    """What a service's definition says in one version, or in its draft (number 0)."""

    number: int
    version: int
    sections: Sequence[SectionView]


def template() -> tuple[Section, ...]:
    """The tenant's template in force; the standard one until it has its own."""
    newest = DefinitionTemplate.objects.order_by("-number").first()
    return read_template(newest.sections if newest else list(STANDARD_TEMPLATE))


def template_number() -> int:
    """The number of the tenant's template in force, 0 for the standard one."""
    return DefinitionTemplate.objects.order_by("-number").values_list("number", flat=True).first() or 0


def draft_of(service: Service) -> DefinitionView:
    """What is being written about a service: the draft, begun from the latest version."""
    row = DefinitionDraft.objects.filter(service=service).first()
    latest = newest_definition(service)
    texts = row.texts if row else (latest.texts if latest else {})
    return DefinitionView(0, row.version if row else 0, _sections(template(), texts))


def newest_definition(service: Service) -> ServiceDefinition | None:
    """The latest published version of a service's definition."""
    return ServiceDefinition.objects.filter(service=service).order_by("-number").first()


def definition_of(service: Service, number: int) -> DefinitionView:
    """A published version, under the sections of then. Raises NotFoundError."""
    row = _row(service, number)
    return DefinitionView(row.number, 0, _sections(read_template(row.sections), row.texts))


def definition_lines(service: Service) -> list[DefinitionLine]:
    """The versions of a definition, the newest first."""
    rows = ServiceDefinition.objects.filter(service=service).order_by("-number")
    return [
        DefinitionLine(*each)
        for each in rows.values_list("number", "note", "published_at", "published_by_name")[:100]
    ]


def definition_changes(service: Service, old: int, new: int) -> list[tuple[str, Changed]]:
    """What changed between two versions, section by section, with each one's title. Raises NotFoundError."""
    before, after = _row(service, old), _row(service, new)
    titles = {
        section["code"]: in_language(section["title"], content_language())
        for row in (before, after)
        for section in row.sections
    }
    order = [section["code"] for section in after.sections]
    return [(titles.get(each.code, each.code), each) for each in compare(order, before.texts, after.texts)]


def missing_in_definition(service: Service) -> Mapping[str, str]:
    """The mandatory sections that the published definition does not say, by `definition.<section>`."""
    newest = newest_definition(service)
    missing = missing_sections(template(), newest.texts if newest else {})
    return {
        f"definition.{section.code}": gettext("The published definition says nothing under %(title)s.")
        % {"title": repr(in_language(section.title, content_language()))}
        for section in missing
    }


def without_definition(keys: Collection[UUID]) -> set[UUID]:
    """Those of these services whose published definition leaves out something mandatory, in two reads."""
    newest = ServiceDefinition.objects.filter(service__in=keys).order_by("service_id", "-number")
    texts = dict(newest.distinct("service_id").values_list("service_id", "texts"))
    asked = template()
    return {key for key in keys if missing_sections(asked, texts.get(key, {}))}


def _row(service: Service, number: int) -> ServiceDefinition:
    row = ServiceDefinition.objects.filter(service=service, number=number).first()
    if row is None:
        raise NotFoundError(gettext("There is no such version of the definition."))
    return row


def _sections(sections: Sequence[Section], texts: Mapping[str, str]) -> list[SectionView]:
    language = content_language()
    return [
        SectionView(
            section.code,
            in_language(section.title, language),
            in_language(section.hint, language),
            section.is_mandatory,
            texts.get(section.code, ""),
        )
        for section in sections
    ]
