from django.urls import path

from suppliers.api.views.agreements import (
    AgreementsView,
    AgreementView,
    LevelView,
    MappingView,
    PublishMappingView,
)
from suppliers.api.views.contracts import ContractsView, ContractView, TermsPreviewView, TermsView

urlpatterns = [
    path("contracts/", ContractsView.as_view(), name="api_contracts"),
    path("contracts/<str:code>/", ContractView.as_view(), name="api_contract"),
    path("contracts/<str:code>/terms/", TermsView.as_view(), name="api_contract_terms"),
    path(
        "contracts/<str:code>/terms/preview/", TermsPreviewView.as_view(), name="api_contract_terms_preview"
    ),
    path("suppliers/<slug:code>/agreements/", AgreementsView.as_view(), name="api_agreements"),
    path("suppliers/<slug:code>/agreements/<slug:process>/", AgreementView.as_view(), name="api_agreement"),
    path(
        "suppliers/<slug:code>/agreements/<slug:process>/publish/",
        PublishMappingView.as_view(),
        name="api_agreement_publish",
    ),
    path(
        "suppliers/<slug:code>/agreements/<slug:process>/level/",
        LevelView.as_view(),
        name="api_agreement_level",
    ),
    path(
        "suppliers/<slug:code>/agreements/<slug:process>/versions/<int:number>/",
        MappingView.as_view(),
        name="api_agreement_mapping",
    ),
]
