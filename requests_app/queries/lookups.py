"""What answers may name: people, organisations, services and files that are there."""

from collections.abc import Collection

from catalogue.public import find_service
from people.public import find_member, organisations


class TenantLookups:
    """The people, organisations and services of the tenant in scope, and the files that were given."""

    def __init__(self, files: Collection[str]) -> None:
        self._files = files

    def has(self, type_: str, answer: str) -> bool:
        """Whether there is such a person, organisation, service or file."""
        if type_ == "person":
            return find_member(answer) is not None
        if type_ == "organisation":
            return any(row.code == answer for row in organisations())
        if type_ == "service":
            return find_service(answer) is not None
        return answer in self._files
