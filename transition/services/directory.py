"""From the names that a history uses to the tenant's own rows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.utils.text import slugify

from catalogue.models import Category, Service
from catalogue.public import create_category, create_service
from people.models import Membership, Organisation, Provider, SupportGroup
from people.public import create_group, create_organisation, create_provider
from transition.engine import HistoryMapping, provider_of

CODE_MAX = 50
NAME_MAX = 200
PROVIDER_NOT_STATED = "Provider not stated"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who has a login here."""

    key: UUID
    name: str
    provider: UUID | None
    organisation: UUID | None


class _Shelf:
    """Keys of one table's rows by name, else by code; what is missing is made."""

    def __init__(self, rows: Iterable[tuple[UUID, str, str]], make: Callable[[str, str], UUID]) -> None:
        """Take ``(key, code, name)`` of every row there is, and what makes another from code and name."""
        rows = list(rows)
        self._by_name = {code: key for key, code, _ in rows} | {name: key for key, _, name in reversed(rows)}
        self._codes = {code for _, code, _ in rows}
        self._make = make

    def key(self, name: str) -> UUID:
        """The key of the row with this name."""
        name = name[:NAME_MAX]
        found = self._by_name.get(name)
        if found is None:
            found = self._by_name[name] = self._make(self._code(name), name)
        return found

    def _code(self, name: str) -> str:
        stem = slugify(name)[: CODE_MAX - 5] or "unnamed"
        code, count = stem, 1
        while code in self._codes:
            count += 1
            code = f"{stem}-{count}"
        self._codes.add(code)
        return code


class Directory:
    """Support groups, providers, services, categories and organisations by name, made where the tenant lacks them.

    A name is that of an existing row when it is spelled the same, or is its code. Good for one transaction: a
    rollback takes what was made with it. People are known by e-mail only and never made: a history names
    thousands, most of whom left long ago, and none of whom asked for a login.
    """

    def __init__(self, mapping: HistoryMapping) -> None:
        """Read nothing yet."""
        self._mapping = mapping
        self._provider_of: dict[UUID, UUID] = {}
        self._members: dict[str, Member | None] = {}

    def support_group(self, name: str) -> UUID:
        """The group's key."""
        return self._groups.key(name)

    def provider_of_group(self, group: UUID) -> UUID:
        """The key of the provider that a group from this directory belongs to."""
        return self._provider_of[group]

    def provider(self, name: str) -> UUID:
        """The provider's key."""
        return self._providers.key(name)

    def service(self, name: str) -> UUID:
        """The service's key."""
        return self._services.key(name)

    def category(self, name: str) -> UUID:
        """The category's key."""
        return self._categories.key(name)

    def organisation(self, name: str) -> UUID:
        """The organisation's key."""
        return self._organisations.key(name)

    def meet(self, names: Iterable[str]) -> None:
        """Look up people who will be asked for, in one read."""
        wanted = {name.strip().lower() for name in names if "@" in name} - self._members.keys()
        if not wanted:
            return
        rows = Membership.objects.filter(email__in=wanted).values_list(
            "email", "id", "name", "provider_id", "organisation_id"
        )
        self._members |= dict.fromkeys(wanted)
        self._members |= {
            email: Member(key, name, provider, organisation)
            for email, key, name, provider, organisation in rows
        }

    def member(self, name: str) -> Member | None:
        """The member whose e-mail the name is, None for anybody else and for who was not met."""
        return self._members.get(name.strip().lower())

    @cached_property
    def _groups(self) -> _Shelf:
        rows = list(SupportGroup.objects.order_by("id").values_list("id", "code", "name", "provider_id"))
        self._provider_of = {key: provider for key, _, _, provider in rows}
        return _Shelf([row[:3] for row in rows], self._make_group)

    def _make_group(self, code: str, name: str) -> UUID:
        told = provider_of(mapping=self._mapping, support_group=name) or PROVIDER_NOT_STATED
        provider = Provider(pk=self.provider(told))
        group = create_group(code=code, name=name, provider=provider)
        self._provider_of[group.pk] = provider.pk
        return group.pk

    @cached_property
    def _providers(self) -> _Shelf:
        rows = Provider.objects.order_by("id").values_list("id", "code", "name")
        return _Shelf(rows, lambda code, name: create_provider(code=code, name=name).pk)

    @cached_property
    def _services(self) -> _Shelf:
        rows = Service.objects.order_by("id").values_list("id", "code", "name")
        return _Shelf(rows, lambda code, name: create_service(code=code, name=name).pk)

    @cached_property
    def _categories(self) -> _Shelf:
        rows = Category.objects.order_by("id").values_list("id", "code", "name")
        return _Shelf(rows, lambda code, name: create_category(code=code, name=name).pk)

    @cached_property
    def _organisations(self) -> _Shelf:
        rows = Organisation.objects.order_by("id").values_list("id", "code", "name")
        return _Shelf(rows, lambda code, name: create_organisation(code=code, name=name).pk)
