"""The forms of the service register and of what services are made of: shape only."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalogue.public import Part, PartGroup
from design.forms import DeskForm, FieldStyle
from sla.web.forms.fields import SHORT
from sla.web.forms.promises import ReasonForm

HOUR = 3600
MOST_PARTS = 1000
KEEP, ALL, IN_TURN, SOME = "keep", "all", "in-turn", "some"
_WITH = {KEEP: _("As the group has it; a new group needs all of its parts")}
_RULES = {
    ALL: _("All of its parts, restored side by side"),
    IN_TURN: _("All of its parts, restored one after another"),
    SOME: _("Only some of its parts, the others are alternatives"),
}
_NUMBER = FieldStyle(label_size="s", small=True, width="5")
_SMALL = FieldStyle(label_size="s", small=True)


def _handover() -> forms.DecimalField:
    return forms.DecimalField(
        label=_("Hand-over in hours"),
        required=False,
        min_value=Decimal(0),
        max_digits=6,
        decimal_places=2,
        help_text=_("How long it takes, in the service’s hours, to notice a fault and pass it on."),
    )


def _needed() -> forms.IntegerField:
    return forms.IntegerField(
        label=_("How many are needed"),
        required=False,
        min_value=1,
        max_value=MOST_PARTS,
        help_text=_("Where only some of the parts are."),
    )


class _RuleForm(ReasonForm):
    """A form that says how many parts of a group are needed."""

    def clean(self) -> dict[str, Any]:
        """The rule and the number agree."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not data.get("rule"):
            data["rule"] = SOME if data.get("needed") else KEEP
        if data["rule"] == SOME and data.get("needed") is None and "needed" not in self.errors:
            self.add_error("needed", gettext("Say how many of the parts are needed"))
        elif data["rule"] != SOME and data.get("needed") is not None:
            self.add_error("needed", gettext("Leave this empty, or choose that only some are needed"))
        return data

    def ruled(self, name: str, parts: Sequence[Part], known: PartGroup | None = None) -> PartGroup:
        """A group of these parts by the rule that was chosen; `known` is the group as it is."""
        rule, given = self.cleaned_data["rule"], tuple(parts)
        if rule == KEEP and known is not None:
            return PartGroup(name, given, known.needed, known.is_in_turn)
        needed = self.cleaned_data["needed"] if rule == SOME else None
        return PartGroup(name, given, needed, rule == IN_TURN)


