"""Addresses of reports, mounted at /reports/."""

from django.urls import path

from reporting.web.views import boards, numbers

app_name = "reporting"
urlpatterns = [
    path("", boards.index, name="index"),
    path("numbers/<str:code>/", numbers.number_page, name="number"),
    path("<slug:code>/table.xlsx", boards.board_xlsx, name="board_xlsx"),
    path("<slug:code>/table.csv", boards.board_csv, name="board_csv"),
    path("<slug:code>/", boards.board_page, name="board"),
]
