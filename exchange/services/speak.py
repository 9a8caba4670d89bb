"""What a record of ours says, in our own words: the side of a mapping that is ours."""

from incidents.public import detail_of
from records.models import Record
from suppliers.public import Said

PROCESSES = ("incident",)


def what_it_says(record: Record) -> Said:
    """State, priority and every field that is exchanged, of an incident as it is now."""
    row = Record.objects.select_related("service", "requester", "organisation").filter(pk=record.pk).get()
    detail = detail_of(row)
    fields = {
        "number": row.number,
        "title": row.title,
        "description": row.description,
        "service": row.service.name if row.service else "",
        "category": detail.category.name if detail.category else "",
        "requester": row.requester.name if row.requester else "",
        "organisation": row.organisation.name if row.organisation else "",
        "resolution_code": detail.resolution_code,
        "resolution": detail.resolution,
    }
    return Said(row.state, str(row.priority or ""), fields)
