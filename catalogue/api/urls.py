from django.urls import path

from catalogue.api.views.definitions import (
    DefinitionVersionsView,
    DefinitionVersionView,
    DefinitionView,
)
from catalogue.api.views.offerings import (
    DesignsView,
    DesignView,
    OfferAgainView,
    OfferingSchemaView,
    OfferingsView,
    OfferingView,
    PlaceOfferingView,
    PublishOfferingView,
    WithdrawOfferingView,
)
from catalogue.api.views.portfolio import (
    PortfolioServiceView,
    PortfolioStepView,
    PortfolioView,
)
from catalogue.api.views.services import ServicesView, ServiceView

urlpatterns = [
    path("services/", ServicesView.as_view(), name="api_services"),
    path("services/<str:code>/", ServiceView.as_view(), name="api_service"),
    path("portfolio/", PortfolioView.as_view(), name="api_portfolio"),
    path("portfolio/<slug:code>/", PortfolioServiceView.as_view(), name="api_portfolio_service"),
    path("portfolio/<slug:code>/steps/", PortfolioStepView.as_view(), name="api_portfolio_step"),
    path("portfolio/<slug:code>/definition/", DefinitionView.as_view(), name="api_definition"),
    path(
        "portfolio/<slug:code>/definition/versions/",
        DefinitionVersionsView.as_view(),
        name="api_definition_versions",
    ),
    path(
        "portfolio/<slug:code>/definition/versions/<int:number>/",
        DefinitionVersionView.as_view(),
        name="api_definition_version",
    ),
    path("offerings/", OfferingsView.as_view(), name="api_offerings"),
    path("offerings/<slug:code>/", OfferingView.as_view(), name="api_offering"),
    path("offerings/<slug:code>/schema/", OfferingSchemaView.as_view(), name="api_offering_schema"),
    path("offerings/<slug:code>/design/", DesignView.as_view(), name="api_offering_design"),
    path("offerings/<slug:code>/place/", PlaceOfferingView.as_view(), name="api_offering_place"),
    path("offerings/<slug:code>/publish/", PublishOfferingView.as_view(), name="api_offering_publish"),
    path("offerings/<slug:code>/withdraw/", WithdrawOfferingView.as_view(), name="api_offering_withdraw"),
    path("offerings/<slug:code>/offer-again/", OfferAgainView.as_view(), name="api_offering_again"),
    path("designs/", DesignsView.as_view(), name="api_designs"),
]
