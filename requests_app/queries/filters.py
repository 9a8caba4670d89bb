"""The filters of a list of requests."""

from records.public import RecordFilter, by_state
from requests_app.lifecycle import REQUEST


class RequestFilter(RecordFilter):
    """Filters over requests that the caller may see."""

    state = by_state(REQUEST)
