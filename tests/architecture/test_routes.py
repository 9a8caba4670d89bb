"""Every address answers every kind of actor as reviewed, and never speaks of another tenant's records.

After a change that is meant: ITSM_REVIEW=write python -m pytest tests/architecture/test_routes.py, then read the
difference in routes.json line by line.
"""

import os

import pytest
from django.core.cache import cache

from tests.architecture.routes import ACTORS, REVIEWED, Town, answers, build_town, review, reviewed, routes

pytestmark = pytest.mark.django_db

# Refusals that come before any record is looked for, and say nothing of it.
BEFORE_LOOKING = {302, 400, 401, 403, 405}


@pytest.fixture
def town() -> Town:
    """Build two tenants with an actor of each kind at the first one's host."""
    cache.clear()
    return build_town()


def test_every_address_answers_as_reviewed(town: Town) -> None:
    found = answers(town, town.own)
    if os.environ.get("ITSM_REVIEW") == "write":
        REVIEWED.write_bytes(review(found))
    agreed = reviewed()
    assert set(found) == set(agreed)
    assert {line: row for line, row in found.items() if row != agreed[line]} == {}


def test_nothing_fails(town: Town) -> None:
    failed = {line: row for line, row in answers(town, town.own).items() if max(row.values()) >= 500}
    assert failed == {}


def test_a_foreign_record_is_like_none(town: Town) -> None:
    told = []
    for line, row in answers(town, town.foreign).items():
        if "<" not in line:
            continue
        told += [
            (line, actor, row[actor])
            for actor in ACTORS
            if row[actor] != 404 and row[actor] not in BEFORE_LOOKING
        ]
    assert told == []


def test_a_refusal_does_not_depend_on_the_record(town: Town) -> None:
    own, foreign = answers(town, town.own), answers(town, town.foreign)
    told = [
        (line, actor)
        for line, row in foreign.items()
        if "<" in line
        for actor in ACTORS
        if row[actor] in BEFORE_LOOKING and row[actor] != own[line][actor] and own[line][actor] != 404
    ]
    assert told == []


def test_nobody_gets_in_without_logging_in(town: Town) -> None:
    found = answers(town, town.own)
    for actor in ("anonymous", "outsider"):
        open_lines = {line for line, row in found.items() if row[actor] < 300}
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
)


def test_the_walk_is_long() -> None:
    assert len(set(routes())) > 60
