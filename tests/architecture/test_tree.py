"""The source tree is as ARCHITECTURE.md says, and the checkers of it do look."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.architecture import tree

Checker = Callable[[Path], Iterator[str]]
# The signals that are right: Celery's, which carry the tenant from sender to worker.
RIGHT_SIGNALS = {"itsm/celery.py: celery.signals"}


@pytest.mark.parametrize("checker", tree.CHECKERS, ids=lambda checker: str(checker.__name__))
def test_there_are_no(checker: Checker) -> None:
    assert set(checker(tree.ROOT)) - RIGHT_SIGNALS == set()


@pytest.mark.parametrize(
    ("checker", "file", "text"),
    [
        (tree.foreign_words, "problems/things.py", '"""Things."""\n'),
        (tree.foreign_words, "problems/web/api.py", '"""A door in a door."""\n'),
        (tree.foreign_words, "problems/services.py/deep/use.py", '"""Too deep."""\n'),
        (tree.heaps, "problems/engine/utils.py", '"""A heap."""\n'),
        (tree.heaps, "tests/helpers.py", '"""A heap."""\n'),
        (tree.long_files, "problems/queries.py", '"""Long."""\n' + "x = 1\n" * tree.LONGEST),
        (tree.inner_imports, "problems/queries.py", '"""Q."""\n\n\ndef read():\n    import json\n'),
        (tree.signals, "problems/queries.py", '"""Q."""\nfrom django.db.models.signals import post_save\n'),
        (tree.signals, "problems/queries.py", '"""Q."""\nfrom django.dispatch import receiver\n'),
        (tree.silent_modules, "problems/queries.py", "x = 1\n"),
        (tree.absent_processes, "problems/lifecycle.py", "PROBLEM = Lifecycle((), ())\n"),
    ],
)
def test_a_fault_is_found(tmp_path: Path, checker: Checker, file: str, text: str) -> None:
    app = tmp_path / "problems"
    app.mkdir()
    (app / "apps.py").write_text('"""An app."""\n')
    assert list(checker(tmp_path)) == []
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text(text)
    (found,) = checker(tmp_path)
    assert found.startswith(file.partition("/")[0])
