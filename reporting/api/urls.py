from django.urls import path

from reporting.api.views import BoardsView, EvidenceView, FiguresView

urlpatterns = [
    path("figures/", BoardsView.as_view(), name="api_figures"),
    path("figures/<slug:board>/", FiguresView.as_view(), name="api_figures_board"),
    path("figures/evidence/<str:column>/", EvidenceView.as_view(), name="api_figures_evidence"),
]
