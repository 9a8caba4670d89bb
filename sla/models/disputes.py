"""Disputes: what a provider contests, and how it was ruled."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from people.models import Membership, Provider, SupportGroup
from records.models import Record
from sla.models.targets import TargetVersion
from tenancy.models import TenantForeignKey, TenantModel

STATES = ("raised", "withdrawn", "upheld", "rejected")
RULED = ("upheld", "rejected")
# Whose time a stretch may be instead. Unassigned: nobody's fault.
PARTIES = ("group", "requester", "wire", "unassigned")


def _choices(words: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(word, word) for word in words]


class Dispute(TenantModel):
    """A provider contests that it held a record in a stretch of time, or a verdict that is held against it.

    A stretch has `started_at` and `ended_at`; a verdict is a clock's, by target version, party and instant of matching.
    What was measured is kept: upheld, the ruled stretch counts as the ruled party's, or the verdict as met.
    A provider has one open dispute about a second of custody, or about a verdict; one that was ruled is followed by
    one more at most.
    """

    record = TenantForeignKey(Record)
    provider = TenantForeignKey(Provider)
    follows = TenantForeignKey("self", null=True, help_text="the dispute ruled before, on new evidence")
    state = models.CharField(max_length=10, choices=_choices(STATES), default="raised")
    version = models.PositiveIntegerField(default=1)
    raised_by = TenantForeignKey(Membership, null=True)
    raised_by_client = models.UUIDField(null=True, help_text="the API client, where no person did it")
    raised_by_name = models.CharField(max_length=200)
    raised_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    target_version = TenantForeignKey(TargetVersion, null=True)
    party = models.UUIDField(null=True)
    matched_at = models.DateTimeField(null=True)
    grounds = models.CharField(max_length=200)
    evidence = models.TextField()
    claimed_kind = models.CharField(max_length=10, blank=True, choices=_choices(PARTIES))
    claimed_group = TenantForeignKey(SupportGroup, null=True)
    ruled_started_at = models.DateTimeField(null=True)
    ruled_ended_at = models.DateTimeField(null=True)
    ruled_kind = models.CharField(max_length=10, blank=True, choices=_choices(PARTIES))
    ruled_group = TenantForeignKey(SupportGroup, null=True)
    ruled_by = TenantForeignKey(Membership, null=True)
    ruled_by_name = models.CharField(max_length=200, blank=True)
    ruled_at = models.DateTimeField(null=True)
    reasons = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(name="dispute_state", condition=Q(state__in=STATES)),
            models.CheckConstraint(name="dispute_words", condition=~Q(grounds="") & ~Q(evidence="")),
            models.CheckConstraint(
                name="dispute_subject",
                condition=Q(
                    started_at__isnull=False,
                    ended_at__gt=F("started_at"),
                    claimed_kind__in=PARTIES,
                    target_version__isnull=True,
                    party__isnull=True,
                    matched_at__isnull=True,
                )
                | Q(
                    started_at__isnull=True,
                    ended_at__isnull=True,
                    claimed_kind="",
                    target_version__isnull=False,
                    matched_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="dispute_groups",
                condition=(
                    Q(claimed_kind="group", claimed_group__isnull=False)
                    | (~Q(claimed_kind="group") & Q(claimed_group__isnull=True))
                )
                & (
                    Q(ruled_kind="group", ruled_group__isnull=False)
                    | (~Q(ruled_kind="group") & Q(ruled_group__isnull=True))
                ),
            ),
            models.CheckConstraint(
                name="dispute_ruled",
                condition=(Q(state__in=RULED, ruled_at__isnull=False) & ~Q(reasons="") & ~Q(ruled_by_name=""))
                | (~Q(state__in=RULED) & Q(ruled_at__isnull=True, ruled_by__isnull=True, reasons="")),
            ),
            # Only a stretch that was upheld has a ruled one, and that lies within what was contested.
            models.CheckConstraint(
                name="dispute_ruled_stretch",
                condition=Q(
                    state="upheld",
                    started_at__isnull=False,
                    ruled_kind__in=PARTIES,
                    ruled_started_at__gte=F("started_at"),
                    ruled_ended_at__lte=F("ended_at"),
                    ruled_ended_at__gt=F("ruled_started_at"),
                )
                | (
                    (~Q(state="upheld") | Q(started_at__isnull=True))
                    & Q(ruled_kind="", ruled_started_at__isnull=True, ruled_ended_at__isnull=True)
                ),
            ),
            ExclusionConstraint(
                name="dispute_open_stretch",
                expressions=(
                    ("tenant", RangeOperators.EQUAL),
                    ("record", RangeOperators.EQUAL),
                    ("provider", RangeOperators.EQUAL),
                    (
                        Func(
                            "started_at", "ended_at", function="tstzrange", output_field=DateTimeRangeField()
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ),
                condition=Q(state="raised", started_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=("tenant", "record", "provider", "target_version", "party", "matched_at"),
                name="dispute_open_verdict",
                condition=Q(state="raised", matched_at__isnull=False),
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=("tenant", "follows"),
                name="dispute_followed_once",
                condition=Q(follows__isnull=False) & ~Q(state="withdrawn"),
            ),
        )
        indexes = (
            models.Index("tenant", "record", "id", name="dispute_of_record"),
            models.Index("tenant", "state", "id", name="dispute_list"),
            models.Index("tenant", "provider", "id", name="dispute_of_provider"),
        )

    def __str__(self) -> str:
        return self.grounds
