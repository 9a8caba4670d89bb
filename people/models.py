"""Who there is: persons across tenants; everything else inside one."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from tenancy.engine.identity import uuid7
from tenancy.models import Tenant, TenantForeignKey, TenantModel


class PersonQuerySet(BaseUserManager["Person"]):
    """Creation of persons, as Django's authentication expects it."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "Person":
        """A person who logs in with this e-mail (kept in lower case)."""
        person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """One login. A platform table: a person may be a member of several tenants."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=8, default="en-gb")
    time_zone = models.CharField(max_length=64, default="Europe/London")
    theme = models.CharField(max_length=8, default="auto")
    density = models.CharField(max_length=12, default="comfortable")
    shortcuts_enabled = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    is_platform_operator = models.BooleanField(default=False)
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = PersonQuerySet()

    class Meta:
        constraints = (
            models.CheckConstraint(name="person_email_lower", condition=models.Q(email=Lower("email"))),
        )

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """How the person is greeted."""
        return self.name


class Organisation(TenantModel):
    """A business unit. Figures of a parent are the sum of its children's."""

    code = models.SlugField(max_length=50)
    name = models.CharField(max_length=200)
    parent = TenantForeignKey("self", null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint("tenant", "code", name="organisation_code"),)

    def __str__(self) -> str:
        return self.name


class Provider(TenantModel):
    """Whoever does work: the retained organisation, the service desk partner, each supplier."""

    code = models.SlugField(max_length=50)
    name = models.CharField(max_length=200)
    is_internal = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint("tenant", "code", name="provider_code"),)

    def __str__(self) -> str:
        return self.name


class SupportGroup(TenantModel):
    """A team of one provider that holds and works records."""

    code = models.SlugField(max_length=50)
    name = models.CharField(max_length=200)
    provider = TenantForeignKey(Provider)
    email = models.EmailField(blank=True)
    is_entry_point = models.BooleanField(
        default=False, help_text="the single point of contact: new records go here"
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", "code", name="support_group_code"),
            models.UniqueConstraint(
                fields=["tenant"], name="one_entry_point", condition=models.Q(is_entry_point=True)
            ),
        )

    def __str__(self) -> str:
        return self.name


class Role(TenantModel):
    """A named set of permissions `noun:verb`, and how much of the tenant they reach."""

    class Reach(models.TextChoices):
        OWN = "own", "what they raised, are affected by or watch"
        PROVIDER = "provider", "records that their provider holds, held or was asked to help with"
        ALL = "all", "all but restricted records"

    code = models.SlugField(max_length=50)
    name = models.CharField(max_length=100)
    reach = models.CharField(max_length=8, choices=Reach.choices, default=Reach.OWN)
    permissions = ArrayField(models.TextField(), default=list)

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", "code", name="role_code"),
            models.CheckConstraint(
                name="role_reach", condition=models.Q(reach__in=["own", "provider", "all"])
            ),
        )

    def __str__(self) -> str:
        return self.name


class Membership(TenantModel):
    """A person in a tenant. Name and e-mail are kept here too, so that no tenant query leaves the tenant."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    email = models.EmailField()
    phone = models.CharField(max_length=40, blank=True)
    organisation = TenantForeignKey(Organisation, null=True, blank=True)
    provider = TenantForeignKey(Provider, null=True, blank=True)
    manager = TenantForeignKey(
        "self", null=True, blank=True, help_text="who answers for what this person asks for"
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", "person", name="membership_person"),
            models.UniqueConstraint("tenant", "email", name="membership_email"),
        )
        indexes = (models.Index("tenant", "name", "id", name="membership_name"),)

    def __str__(self) -> str:
        return self.name


class MembershipRole(TenantModel):
    """A role that a member has."""

    membership = TenantForeignKey(Membership, related_name="held_roles")
    role = TenantForeignKey(Role)

    class Meta:
        constraints = (models.UniqueConstraint("tenant", "membership", "role", name="membership_role_once"),)


class GroupMembership(TenantModel):
    """A member of a support group."""

    membership = TenantForeignKey(Membership, related_name="group_memberships")
    support_group = TenantForeignKey(SupportGroup, related_name="members")

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", "support_group", "membership", name="group_member_once"),
        )
        indexes = (models.Index("tenant", "membership", name="group_of_member"),)


class ApiClient(TenantModel):
    """A provider's machine identity: its OAuth 2.0 client, bound to one tenant and one provider."""

    client_id = models.CharField(max_length=100, unique=True, help_text="of the OAuth client, a platform row")
    name = models.CharField(max_length=100)
    provider = TenantForeignKey(Provider)
    role = TenantForeignKey(Role)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = (models.UniqueConstraint("tenant", "name", name="api_client_name"),)

    def __str__(self) -> str:
        return self.name


class ClientLogin(TenantModel):
    """Name and password of an API client for tools that know no OAuth. Where there is none, they are switched off.

    No supplier reads it, not even its own; the password is 256 random bits, of which only the digest is kept.
    """

    client = TenantForeignKey(ApiClient)
    name = models.CharField(max_length=160, unique=True, help_text="begins with the tenant's code")
    secret_hash = models.CharField(max_length=64, unique=True)
    allowed_at = models.DateTimeField()
    allowed_by_name = models.CharField(max_length=200)

    class Meta:
        constraints = (models.UniqueConstraint("tenant", "client", name="client_login_once"),)

    def __str__(self) -> str:
        return self.name


__all__ = [
    "ApiClient",
    "ClientLogin",
    "GroupMembership",
    "Membership",
    "MembershipRole",
    "Organisation",
    "Person",
    "Provider",
    "Role",
    "SupportGroup",
    "Tenant",
]
