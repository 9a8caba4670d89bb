"""The database isolates tenants, keeps its references and its audit: as reviewed, table by table."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.architecture.catalogue import CHECKERS

Checker = Callable[[Any], Iterator[str]]


@pytest.mark.parametrize("checker", CHECKERS, ids=lambda checker: str(checker.__name__))
def test_there_are_no(admin: Any, checker: Checker) -> None:
    assert list(checker(admin)) == []
