"""The door of `requests_app` for other apps."""

from calling.public import is_signed
from requests_app.engine.graph import Node, neighbours
from requests_app.lifecycle import REQUEST, TASK
from requests_app.policy import offers, task_offers
from requests_app.queries.baskets import (
    BasketView,
    LineView,
    basket_of,
    get_order,
    line_of_basket,
    lines_in_basket,
)
from requests_app.queries.filters import RequestFilter, TaskFilter
from requests_app.queries.promises import (
    OfferPromise,
    needs_approval,
    promised_for_offer,
    promised_for_task,
    promised_lines,
)
from requests_app.queries.requests import (
    Ordered,
    details_of,
    get_request,
    ordered_together,
    promised_days,
    records_of_order,
    request_detail,
    visible_requests,
)
from requests_app.queries.tasks import (
    Progress,
    RequestOfTask,
    TaskCounts,
    get_task,
    left_to_people,
    progress_of,
    requests_of_tasks,
    runs_of,
    task_counts,
    task_detail,
    tasks_of_request,
    visible_tasks,
)
from requests_app.services import task_steps
from requests_app.services.basket import (
    answer_page,
    put_back,
    remove_line,
    renew_line,
    request_again,
    save_for_later,
    set_quantity,
    set_recipient,
    start_line,
)
from requests_app.services.basket_files import add_file, remove_file
from requests_app.services.hooks import allow_host, define_hook, hook_addresses, local_addresses
from requests_app.services.order import Placed, Wanted, place_order
from requests_app.services.steps import cancel, close, comment, confirm, note, reopen
from requests_app.services.submit_basket import submit_basket

__all__ = [
    "REQUEST",
    "TASK",
    "BasketView",
    "LineView",
    "Node",
    "OfferPromise",
    "Ordered",
    "Placed",
    "Progress",
    "RequestFilter",
    "RequestOfTask",
    "TaskCounts",
    "TaskFilter",
    "Wanted",
    "add_file",
    "allow_host",
    "answer_page",
    "basket_of",
    "cancel",
    "close",
    "comment",
    "confirm",
    "define_hook",
    "details_of",
    "get_order",
    "get_request",
    "get_task",
    "hook_addresses",
    "is_signed",
    "left_to_people",
    "line_of_basket",
    "lines_in_basket",
    "local_addresses",
    "needs_approval",
    "neighbours",
    "note",
    "offers",
    "ordered_together",
    "place_order",
    "progress_of",
    "promised_days",
    "promised_for_offer",
    "promised_for_task",
    "promised_lines",
    "put_back",
    "records_of_order",
    "remove_file",
    "remove_line",
    "renew_line",
    "reopen",
    "request_again",
    "request_detail",
    "requests_of_tasks",
    "runs_of",
    "save_for_later",
    "set_quantity",
    "set_recipient",
    "start_line",
    "submit_basket",
    "task_counts",
    "task_detail",
    "task_offers",
    "task_steps",
    "tasks_of_request",
    "visible_requests",
    "visible_tasks",
]
