"""What a what-if depends on besides the records: told apart by one hash, whoever changed it."""

import hashlib
from collections.abc import Collection
from uuid import UUID

from calendars.models import CalendarVersion
from catalogue.models import PriorityMatrix, Service
from people.models import Organisation, SupportGroup
from sla.models import TargetVersion


def fingerprint(*, without: Collection[UUID] = ()) -> str:
    """SHA-256 over definitions: versions of targets and calendars, matrices and their use, the tree, the groups.

    Versions are never edited, so their keys tell. `without` are keys of rows to pass over.
    """
    rows = [
        TargetVersion.objects.order_by("id").values_list("id"),
        CalendarVersion.objects.order_by("id").values_list("id"),
        PriorityMatrix.objects.order_by("id").values_list("id", "cells", "is_default"),
        Service.objects.order_by("id").values_list("id", "matrix_id"),
        Organisation.objects.order_by("id").values_list("id", "parent_id"),
        SupportGroup.objects.order_by("id").values_list("id", "provider_id"),
    ]
    digest = hashlib.sha256()
    for table in rows:
        for row in table:
            if row[0] not in without:
                digest.update(repr(tuple(str(value) for value in row)).encode())
        digest.update(b"|")
    return digest.hexdigest()
