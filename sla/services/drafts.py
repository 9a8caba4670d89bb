"""Drafts of definitions: written, edited, thrown away; tried on history, and the trial called off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from lifecycle.public import DomainError, IllegalStepError, RuleError, StaleVersionError
from outbox.public import publish
from people.public import Actor
from sla.engine.notation import Document, Fault, NotationError
from sla.models import Draft, DraftChange, DraftRun
from sla.queries.drafts import ACTIVE, get_draft, may_define
from sla.services.book import definitions
from sla.services.history import seconds
from sla.services.notation import read_document
from sla.services.overlay import NothingChangesError, novelty
from sla.services.selection import Selection, selection_of
from tenancy.engine.words import word

# A run that has not got on for so long is nobody's any more.
GIVEN_UP = timedelta(minutes=2)
_NAME_MAX = 200
# How a draft ended, in words.
ENDINGS = {"adopted": word("adopted"), "discarded": word("discarded")}


class DraftError(RuleError):
    """A draft cannot be as it was typed. `faults` are the mistakes in its document, each with its line."""

    code = "draft_invalid"

    def __init__(self, message: str, *, fields: dict[str, str], faults: Sequence[Fault] = ()) -> None:
        super().__init__(message, fields=fields)
        self.faults = tuple(faults)

    def extra(self) -> dict[str, Any]:
        """Each mistake: where, what, and what would be right."""
        return {
            "faults": [
                {
                    "line": f.line,
                    "column": f.column,
                    "path": f.path,
                    "problem": f.problem,
                    "expected": f.expected,
                }
                for f in self.faults
            ]
        }


class RunActiveError(DomainError):
    """The draft is being tried already."""

    code = "what_if_running"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftText:
    """What somebody typed: a name, definitions in the notation, and which records to try them on (by codes)."""

    name: str
    document: str
    opened_from: date | None = None
    opened_before: date | None = None
    services: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    priorities: tuple[int, ...] = ()


def start_draft(*, text: DraftText, actor: Actor, at: datetime) -> Draft:
    """A draft of definitions. Raises ForbiddenError, DraftError."""
    may_define(actor)
    check_text(text, at=at)
    return Draft.objects.create(**_columns(text), made_by_id=actor.membership_id, made_at=at, edited_at=at)


def edit_draft(*, draft_id: UUID, text: DraftText, seen_version: int, actor: Actor, at: datetime) -> Draft:
    """The draft with another text. What it came to before is kept, and no longer counts.

    Raises ForbiddenError, NotFoundError, DraftError, IllegalStepError, StaleVersionError.
    """
    draft = get_draft(actor, draft_id)
    _require_open(draft, "edit")
    check_text(text, at=at)
    changed = Draft.objects.filter(pk=draft_id, version=seen_version, state="draft").update(
        **_columns(text), version=seen_version + 1, edited_at=at
    )
    fresh = get_draft(actor, draft_id)
    if not changed:
        _require_open(fresh, "edit")
        _require_seen(fresh, seen_version)
    return fresh


def discard_draft(*, draft_id: UUID, actor: Actor, seen_version: int | None = None) -> Draft:
    """Throw a draft away, and what it came to.

    Raises ForbiddenError, NotFoundError, IllegalStepError, StaleVersionError.
    """
    draft = get_draft(actor, draft_id)
    with transaction.atomic():
        # Whoever edits it meanwhile waits, and then finds it gone.
        draft = Draft.objects.select_for_update().get(pk=draft.pk)
        _require_open(draft, "discard")
        _require_seen(draft, seen_version)
        Draft.objects.filter(pk=draft_id).update(state="discarded")
        DraftRun.objects.filter(draft=draft, state__in=ACTIVE).update(state="cancelled")
        DraftChange.objects.filter(run__draft=draft).delete()
    return get_draft(actor, draft_id)


def request_run(*, draft_id: UUID, actor: Actor, at: datetime, seen_version: int | None = None) -> DraftRun:
    """Have the draft tried on history, in the background.

    Raises ForbiddenError, NotFoundError, DraftError, IllegalStepError, RunActiveError, StaleVersionError.
    """
    draft = get_draft(actor, draft_id)
    _require_open(draft, "run")
    _require_seen(draft, seen_version)
    check_text(text_of(draft), at=at)
    try:
        with transaction.atomic():
            dead = DraftRun.objects.filter(draft=draft, state__in=ACTIVE, beat_at__lt=at - GIVEN_UP)
            dead.update(state="failed", reason=word("It stopped before it was done."), finished_at=at)
            run = DraftRun.objects.create(
                draft=draft, draft_version=draft.version, document=draft.document, asked_at=at, beat_at=at
            )
            publish(kind="what_if.requested", record_id=None, at=at, payload={"run": str(run.pk)})
    except IntegrityError as error:
        raise RunActiveError(
            gettext("The draft is being tried already. Wait for it, or cancel it.")
        ) from error
    return run


def cancel_run(*, draft_id: UUID, actor: Actor, at: datetime) -> bool:
    """Call the trial off; whoever works at it finds out within a page of records. Tells whether there was one.

    What was written of it goes; what an earlier trial came to stays. Raises ForbiddenError, NotFoundError.
    """
    draft = get_draft(actor, draft_id)
    with transaction.atomic():
        runs = DraftRun.objects.filter(draft=draft, state__in=ACTIVE)
        keys = list(runs.select_for_update().values_list("pk", flat=True))
        DraftRun.objects.filter(pk__in=keys).update(state="cancelled", finished_at=at)
        DraftChange.objects.filter(run__in=keys).delete()
    return bool(keys)


def text_of(draft: Draft) -> DraftText:
    """What a draft says, as it was typed."""
    return DraftText(
        name=draft.name,
        document=draft.document,
        opened_from=draft.opened_from,
        opened_before=draft.opened_before,
        services=tuple(draft.services),
        providers=tuple(draft.providers),
        priorities=tuple(draft.priorities),
    )


def check_text(text: DraftText, *, at: datetime) -> Document:
    """The document of a text that can be tried. Raises DraftError with all that is wrong."""
    wrong: dict[str, str] = {}
    faults: Sequence[Fault] = ()
    document = Document()
    if not text.name.strip():
        wrong["name"] = gettext("Enter a name.")
    elif len(text.name) > _NAME_MAX:
        wrong["name"] = gettext("Use a name of up to %(count)s characters.") % {"count": _NAME_MAX}
    try:
        document = read_document(text.document)
        novelty(document, definitions(), at=seconds(at))
    except NotationError as error:
        faults = error.faults
        first = faults[0]
        wrong["document"] = f"Line {first.line}: {first.words}"
    except NothingChangesError as error:
        wrong["document"] = f"{error.message} {error.fields['document']}"
    try:
        selection_for(text)
    except RuleError as error:
        names = {
            "service": "services",
            "provider": "providers",
            "priority": "priorities",
            "to": "opened_before",
        }
        wrong |= {names.get(name, name): words for name, words in error.fields.items()}
    if wrong:
        raise DraftError(gettext("The draft cannot be tried like this."), fields=wrong, faults=faults)
    return document


def selection_for(text: DraftText) -> Selection:
    """The records that a text is tried on. Raises SelectionError."""
    return selection_of(
        start=_midnight(text.opened_from),
        end=_midnight(text.opened_before),
        services=text.services,
        providers=text.providers,
        priorities=text.priorities,
    )


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), UTC) if day else None


def _columns(text: DraftText) -> dict[str, Any]:
    return {
        "name": text.name.strip(),
        "document": text.document,
        "opened_from": text.opened_from,
        "opened_before": text.opened_before,
        "services": list(text.services),
        "providers": list(text.providers),
        "priorities": list(text.priorities),
    }


def _require_seen(draft: Draft, seen_version: int | None) -> None:
    if seen_version is not None and seen_version != draft.version:
        changes = [{"at": draft.edited_at.isoformat(), "by": "", "verb": "draft:edit", "facts": ["document"]}]
        raise StaleVersionError(
            gettext("Somebody edited the draft after you read it. Nothing was done."),
            seen=seen_version,
            current=draft.version,
            changes=changes,
        )


def _require_open(draft: Draft, action: str) -> None:
    if draft.state != "draft":
        raise IllegalStepError(
            gettext("The draft was %(state)s already.")
            % {"state": gettext(ENDINGS.get(draft.state, draft.state))},
            state=draft.state,
            action=action,
            allowed=(),
        )