class PartForm(_RuleForm):
    """A part for a service."""

    part = forms.ChoiceField(label=_("Component or service"))
    group = forms.CharField(label=_("Group"), max_length=100)
    rule = forms.ChoiceField(
        label=_("What the service needs of the group"),
        required=False,
        choices=[*_WITH.items(), *_RULES.items()],
        widget=forms.RadioSelect,
        initial=KEEP,
    )
    needed = _needed()
    handover = _handover()
    field_order = ("part", "group", "rule", "needed", "handover", "accepted_because")
    field_styles: Mapping[str, FieldStyle] = {"needed": _NUMBER, "handover": _NUMBER, "rule": _SMALL}

    def __init__(
        self, *args: Any, parts: Sequence[tuple[str, str]], groups: Sequence[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["part"].choices = [("", _("Choose one")), *parts]  # type: ignore[attr-defined]  # a ChoiceField
        hint = gettext("A name for a new group, for example Network.")
        if groups:
            hint = gettext("One of %(groups)s, or a name for a new group.") % {"groups": ", ".join(groups)}
        self.fields["group"].help_text = hint

    def chosen(self) -> Part:
        """The part that was chosen."""
        kind, _, code = self.cleaned_data["part"].partition(":")
        return Part(**{kind: code}, handover_seconds=int((self.cleaned_data["handover"] or 0) * HOUR))


class PartFields(NamedTuple):
    """What the form of a group shows of one part."""

    name: str
    order: Any
    handover: Any
    remove: Any


class GroupForm(_RuleForm):
    """A group of a service: its name, what is needed of it, and each of its parts."""

    name = forms.CharField(label=_("Name"), max_length=100)
    rule = forms.ChoiceField(
        label=_("What the service needs of the group"),
        choices=list(_RULES.items()),
        widget=forms.RadioSelect,
    )
    needed = _needed()
    field_styles: Mapping[str, FieldStyle] = {"needed": _NUMBER, "rule": _SMALL}

    def __init__(self, *args: Any, group: PartGroup, names: Sequence[str], **kwargs: Any) -> None:
        kwargs["initial"] = _as_typed(group) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self._group, self._names = group, names
        styles = dict(self.field_styles)
        for number, part in enumerate(group.parts):
            order = forms.IntegerField(
                label=_("Place"), min_value=1, max_value=MOST_PARTS, initial=number + 1
            )
            handover = _handover()
            handover.help_text, handover.initial = "", hours_text(part.handover_seconds)
            remove = forms.BooleanField(label=_("Take this part out"), required=False)
            for field, shown in (("order", order), ("handover", handover), ("remove", remove)):
                self.fields[f"{field}_{number}"] = shown
                styles[f"{field}_{number}"] = _NUMBER
        self.field_styles = styles
        self.order_fields(["name", "rule", "needed", *list(self.fields)[5:], "accepted_because"])

    def parts(self) -> Iterator[PartFields]:
        """The fields of each part."""
        for number, name in enumerate(self._names):
            yield PartFields(name, *(self[f"{field}_{number}"] for field in ("order", "handover", "remove")))

    def changed(self) -> PartGroup | None:
        """The group as it is to be; None where no part is left."""
        data, kept = self.cleaned_data, []
        for number, part in enumerate(self._group.parts):
            if not data[f"remove_{number}"]:
                seconds = int((data[f"handover_{number}"] or 0) * HOUR)
                kept.append((data[f"order_{number}"], Part(part.component, part.service, seconds)))
        parts = [part for _, part in sorted(kept, key=lambda pair: pair[0])]
        return self.ruled(data["name"].strip(), parts) if parts else None


class ComponentForm(ReasonForm):
    """A component as it is to be."""

    name = forms.CharField(label=_("Name"), max_length=200)
    provider = forms.ChoiceField(label=_("Provider"))
    contract = forms.ChoiceField(
        label=_("Contract"), required=False, help_text=_("With this provider. Without one nobody is bound.")
    )
    field_order = ("name", "provider", "contract", "accepted_because")

    def __init__(
        self,
        *args: Any,
        owners: Sequence[tuple[str, str]],
        contracts: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provider"].choices = [("", _("Choose one")), *owners]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["contract"].choices = [("", _("No contract")), *contracts]  # type: ignore[attr-defined]  # as above


class NewComponentForm(ComponentForm):
    """A component that nobody counts on yet, so no promise can break."""

    accepted_because = None  # type: ignore[assignment]  # takes the field away
    code = forms.CharField(
        label=_("Code"), max_length=60, help_text=_("Small letters, digits and hyphens, for example router.")
    )
    field_order = ("name", "code", "provider", "contract")
    field_styles: Mapping[str, FieldStyle] = {"code": SHORT}


class RemoveForm(DeskForm):
    """Taking a component out of the register; `seen` is the version that was looked at."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)


def hours_text(seconds: int | None) -> str:
    """Seconds as somebody would type them in hours; "" for none."""
    return f"{seconds / HOUR:.2f}".rstrip("0").rstrip(".") if seconds else ""


def _as_typed(group: PartGroup) -> dict[str, Any]:
    is_some = group.needed is not None and group.needed < len(group.parts)
    rule = SOME if is_some else IN_TURN if group.is_in_turn else ALL
    return {"name": group.name, "rule": rule, "needed": group.needed if is_some else None}
