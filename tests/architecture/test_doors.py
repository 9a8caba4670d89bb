"""Every action declares its permission, every task its name and queue, every message has somebody who hears it."""

import ast
import re
from collections.abc import Iterator

import pytest
from celery import current_app
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.views import APIView

from itsm.celery import app as celery_app
from itsm.runner.process_table import BACKGROUND
from outbox.engine.registry import subscriber
from outbox.public import subscriptions
from people.engine.roles import STANDARD_ROLES
from records.public import kinds
from tests.architecture.tree import ROOT, apps_of

HTTP_METHODS = ("get", "post", "put", "patch", "delete")
# Views of the API that anyone may call: they hold nobody's data, or ask for a token of their own.
OPEN_VIEWS = {"RootView", "DocumentedSchemaView", "TokenView", "CallBackView"}
# Kinds of message that nobody hears, each with the reason why.
UNHEARD: dict[str, str] = {}


def api_views() -> list[type[APIView]]:
    """Every view class of the API that some address leads to."""
    found = {view for pattern in patterns() if (view := getattr(pattern.callback, "view_class", None))}
    found |= {view for pattern in patterns() if (view := getattr(pattern.callback, "cls", None))}
    return sorted((view for view in found if issubclass(view, APIView)), key=lambda view: view.__qualname__)


def patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    """Every address of the platform."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry)
        else:
            yield entry


OURS = [
    view for view in api_views() if view.__module__.partition(".")[0] in {path.name for path in apps_of(ROOT)}
]


def test_the_api_has_views() -> None:
    assert len(OURS) > 10


@pytest.mark.parametrize("view", OURS, ids=lambda view: str(view.__qualname__))
def test_every_method_declares_its_permission(view: type[APIView]) -> None:
    if view.__name__ in OPEN_VIEWS:
        assert not getattr(view, "permission_for", {})
        return
    methods = {method.upper() for method in HTTP_METHODS if hasattr(view, method)}
    declared: dict[str, str] = getattr(view, "permission_for", {})
    assert set(declared) == methods
    shipped = {permission for role in STANDARD_ROLES for permission in role.permissions}
    assert set(declared.values()) <= shipped


def tasks() -> list[str]:
    """The names of the platform's own tasks."""
    celery_app.loader.import_default_modules()
    return sorted(name for name in celery_app.tasks if not name.startswith("celery."))


def test_every_task_names_itself() -> None:
    assert tasks()
    own = {path.name for path in apps_of(ROOT)}
    for name in tasks():
        task = celery_app.tasks[name]
        assert name.partition(".")[0] in own
        assert name != f"{task.run.__module__}.{task.run.__name__}", "named by itself, not by where it is"


def test_every_queue_is_listened_to() -> None:
    (worker,) = (process for process in BACKGROUND if process.name == "worker")
    assert "-Q" not in worker.arguments, "the worker listens to the queues of the settings"
    listened = set(celery_app.amqp.queues)
    router = celery_app.amqp.Router()
    sent = {str(router.route({}, name)["queue"].name) for name in tasks()}
    assert sent <= listened
    assert current_app.main == "itsm"


def test_the_beat_sends_tasks_that_exist() -> None:
    assert {entry["task"] for entry in celery_app.conf.beat_schedule.values()} <= set(tasks())


def told() -> set[str]:
    """Every kind of message that the code publishes, read from the source."""
    found = set()
    verbs = {"changed"}
    for app in apps_of(ROOT):
        for path in sorted(app.rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            found |= set(re.findall(r"'(clock\.[a-z_]+)'", text))
            is_telling = re.search(r"take_step|_step\(", text) is not None
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.Call):
                    found |= _literal(node, "publish", "kind")
                    for maker in ("Step", "_step", "Ending"):
                        verbs |= _literal(node, maker, "message")
                elif is_telling and isinstance(node, ast.Assign):
                    verbs |= _assigned(node)
    verbs.add("opened")
    return found | {f"{kind.code}.{verb}" for kind in kinds() for verb in verbs}


def _literal(call: ast.Call, function: str, name: str) -> set[str]:
    if getattr(call.func, "id", "") != function:
        return set()
    return {word for keyword in call.keywords if keyword.arg == name for word in _words(keyword.value)}


def _assigned(node: ast.Assign) -> set[str]:
    """What `message` is set to, alone or among others."""
    (target, *_), value = node.targets, node.value
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        pairs = zip(target.elts, value.elts, strict=False)
    else:
        pairs = zip([target], [value], strict=True)
    return {word for name, given in pairs if getattr(name, "id", "") == "message" for word in _words(given)}


def _words(value: ast.expr) -> set[str]:
    """String literals that an expression may give; formatted ones are made of kinds and verbs, found elsewhere."""
    if isinstance(value, ast.Constant):
        return {value.value} if isinstance(value.value, str) else set()
    if isinstance(value, ast.IfExp):
        return _words(value.body) | _words(value.orelse)
    return set()


def heard() -> set[str]:
    """Every kind that an app subscribes to."""
    own = {path.name for path in apps_of(ROOT)}
    ears = [ear for names in subscriptions().values() for name in names if (ear := subscriber(name))]
    return {
        kind
        for ear in ears
        if getattr(ear.handle, "__module__", "").partition(".")[0] in own
        for kind in ear.kinds
    }


def test_every_message_is_heard() -> None:
    assert told() - heard() == set(UNHEARD)


def test_nobody_waits_for_a_message_that_is_never_sent() -> None:
    assert heard() - told() == set()
