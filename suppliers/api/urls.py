from django.urls import path

from suppliers.api.views.contracts import ContractsView, ContractView, TermsPreviewView, TermsView

urlpatterns = [
    path("contracts/", ContractsView.as_view(), name="api_contracts"),
    path("contracts/<str:code>/", ContractView.as_view(), name="api_contract"),
    path("contracts/<str:code>/terms/", TermsView.as_view(), name="api_contract_terms"),
    path(
        "contracts/<str:code>/terms/preview/", TermsPreviewView.as_view(), name="api_contract_terms_preview"
    ),
]
