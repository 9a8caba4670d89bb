from django.urls import path

from suppliers.api.views.agreements import (
    AgreementsView,
    AgreementView,
    LevelView,
    MappingView,
    PublishMappingView,
)
from suppliers.api.views.contracts import ContractsView, ContractView, TermsPreviewView, TermsView
from suppliers.api.views.duties import (
    ChargesView,
    EndView,
    MetView,
    ObligationsView,
    RenewalView,
    SuppliersView,
)

urlpatterns = [
    path("contracts/", ContractsView.as_view(), name="api_contracts"),
    path("contracts/<str:code>/", ContractView.as_view(), name="api_contract"),
    path("contracts/<str:code>/terms/", TermsView.as_view(), name="api_contract_terms"),
    path(
        "contracts/<str:code>/terms/preview/", TermsPreviewView.as_view(), name="api_contract_terms_preview"
    ),
    path("contracts/<str:code>/charges/", ChargesView.as_view(), name="api_contract_charges"),
    path("contracts/<str:code>/obligations/", ObligationsView.as_view(), name="api_contract_obligations"),
    path("contracts/<str:code>/duties/<uuid:duty>/met/", MetView.as_view(), name="api_contract_met"),
    path("contracts/<str:code>/duties/<uuid:duty>/end/", EndView.as_view(), name="api_contract_end"),
    path("contracts/<str:code>/renewal/", RenewalView.as_view(), name="api_contract_renewal"),
    path("suppliers/", SuppliersView.as_view(), name="api_suppliers"),
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
