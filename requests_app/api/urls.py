from django.urls import path

from records.api.urls import journal_paths
from requests_app.api.views.automation import CallBackView
from requests_app.api.views.basket import (
    BasketFilesView,
    BasketLinesView,
    BasketLineView,
    BasketOrderView,
    BasketRenewView,
    BasketView,
)
from requests_app.api.views.fulfilment import STEP_VIEWS as TASK_STEP_VIEWS
from requests_app.api.views.fulfilment import TasksView, TaskView
from requests_app.api.views.hooks import (
    HookDryRunView,
    HookHostsView,
    HookHostView,
    HookSecretView,
    HooksView,
    HookTestView,
    HookView,
)
from requests_app.api.views.orders import OrdersView, OrderView
from requests_app.api.views.requests import STEP_VIEWS, RequestsView, RequestView
from requests_app.services import task_steps
from requests_app.services.steps import comment, note
from sla.api.urls import clock_paths

urlpatterns = [
    path("automation/<str:token>/", CallBackView.as_view(), name="api_call_back"),
    path("basket/", BasketView.as_view(), name="api_basket"),
    path("basket/lines/", BasketLinesView.as_view(), name="api_basket_lines"),
    path("basket/lines/<uuid:line_id>/", BasketLineView.as_view(), name="api_basket_line"),
    path("basket/lines/<uuid:line_id>/renew/", BasketRenewView.as_view(), name="api_basket_renew"),
    path("basket/lines/<uuid:line_id>/files/", BasketFilesView.as_view(), name="api_basket_files"),
    path("basket/order/", BasketOrderView.as_view(), name="api_basket_order"),
    path("hooks/", HooksView.as_view(), name="api_hooks"),
    path("hooks/<slug:code>/", HookView.as_view(), name="api_hook"),
    path("hooks/<slug:code>/secret/", HookSecretView.as_view(), name="api_hook_secret"),
    path("hooks/<slug:code>/dry-run/", HookDryRunView.as_view(), name="api_hook_dry_run"),
    path("hooks/<slug:code>/test/", HookTestView.as_view(), name="api_hook_test"),
    path("hook-hosts/", HookHostsView.as_view(), name="api_hook_hosts"),
    path("hook-hosts/<str:host>/", HookHostView.as_view(), name="api_hook_host"),
    path("orders/", OrdersView.as_view(), name="api_orders"),
    path("orders/<str:number>/", OrderView.as_view(), name="api_order"),
    path("requests/", RequestsView.as_view(), name="api_requests"),
    path("requests/<str:number>/", RequestView.as_view(), name="api_request"),
    *(
        path(f"requests/<str:number>/{name}/", view.as_view(), name=f"api_request_{name}")
        for name, view in STEP_VIEWS.items()
    ),
    *clock_paths("request", "requests"),
    *journal_paths("request", "requests", comment=comment, note=note),
    path("tasks/", TasksView.as_view(), name="api_tasks"),
    path("tasks/<str:number>/", TaskView.as_view(), name="api_task"),
    *(
        path(f"tasks/<str:number>/{name}/", view.as_view(), name=f"api_task_{name}")
        for name, view in TASK_STEP_VIEWS.items()
    ),
    *clock_paths("task", "tasks"),
    *journal_paths("task", "tasks", comment=task_steps.comment, note=task_steps.note),
]
