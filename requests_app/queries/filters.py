"""The filters of lists of requests and of tasks."""

from records.public import RecordFilter, by_state
from requests_app.lifecycle import REQUEST, TASK


class RequestFilter(RecordFilter):
    """Filters over requests that the caller may see."""

    state = by_state(REQUEST)


class TaskFilter(RecordFilter):
    """Filters over tasks that the caller may see."""

    state = by_state(TASK)
