"""Showing that a check is met, signing it off, and saying why one need not be met."""

from collections.abc import Collection, Sequence
from contextlib import ExitStack
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from catalogue.models import Service
from governance.engine.checks import Check
from governance.models import Evidence
from governance.queries.readiness import Subject, about_of, checklist, evidence_of
from governance.services.evidence_files import Given, change_files, read_files
from lifecycle.public import ForbiddenError, NotFoundError, RuleError, StaleVersionError
from people.public import Actor, directory

DEFINE = "service:define"
WORDS_MAX = 5000


def give_evidence(
    *,
    subject: Subject,
    code: str,
    words: str,
    link: str = "",
    files: Sequence[Given] = (),
    without: Collection[UUID] = (),
    actor: Actor,
    at: datetime,
    seen_version: int | None = None,
) -> Evidence:
    """Say at `at` (UTC) what shows that a check is met, with a link and files; an earlier sign-off holds no longer.

    `files` come to those that are there, `without` names by key those that go; all of it or nothing. No file goes
    because of newer words: only one that is named, and that one for good, its content too. Raises
    NotFoundError for no such check, RuleError for what the platform computes, for empty words and for a file that is
    not what it says, StaleVersionError when somebody else gave evidence meanwhile (0 for none yet).
    """
    _require(actor)
    check = _check(subject, code)
    wrong = {}
    if check.computed:
        wrong["words"] = gettext("The platform finds this out by itself.")
    elif not words.strip() or len(words) > WORDS_MAX:
        wrong["words"] = gettext("Say what shows it, in %(most)s characters at most.") % {"most": WORDS_MAX}
    if link and not link.startswith("https://"):
        wrong["link"] = gettext("Use an address that begins with https://.")
    if wrong:
        raise RuleError(gettext("This cannot be recorded like this."), fields=wrong)
    read = read_files(files)
    with ExitStack() as until_written, transaction.atomic():
        row = _write(
            subject, code, words.strip(), link.strip(), actor, at, seen_version=seen_version, is_waived=False
        )
        change_files(row, read, without, actor=actor, at=at, until_written=until_written)
    return row


def attach_evidence(
    *, subject: Subject, code: str, file: Given, actor: Actor, at: datetime, seen_version: int | None = None
) -> Evidence:
    """Add a file to the evidence for a check at `at` (UTC).

    Raises what `give_evidence` raises, StaleVersionError also when other evidence is given while this is under way, and
    NotFoundError where there is no evidence yet.
    """
    row = evidence_of(subject).get(code)
    if row is None or row.is_waived:
        raise NotFoundError(gettext("Say first what shows it, then add files."))
    return give_evidence(
        subject=subject,
        code=code,
        words=row.words,
        link=row.link,
        files=[file],
        actor=actor,
        at=at,
        # The words were read here, before the lock: they must not overwrite what somebody says meanwhile.
        seen_version=row.version if seen_version is None else seen_version,
    )


def waive(
    *,
    subject: Subject,
    code: str,
    reason: str,
    actor: Actor,
    at: datetime,
    seen_version: int | None = None,
) -> Evidence:
    """Say why a check need not be met this time. It is kept with who said so. Raises what `give_evidence` raises."""
    _require(actor)
    _check(subject, code)
    if not reason.strip() or len(reason) > WORDS_MAX:
        words = gettext("Say why it need not be met.")
        raise RuleError(words, fields={"words": words})
    return _write(subject, code, reason.strip(), "", actor, at, seen_version=seen_version, is_waived=True)


def sign_off(
    *, subject: Subject, code: str, actor: Actor, at: datetime, seen_version: int | None = None
) -> Evidence:
    """Accept the evidence for a check at `at` (UTC): somebody with its role, other than who gave it.

    Raises NotFoundError where there is none, ForbiddenError, StaleVersionError. Signing twice changes nothing.
    """
    check = _check(subject, code)
    held = {row.code for key, row in directory().roles.items() if key in actor.role_ids}
    if check.role not in held or actor.membership_id is None:
        raise ForbiddenError(gettext("Only somebody with the role that the check names signs it off."))
    with transaction.atomic():
        row = _locked(subject, code, seen_version)
        if row is None or row.is_waived:
            raise NotFoundError(gettext("There is no evidence to sign off."))
        if row.given_by_id == actor.membership_id:
            raise ForbiddenError(gettext("Nobody signs off what they showed themselves."))
        if row.signed_at is None:
            row.signed_by_id, row.signed_by_name, row.signed_at = actor.membership_id, actor.name, at
            row.version += 1
            row.save()
    return row


def _write(
    subject: Subject,
    code: str,
    words: str,
    link: str,
    actor: Actor,
    at: datetime,
    *,
    seen_version: int | None,
    is_waived: bool,
) -> Evidence:
    with transaction.atomic():
        row = _locked(subject, code, seen_version)
        if row is None:
            about = {"service": subject} if isinstance(subject, Service) else {"provider": subject}
            row = Evidence(code=code, version=0, **about)
        row.words, row.link, row.is_waived = words, link, is_waived
        row.given_by_id, row.given_by_name, row.given_at = actor.membership_id, actor.name, at
        row.signed_by_id, row.signed_by_name, row.signed_at = None, "", None
        row.version += 1
        row.save()
    return row


def _locked(subject: Subject, code: str, seen_version: int | None) -> Evidence | None:
    type(subject).objects.select_for_update(no_key=True).get(pk=subject.pk)
    row = evidence_of(subject).get(code)
    current = row.version if row else 0
    if seen_version not in (None, current):
        raise StaleVersionError(
            gettext("Somebody else saved it after you read it. Nothing was saved."),
            seen=seen_version or 0,
            current=current,
            changes=[],
        )
    return row


def _check(subject: Subject, code: str) -> Check:
    found = next((check for check in checklist().of(about_of(subject)) if check.code == code), None)
    if found is None:
        raise NotFoundError(gettext("There is no such check."))
    return found


def _require(actor: Actor) -> None:
    if not actor.may(DEFINE):
        raise ForbiddenError(
            gettext("This needs the permission %(permission)s.") % {"permission": DEFINE}, permission=DEFINE
        )
