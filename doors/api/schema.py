"""How the API describes itself: every operation names its errors, its permission and the headers it reads."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "stable; branch on this"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "detail"],
                "properties": {name: {"type": "string"} for name in ("field", "code", "detail")},
            },
        },
    },
}
_WORDS = {
    "400": "The request is not of the right shape.",
    "401": "No, or no valid, access token.",
    "403": "The caller's roles do not carry the permission.",
    "404": "There is no such thing, or none that the caller may see.",
    "409": "The record has another version, or the step does not lead on from its state.",
    "413": "The body is larger than any request needs to be.",
    "415": "The body is not of a content type that this address reads.",
    "422": "Well formed, but a rule refuses it.",
    "429": "Too many requests: see Retry-After.",
    "503": "The database does not answer: see Retry-After.",
}
# For steps that nobody may take unseen (`ApiView.required_version`).
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description='ETag as read, e.g. "v1"; * for whatever it is by now.',
)
_RARE = {"428": "There is no If-Match: say which version was read."}


class ProblemSchema(AutoSchema):
    """Adds problem responses and the headers for versions and retries to each operation."""

    def get_operation(self, path: str, path_regex: str, path_prefix: str, method: str, registry: Any) -> Any:
        operation = super().get_operation(path, path_regex, path_prefix, method, registry)
        if operation is None:
            return None
        codes = ["400", "401", "403", "404", "429", "503"] if method == "GET" else list(_WORDS)
        if any(
            each["name"] == "If-Match" and each.get("required") for each in operation.get("parameters", ())
        ):
            codes.append("428")
        for code in codes:
            operation["responses"].setdefault(
                code,
                {
                    "description": (_WORDS | _RARE)[code],
                    "content": {"application/problem+json": {"schema": _PROBLEM}},
                },
            )
        permission = getattr(self.view, "permission_for", {}).get(method)
        if permission:
            said = operation.get("description", "")
            operation["description"] = f"{said}\n\nPermission: `{permission}`.".strip()
        if method == "POST":
            operation.setdefault("parameters", []).append(
                _header("Idempotency-Key", "Makes a retry safe for 24 hours.")
            )
        if method in ("POST", "PATCH") and "{number}" in path:
            operation.setdefault("parameters", []).append(
                _header("If-Match", 'ETag of the record as read, e.g. "v3".')
            )
        return operation

    def get_filter_backends(self) -> list[Any]:
        return []


def _header(name: str, words: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": False,
        "schema": {"type": "string"},
        "description": words,
    }
