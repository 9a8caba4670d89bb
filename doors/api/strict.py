"""Input that says what is wrong with it."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from rest_framework import serializers
from rest_framework.validators import ProhibitSurrogateCharactersValidator

# Kind of field, the Python types that JSON gives for it, and what it is called. DRF would convert the others.
_JSON_TYPES: tuple[tuple[type[serializers.Field[Any, Any, Any, Any]], tuple[type, ...], str], ...] = (
    (serializers.CharField, (str,), "text"),
    (serializers.IntegerField, (int, float), "a number"),
)


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses fields it does not know, naming each: a typing error must not pass for "not set".

    Nor does a number pass for text, or text for a number: what a client sends by mistake must not become data.
    """

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = sorted(set(data) - set(self.fields))
            if unknown:
                known = ", ".join(sorted(self.fields))
                raise serializers.ValidationError(
                    {
                        name: [serializers.ErrorDetail(f"There is no such field. Known: {known}.", "unknown")]
                        for name in unknown
                    }
                )
            wrong = {
                name: [serializers.ErrorDetail(f"This is {words}.", "wrong_type")]
                for name, field in self.fields.items()
                for kind, allowed, words in _JSON_TYPES
                if isinstance(field, kind) and not isinstance(data.get(name), (*allowed, type(None)))
            }
            if wrong:
                raise serializers.ValidationError(wrong)
        return super().to_internal_value(data)


def checked(
    serializer: type[serializers.Serializer[Any]], data: Any, *, partial: bool = False
) -> dict[str, Any]:
    """The body as the serializer reads it. Raises ValidationError (400) with every wrong field."""
    return dict(_reader(serializer, partial).run_validation(data))


@cache
def _reader(serializer: type[serializers.Serializer[Any]], partial: bool) -> serializers.Serializer[Any]:  # noqa: FBT001
    """One reader for all bodies of a kind: copying its fields for each takes longer than reading with them."""
    reader = serializer(partial=partial)
    for field in reader.fields.values():
        field.validators = [
            _refuse_surrogates if isinstance(rule, ProhibitSurrogateCharactersValidator) else rule
            for rule in field.validators
        ]
    return reader


def _refuse_surrogates(value: Any) -> None:
    """As DRF's validator, which looks at every character in turn."""
    try:
        str(value).encode()
    except UnicodeEncodeError:
        ProhibitSurrogateCharactersValidator()(value)
