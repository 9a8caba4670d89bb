"""Input that says what is wrong with it."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses fields it does not know, naming each: a typing error must not pass for "not set"."""

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
        return super().to_internal_value(data)


def checked(
    serializer: type[serializers.Serializer[Any]], data: Any, *, partial: bool = False
) -> dict[str, Any]:
    """The body as the serializer reads it. Raises ValidationError (400) with every wrong field."""
    reader = serializer(data=data, partial=partial)
    reader.is_valid(raise_exception=True)
    return dict(reader.validated_data)
