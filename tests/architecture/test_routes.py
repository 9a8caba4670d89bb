"""Every address answers every kind of actor as reviewed, and never speaks of another tenant's records.

After a change that is meant: ITSM_REVIEW=write python -m pytest tests/architecture/test_routes.py, then read the
difference in routes.json line by line.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.architecture.routes import (
    ACTORS,
    REVIEWED,
    Answers,
    about_records,
    answers,
    lines,
    review,
    reviewed,
    routes,
)
from tests.architecture.town import build_town
from tests.support.database import empty_all_tables

# Refusals that come before any record is looked for, and say nothing of it.
BEFORE_LOOKING = {302, 400, 401, 403, 405}


@dataclass(frozen=True)
class Walks:
    """The answers about a record of the own tenant, and about one of another's."""

    own: Answers
    foreign: Answers


@pytest.fixture(scope="module")
def walks(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Walks]:
    """Walk twice, once for all tests; two tenants with an actor of each kind at the first one's host."""
    with django_db_blocker.unblock():
        try:
            town = build_town()
            yield Walks(answers(town, town.own, lines()), answers(town, town.foreign, about_records()))
        finally:
            empty_all_tables()


def test_every_address_answers_as_reviewed(walks: Walks) -> None:
    found = walks.own
    if os.environ.get("ITSM_REVIEW") == "write":
        REVIEWED.write_bytes(review(found))
    agreed = reviewed()
    assert set(found) == set(agreed)
    assert {line: row for line, row in found.items() if row != agreed[line]} == {}


def test_nothing_fails(walks: Walks) -> None:
    # 503 from the probe is an answer: no background process runs here.
    failed = {line: row for line, row in walks.own.items() if max(row.values()) >= 500}
    failed = {line: row for line, row in failed.items() if not line.endswith("/readyz")}
    assert failed == {}


def test_a_foreign_record_is_like_none(walks: Walks) -> None:
    told = []
    for line, row in walks.foreign.items():
        told += [
            (line, actor, row[actor])
            for actor in ACTORS
            if row[actor] != 404 and row[actor] not in BEFORE_LOOKING
        ]
    assert told == []


def test_a_refusal_does_not_depend_on_the_record(walks: Walks) -> None:
    own, foreign = walks.own, walks.foreign
    told = [
        (line, actor)
        for line, row in foreign.items()
        for actor in ACTORS
        if row[actor] in BEFORE_LOOKING and row[actor] != own[line][actor] and own[line][actor] != 404
    ]
    assert told == []


def test_nobody_gets_in_without_logging_in(walks: Walks) -> None:
    for actor in ("anonymous", "outsider"):
        open_lines = {line for line, row in walks.own.items() if row[actor] < 300}
        assert {line for line in open_lines if not line.partition("/")[2].startswith(OPEN)} == set()


# What anybody may see: how to log in, how the platform is, how the API is made, and what the law asks to be public.
OPEN = (
    "account/",
    "readyz",
    "theme.css",
    "i18n/",
    ".well-known/",
    "api/v1/",
    "identity/",
    "accessibility",
    "privacy",
    "contact",
)


def test_the_walk_is_long() -> None:
    assert len(set(routes())) > 60
