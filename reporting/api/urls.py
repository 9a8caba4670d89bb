from django.urls import path

from reporting.api.views.figures import BoardsView, EvidenceView, FiguresView
from reporting.api.views.reports import ReportPdfView, ReportsView, ReportView, ReportXlsxView

urlpatterns = [
    path("figures/", BoardsView.as_view(), name="api_figures"),
    path("figures/<slug:board>/", FiguresView.as_view(), name="api_figures_board"),
    path("figures/evidence/<str:column>/", EvidenceView.as_view(), name="api_figures_evidence"),
    path("reports/", ReportsView.as_view(), name="api_reports"),
    path("reports/<uuid:report_id>/", ReportView.as_view(), name="api_report"),
    path("reports/<uuid:report_id>/pdf/", ReportPdfView.as_view(), name="api_report_pdf"),
    path("reports/<uuid:report_id>/xlsx/", ReportXlsxView.as_view(), name="api_report_xlsx"),
]
