from django.urls import path

from approvals.api.views import (
    STEP_VIEWS,
    ApprovalsView,
    ApprovalView,
    DelegationEndView,
    DelegationsView,
)

urlpatterns = [
    path("approvals/", ApprovalsView.as_view(), name="api_approvals"),
    path("approvals/<uuid:approval_id>/", ApprovalView.as_view(), name="api_approval"),
    *(
        path(f"approvals/<uuid:approval_id>/{name}/", view.as_view(), name=f"api_approval_{name}")
        for name, view in STEP_VIEWS.items()
    ),
    path("delegations/", DelegationsView.as_view(), name="api_delegations"),
    path("delegations/<uuid:delegation_id>/end/", DelegationEndView.as_view(), name="api_delegation_end"),
]
