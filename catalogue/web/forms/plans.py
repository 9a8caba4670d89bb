"""Forms of the plan builders: a level of approval, a task of fulfilment."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.engine.automations import KINDS, Automation
from catalogue.engine.parts import free_code, tidy
from catalogue.web.forms.builder import ConditionalForm
from catalogue.web.forms.drafts import Choices, HoursField, number_of, pence_of, words_initial
from design.forms import FieldStyle

RULES = (
    ("any", _("The first of them to decide decides")),
    ("all", _("All of them")),
    ("quorum", _("So many of them")),
)
_CODE_HINT = _("Small letters, digits and hyphens. It stays for good; empty for one made of the name.")
_SMALL = FieldStyle(label_size="s", small=True, width="10")
_MANAGER = "manager"


class LevelForm(ConditionalForm):
    """A level: who is asked, how many must agree, when, and what happens if nobody answers."""

    field_styles: Mapping[str, FieldStyle] = {
        "cost_from": FieldStyle(label_size="s", small=True, width="10", prefix="£", inputmode="decimal"),
        "quorum": FieldStyle(label_size="s", small=True, width="4", inputmode="numeric"),
        "remind_after": _SMALL,
        "escalate_after": _SMALL,
    }

    def __init__(
        self,
        *args: Any,
        level: Mapping[str, Any] | None,
        questions: Sequence[Any],
        approvers: Mapping[str, Sequence[tuple[str, str]]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        said = self.level = level or {}
        self.add_words("name", _("Name"))
        if not said:
            self.fields["code"] = forms.CharField(label=_("Code"), required=False, help_text=_CODE_HINT)
        self._add_approvers("by", _("Who approves"), approvers)
        self.fields["rule"] = forms.ChoiceField(
            label=_("How many must approve"), choices=RULES, widget=forms.RadioSelect
        )
        self.fields["quorum"] = forms.CharField(label=_("How many, for “so many of them”"), required=False)
        self.fields["cost_from"] = forms.CharField(
            label=_("Only when the cost is at least"), required=False, help_text=_("Empty for any cost")
        )
        cost, when = split_cost(said.get("when"))
        if questions or when is not None:
            self.add_condition(_("Asked when"), questions, when)
        self.fields["skip_if_qualified"] = forms.BooleanField(
            label=_("Not asked when the one who requests could approve it themselves"), required=False
        )
        self.fields["remind_after"] = HoursField(label=_("Reminded after"))
        self.fields["escalate_after"] = HoursField(label=_("Others are asked too after"))
        self._add_approvers("escalate_to", _("Handed on to"), approvers)
        self.initial.update(words_initial("name", said.get("name")))
        self.initial.update(
            {
                "rule": said.get("rule", "any"),
                "quorum": said.get("quorum", ""),
                "cost_from": "" if cost is None else f"{cost / 100:.2f}",
                "skip_if_qualified": said.get("skip_if_qualified", False),
                "remind_after": said.get("remind_after", ""),
                "escalate_after": said.get("escalate_after", ""),
            }
        )

    def _add_approvers(self, name: str, label: Any, approvers: Mapping[str, Any]) -> None:
        given = self.level.get(name, [])
        offered: list[tuple[str, Any]] = [(_key({_MANAGER: True}), _("The manager of the one it is for"))]
        for sort, words in (("role", _("Role: %(name)s")), ("group", _("Group: %(name)s"))):
            offered += [(_key({sort: code}), words % {"name": said}) for code, said in approvers[sort]]
        known = {key for key, _said in offered}
        others = [each for each in given if "person" not in each and _key(each) not in known]
        offered += [(_key(each), " ".join(map(str, next(iter(each.items()))))) for each in others]
        self.fields[name] = forms.MultipleChoiceField(
            label=label,
            choices=offered,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            initial=[_key(each) for each in given if "person" not in each],
        )
        self.fields[f"{name}_people"] = forms.CharField(
            label=_("And these people: their email addresses, one to a line")
            if name == "by"
            else _("And these people too: their email addresses, one to a line"),
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
            initial="\n".join(each["person"] for each in given if "person" in each),
        )

    def _approvers(self, name: str) -> list[dict[str, Any]]:
        people = self.cleaned_data[f"{name}_people"].split()
        return [
            *(json.loads(key) for key in self.cleaned_data[name]),
            *({"person": email} for email in people),
        ]

    def part(self, taken: Sequence[str]) -> dict[str, Any]:
        """The level as notation; `taken` are codes of other levels."""
        given = self.cleaned_data
        code = self.level.get("code") or given.get("code") or free_code(given["name_en"], taken, "-")
        cost = pence_of(given["cost_from"])
        when = self.condition() if "when" in self.fields else None
        part = {
            "code": code,
            "name": self.words("name"),
            "by": self._approvers("by"),
            "rule": given["rule"],
            "quorum": number_of(given["quorum"]) if given["rule"] == "quorum" else None,
            "when": with_cost(cost, when),
            "skip_if_qualified": given["skip_if_qualified"] or None,
            "remind_after": given["remind_after"],
            "escalate_after": given["escalate_after"],
            "escalate_to": self._approvers("escalate_to"),
        }
        return {"name": {}, "by": []} | tidy(part)


def split_cost(when: Any) -> tuple[Any, Any]:
    """The least cost (pence) that a condition asks for, None for none, and what else it asks for."""
    if isinstance(when, Mapping) and when.get("field") == "cost" and "at_least" in when:
        return when["at_least"], None
    inner = when.get("all", []) if isinstance(when, Mapping) else []
    if len(inner) == 2 and inner[0].get("field") == "cost" and "at_least" in inner[0]:
        return inner[0]["at_least"], inner[1]
    return None, when


def with_cost(cost: Any, when: Any) -> Any:
    """A condition that also asks for a least cost (pence)."""
    if cost is None:
        return when
    least = {"field": "cost", "at_least": cost}
    return {"all": [least, when]} if when else least


class TaskForm(ConditionalForm):
    """A task: who does it, after which others, how long it takes, what it does by itself."""

    field_styles: Mapping[str, FieldStyle] = {"takes": _SMALL}

    def __init__(
        self,
        *args: Any,
        task: Mapping[str, Any] | None,
        others: Choices,
        questions: Sequence[Any],
        groups: Choices,
        calendars: Choices,
        automations: Sequence[Automation],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        said = self.task = task or {}
        self.add_words("name", _("Name"))
        if not said:
            self.fields["code"] = forms.CharField(label=_("Code"), required=False, help_text=_CODE_HINT)
        self.fields["group"] = forms.ChoiceField(
            label=_("Group that does it"), choices=_with_own(groups, said.get("group"))
        )
        others = list(others)
        if others:
            self.fields["after"] = forms.MultipleChoiceField(
                label=_("After these tasks"),
                choices=others,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text=_("None ticked: it begins at once."),
            )
        if questions:
            self.add_condition(_("Done when"), questions, said.get("when"))
        if "component" not in said:
            self.fields["takes"] = HoursField(label=_("How long it takes"))
            self.fields["calendar"] = forms.ChoiceField(
                label=_("In the working time of"),
                required=False,
                choices=_with_own(calendars, said.get("calendar"), empty=_("All days and hours")),
            )
        self.add_words("told", _("Words for the requester"), hint=_("Optional"), rows=2)
        self.fields["action"] = forms.ChoiceField(
            label=_("What it does by itself"),
            choices=_automations(automations, said.get("action")),
            required=False,
            help_text="" if automations else _("There is no hook and no action to choose from yet."),
        )
        self.initial.update(words_initial("name", said.get("name")))
        self.initial.update(words_initial("told", said.get("told")))
        self.initial.update(
            {
                "group": said.get("group", ""),
                "after": said.get("after", []),
                "takes": said.get("takes", ""),
                "calendar": said.get("calendar", ""),
                "action": _action_key(said.get("action")),
            }
        )

    def part(self, taken: Sequence[str]) -> dict[str, Any]:
        """The task as notation; `taken` are codes of other tasks. What this form does not show stays."""
        given = self.cleaned_data
        code = self.task.get("code") or given.get("code") or free_code(given["name_en"], taken, "-")
        shown = {
            "code": code,
            "name": self.words("name"),
            "group": given["group"],
            "after": list(given.get("after", [])),
            "takes": given.get("takes", ""),
            "calendar": given.get("calendar", ""),
            "told": self.words("told"),
            "action": self._action(),
        }
        if "when" in self.fields:
            shown["when"] = self.condition()
        return {"name": {}} | tidy({**self.task, **shown})

    def _action(self) -> dict[str, Any] | None:
        kind, _between, name = self.cleaned_data["action"].partition(":")
        if not kind:
            return None
        before = self.task.get("action") or {}
        # Any hook takes what is sent with it; what an action is given is its own.
        keeps = kind in before and (kind == "hook" or before[kind] == name)
        return {**before, kind: name} if keeps else {kind: name}


def _automations(offered: Sequence[Automation], own: Any) -> list[tuple[Any, Any]]:
    """What can be chosen, sort by sort; and what the task does now, though it be off or gone."""
    chosen = _action_key(own)
    labels = {"hook": _("Tells a system through a hook"), "run": _("Runs an action of this platform")}
    groups: dict[str, list[tuple[str, Any]]] = {kind: [] for kind in KINDS}
    for each in offered:
        key = f"{each.kind}:{each.code}"
        if each.is_on or key == chosen:
            said = each.name if each.is_on else _("%(name)s (switched off)") % {"name": each.name}
            groups[each.kind].append((key, said))
    kind, _between, code = chosen.partition(":")
    if chosen and all(key != chosen for key, _said in groups[kind]):
        groups[kind].append((chosen, _("%(code)s (not there)") % {"code": code}))
    return [
        ("", _("Nothing: people do it")),
        *((labels[kind], choices) for kind, choices in groups.items() if choices),
    ]


def _action_key(action: Any) -> str:
    kind = next((kind for kind in KINDS if kind in (action or {})), "")
    return f"{kind}:{action[kind]}" if kind else ""


def _with_own(offered: Choices, own: Any, *, empty: Any = "–") -> list[tuple[str, Any]]:
    found = [("", empty), *offered]
    return found if not own or any(code == own for code, _said in found) else [*found, (own, own)]


def _key(approver: Mapping[str, Any]) -> str:
    return json.dumps(approver, sort_keys=True)
