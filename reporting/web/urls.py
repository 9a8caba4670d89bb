"""Addresses of reports, mounted at /reports/."""

from django.urls import path

from reporting.web.views import boards, issued, numbers, schedules, seats

app_name = "reporting"
urlpatterns = [
    path("", boards.index, name="index"),
    path("numbers/<str:code>/", numbers.number_page, name="number"),
    path("issued/", issued.issued_page, name="issued"),
    path("issued/new/", issued.issue_page, name="issue"),
    path("issued/<uuid:report_id>/report.pdf", issued.report_pdf, name="report_pdf"),
    path("issued/<uuid:report_id>/report.xlsx", issued.report_xlsx, name="report_xlsx"),
    path("check/", issued.check_page, name="check"),
    path("check/<str:check_code>/", issued.checked_page, name="checked"),
    path("schedules/", schedules.schedule_list, name="schedules"),
    path("schedules/new/", schedules.schedule_new, name="schedule_new"),
    path("schedules/<uuid:schedule_id>/", schedules.schedule_switch, name="schedule"),
    path("schedules/<uuid:schedule_id>/delete/", schedules.schedule_delete, name="schedule_delete"),
    path("seats/", seats.seats_page, name="seats"),
    path("seats/<str:month>/seats.csv", seats.seats_csv, name="seats_csv"),
    path("<slug:code>/table.xlsx", boards.board_xlsx, name="board_xlsx"),
    path("<slug:code>/table.csv", boards.board_csv, name="board_csv"),
    path("<slug:code>/", boards.board_page, name="board"),
]
