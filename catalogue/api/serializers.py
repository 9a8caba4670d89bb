"""What the API of offerings takes and gives, explicitly."""

from typing import Any

from rest_framework import serializers

from catalogue.engine.designs import PERIODS
from doors.api.strict import StrictSerializer


class LanguagesOut(serializers.Serializer[Any]):
    """Words in both languages."""

    en = serializers.CharField()
    cy = serializers.CharField(required=False)


class OfferingOut(serializers.Serializer[Any]):
    """Something that the caller may request."""

    code = serializers.CharField()
    number = serializers.IntegerField(help_text="version on offer")
    service = serializers.CharField(help_text="code")
    category = serializers.CharField(allow_null=True, help_text="code")
    name = LanguagesOut()
    summary = LanguagesOut()
    unit_price = serializers.CharField(allow_null=True, help_text="pounds")
    period = serializers.ChoiceField(choices=PERIODS)
    max_quantity = serializers.IntegerField()
    for_others = serializers.BooleanField()


class OfferingWhole(OfferingOut):
    """An offering with its description."""

    description = LanguagesOut()


class OfferingPage(serializers.Serializer[Any]):
    """A page of offerings; `next` is an address."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = OfferingOut(many=True)


class OfferingIn(StrictSerializer):
    """A new offering, as a draft."""

    code = serializers.CharField(max_length=60)
    service = serializers.CharField(max_length=60)
    category = serializers.CharField(required=False, allow_blank=True, max_length=60)
    name = serializers.CharField(max_length=100)


class OfferingDraftIn(StrictSerializer):
    """Parts of the design to put in place of what the draft has; null takes one out."""

    name = serializers.DictField(required=False)
    summary = serializers.DictField(required=False)
    description = serializers.DictField(required=False)
    keywords = serializers.DictField(required=False, allow_null=True)
    price = serializers.CharField(required=False, allow_null=True)
    period = serializers.CharField(required=False, allow_null=True)
    max_quantity = serializers.IntegerField(required=False, allow_null=True)
    for_others = serializers.BooleanField(required=False, allow_null=True)
    form = serializers.DictField(required=False, allow_null=True)
    approval = serializers.DictField(required=False, allow_null=True)
    plan = serializers.DictField(required=False, allow_null=True)


class PlaceIn(StrictSerializer):
    """Of which service it is, where it stands, and whom it is for; at once, for every version."""

    service = serializers.CharField(max_length=60)
    category = serializers.CharField(required=False, allow_blank=True, max_length=60)
    organisations = serializers.ListField(child=serializers.CharField(max_length=50), required=False)
    roles = serializers.ListField(child=serializers.CharField(max_length=50), required=False)
    support_groups = serializers.ListField(child=serializers.CharField(max_length=50), required=False)


class PublishOfferingIn(StrictSerializer):
    """What changed, and why it is published although a promise may not be kept."""

    note = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    accepted_because = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class DesignOut(serializers.Serializer[Any]):
    """An offering as those see it who design it. `version` is its ETag."""

    code = serializers.CharField()
    stage = serializers.ChoiceField(choices=["draft", "published", "withdrawn"])
    service = serializers.CharField()
    category = serializers.CharField(allow_null=True)
    number = serializers.IntegerField()
    version = serializers.IntegerField()
    design = serializers.DictField()
    organisations = serializers.ListField(child=serializers.CharField())
    roles = serializers.ListField(child=serializers.CharField())
    support_groups = serializers.ListField(child=serializers.CharField())
    versions = serializers.ListField(child=serializers.DictField())


class DesignPage(serializers.Serializer[Any]):
    """A page of offerings in any stage."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = serializers.ListField(child=serializers.DictField())
