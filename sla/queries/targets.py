"""Reads of targets."""

from sla.models import TargetVersion
from tenancy.public import kept


@kept
def target_names() -> dict[str, str]:
    """Every version of every target in words, by key as text: its name, and since when it is in force."""
    rows = TargetVersion.objects.select_related("target").order_by("target_id", "effective_from")
    return {str(row.pk): f"{row.target.name} (from {row.effective_from:%Y-%m-%d})" for row in rows}
