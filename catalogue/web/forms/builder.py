"""Forms of the form builder: a page, and a question of each type."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalogue.engine.forms.conditions import Condition
from catalogue.engine.forms.offered import condition_of, condition_words, conditions_about, key_of
from catalogue.engine.parts import free_code, texts, tidy
from catalogue.web.forms.drafts import DraftForm, number_of, pence_of, words_initial
from design.forms import DeskForm, FieldStyle

TYPES = (
    ("text", _("A line of text")),
    ("long_text", _("Several lines of text")),
    ("number", _("A number")),
    ("money", _("A sum of money")),
    ("date", _("A date")),
    ("choice", _("One of several options")),
    ("many", _("Any of several options")),
    ("yes_no", _("Yes or no")),
    ("person", _("A person")),
    ("organisation", _("An organisation")),
    ("service", _("A service")),
    ("file", _("Files")),
)
_NARROW = FieldStyle(label_size="s", small=True, width="10")
_POUNDS = FieldStyle(label_size="s", small=True, width="10", prefix="£", inputmode="decimal")
_DAY = _('A day like 2026-04-01, or "today", "today+14", "today-1"')
_KEEP = "keep"
# Rules of each type: name, label, hint.
_LENGTHS = (
    ("min_length", _("At least so many characters"), ""),
    ("max_length", _("At most so many characters"), ""),
)
_ENDS = (("min", _("The least"), ""), ("max", _("The most"), ""))
_COUNTS = (("min_count", _("At least so many"), ""), ("max_count", _("At most so many"), ""))
_RULES: Mapping[str, Sequence[tuple[str, Any, Any]]] = {
    "text": (
        *_LENGTHS,
        ("mask", _("Mask"), _("A stands for a letter, 9 for a digit, X for either. It says how long it is.")),
    ),
    "long_text": _LENGTHS,
    "number": _ENDS,
    "money": _ENDS,
    "date": (("earliest", _("Not before"), _DAY), ("latest", _("Not after"), _DAY)),
    "many": _COUNTS,
    "file": _COUNTS,
}
_AS_TYPED = ("mask", "earliest", "latest")


class TypeForm(DeskForm):
    """What a question asks for."""

    type = forms.ChoiceField(label=_("What it asks for"), choices=TYPES, widget=forms.RadioSelect)


class ConditionalForm(DraftForm):
    """A part that may stand under a condition about the questions before it."""

    def add_condition(
        self, label: Any, questions: Sequence[Mapping[str, Any]], when: Condition | None
    ) -> None:
        """Two fields: the condition, and the number that it compares with."""
        self._when = when
        groups: list[Any] = [
            ("", _("Always")),
            *((name, tests) for name, tests in conditions_about(questions)),
        ]
        self._numbers = {
            each["code"]: each["type"] for each in questions if each["type"] in ("number", "money")
        }
        chosen, number = _chosen(when, self._numbers)
        known = {key for group in groups[1:] for key, _said in group[1]}
        if when is not None and chosen not in known:
            groups.append((_KEEP, condition_words(when, questions)))
            chosen = _KEEP
        self.fields["when"] = forms.ChoiceField(label=label, choices=groups, required=False, initial=chosen)
        if self._numbers:
            self.fields["when_number"] = forms.CharField(
                label=_("The number that it compares with"),
                required=False,
                initial=number,
                help_text=_("Only for “at least” and “at most”; sums in pounds"),
            )
            self.field_styles = {**self.field_styles, "when_number": _NARROW}

    def condition(self) -> Condition | None:
        """The condition that was chosen."""
        key = self.cleaned_data.get("when", "")
        if key == _KEEP:
            return self._when
        found = condition_of(key)
        if found is None:
            return None
        test = next((name for name in ("at_least", "at_most") if name in found), "")
        if not test:
            return found
        read = pence_of if self._numbers[found["field"]] == "money" else number_of
        return {**found, test: read(self.cleaned_data.get("when_number", ""))}


def _chosen(when: Condition | None, numbers: Mapping[str, str]) -> tuple[str, str]:
    if when is None:
        return "", ""
    for test in ("at_least", "at_most"):
        if test in when and when.get("field") in numbers:
            value = when[test] / 100 if numbers[when["field"]] == "money" else when[test]
            return key_of({**when, test: None}), f"{value:g}" if value < 1e6 else str(value)
    return key_of(when), ""


class PageForm(ConditionalForm):
    """A page of the form: its title and when it is shown."""

    def __init__(
        self, *args: Any, page: Mapping[str, Any] | None, before: Sequence[Any], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update(words_initial("title", (page or {}).get("title")))
        self.add_words("title", _("Title"))
        if before:
            self.add_condition(_("Shown when"), before, (page or {}).get("when"))

    def changes(self) -> dict[str, Any]:
        """Title and condition."""
        return {"title": self.words("title"), "when": self.condition() if "when" in self.fields else None}


class QuestionForm(ConditionalForm):
    """A question of a type. With `starts_page` the page that it is the first of is written down with it."""

    field_styles: Mapping[str, FieldStyle]

    def __init__(
        self,
        *args: Any,
        type_: str,
        question: Mapping[str, Any] | None,
        before: Sequence[Any],
        starts_page: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.type, self.question = type_, question or {}
        said = self.question
        self.initial.update(words_initial("label", said.get("label")))
        self.initial.update(words_initial("hint", said.get("hint")))
        self.initial.update(
            {
                "required": said.get("required", True),
                "options": options_text(said.get("options", ())),
            }
        )
        if starts_page:
            self.add_words("title", _("Title of the page"))
        self.add_words("label", _("Question"))
        self.add_words("hint", _("Hint"), hint=_("Optional"))
        if not said:
            self.fields["code"] = forms.CharField(
                label=_("Code"),
                required=False,
                help_text=_(
                    "Small letters, digits and _. It stays for good; empty for one made of the question."
                ),
            )
        self.fields["required"] = forms.BooleanField(label=_("It must be answered"), required=False)
        if type_ in ("choice", "many"):
            self.fields["options"] = forms.CharField(
                label=_("Options"),
                required=False,
                widget=forms.Textarea(attrs={"rows": 6}),
                help_text=_(
                    "One to a line: English | Welsh. After another | may stand its code, then hints in both languages."
                ),
            )
        self._add_rules()
        if before:
            self.add_condition(_("Asked when"), before, said.get("when"))

    def _add_rules(self) -> None:
        styles: dict[str, FieldStyle] = {}
        if self.type == "number":
            self.initial["whole"] = self.question.get("whole", False)
            self.fields["whole"] = forms.BooleanField(label=_("Only whole numbers"), required=False)
        for name, label, hint in _RULES.get(self.type, ()):
            self.fields[name] = forms.CharField(
                label=_("%(label)s (optional)") % {"label": label}, required=False, help_text=hint
            )
            value = self.question.get(name)
            if value is not None:
                self.initial[name] = f"{value / 100:.2f}" if self.type == "money" else str(value)
            styles[name] = _POUNDS if self.type == "money" else _NARROW
        self.field_styles = styles

    def clean_options(self) -> str:
        """Lines with not more parts than there are."""
        typed: str = self.cleaned_data["options"]
        for place, line in enumerate(_lines(typed), 1):
            if line.count("|") > len(_OPTION_PARTS) - 1:
                raise forms.ValidationError(_("Line %(line)s has too many |."), params={"line": place})
        return typed

    def part(self, taken: Sequence[str]) -> dict[str, Any]:
        """The question as notation; `taken` are codes of other questions."""
        given = self.cleaned_data
        code = self.question.get("code") or given.get("code") or free_code(given["label_en"], taken, "_")
        part: dict[str, Any] = {"code": code, "type": self.type, "label": self.words("label")}
        part |= tidy({"hint": self.words("hint")})
        if not given["required"]:
            part["required"] = False
        if "options" in self.fields:
            part["options"] = options_of(given["options"])
        if given.get("whole"):
            part["whole"] = True
        for name, *_rest in _RULES.get(self.type, ()):
            typed = given[name]
            read = str if name in _AS_TYPED else pence_of if self.type == "money" else number_of
            if typed:
                part[name] = read(typed)
        when = self.condition() if "when" in self.fields else None
        return part | ({"when": when} if when else {})


_OPTION_PARTS = ("en", "cy", "value", "hint_en", "hint_cy")


def _lines(typed: str) -> list[str]:
    return [line.strip() for line in typed.splitlines() if line.strip()]


def options_of(typed: str) -> list[dict[str, Any]]:
    """Options as notation; one without a code has one made of its English words."""
    options: list[dict[str, Any]] = []
    for line in _lines(typed):
        cells = [cell.strip() for cell in line.split("|")]
        said = dict(zip(_OPTION_PARTS, cells, strict=False))
        taken = [option["value"] for option in options]
        option: dict[str, Any] = {
            "value": said.get("value") or free_code(said.get("en", ""), taken, "-"),
            "label": texts(en=said.get("en", ""), cy=said.get("cy", "")),
        }
        hint = texts(en=said.get("hint_en", ""), cy=said.get("hint_cy", ""))
        options.append(option | ({"hint": hint} if hint else {}))
    return options


def options_text(options: Any) -> str:
    """Options as they are typed."""
    lines = []
    for option in options:
        hint = option.get("hint", {})
        cells = [
            option["label"].get("en", ""), option["label"].get("cy", ""), option["value"],
            hint.get("en", ""), hint.get("cy", ""),
        ]  # fmt: skip
        while cells and not cells[-1]:
            cells.pop()
        lines.append(" | ".join(cells))
    return "\n".join(lines)


def type_words(type_: str) -> str:
    """What a question of a type asks for."""
    return gettext(str(dict(TYPES).get(type_, type_)))
