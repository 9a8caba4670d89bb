"""Addresses of the portal."""

from django.urls import path

from portal.web.views import about, answers, approvals, basket, home, records, report, request, steps

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("search/", home.search, name="search"),
    path("search/suggestions/", home.suggestions, name="suggestions"),
    path("report/", report.step, {"step": "what"}, name="report_what"),
    path("report/who/", report.step, {"step": "who"}, name="report_who"),
    path("report/service/", report.step, {"step": "service"}, name="report_service"),
    path("report/details/", report.step, {"step": "details"}, name="report_details"),
    path("report/check/", report.check, name="report_check"),
    path("report/done/<str:number>/", report.done, name="report_done"),
    path("request/", request.catalogue, name="catalogue"),
    path("request/<slug:code>/", request.offer, name="offer"),
    path("request/<slug:code>/start/", request.start, name="offer_start"),
    path("basket/", basket.basket, name="basket"),
    path("basket/check/", basket.check, name="basket_check"),
    path("basket/done/<str:number>/", basket.done, name="basket_done"),
    path("basket/<uuid:line_id>/", answers.next_page, name="answer_next"),
    path("basket/<uuid:line_id>/<slug:page>/", answers.answer, name="answer"),
    path("approvals/", approvals.approval_list, name="approvals"),
    path("approvals/<uuid:approval_id>/", approvals.approval, name="approval"),
    path("approvals/<uuid:approval_id>/ask/", approvals.approval_ask, name="approval_ask"),
    path("approvals/<uuid:approval_id>/hand-on/", approvals.approval_hand_on, name="approval_hand_on"),
    path("account/delegations/", approvals.delegations, name="delegations"),
    path("account/delegations/<uuid:delegation_id>/end/", approvals.delegation_end, name="delegation_end"),
    path("records/", records.record_list, name="record_list"),
    path("records/<str:number>/", records.record_detail, name="record"),
    path("records/<str:number>/again/", request.again, name="record_again"),
    path("records/<str:number>/reply/", steps.record_reply, name="record_reply"),
    path("records/<str:number>/confirm/", steps.record_confirm, name="record_confirm"),
    path("records/<str:number>/reopen/", steps.record_reopen, name="record_reopen"),
    path("records/<str:number>/cancel/", steps.record_cancel, name="record_cancel"),
    path("records/<str:number>/files/", steps.record_files, name="record_files"),
    path("records/<str:number>/files/<uuid:file_id>/", records.record_file, name="record_file"),
    path("records/<str:number>/watchers/", steps.record_watchers, name="record_watchers"),
    path("account/preferences/", about.preferences, name="preferences"),
    path("accessibility/", about.accessibility, name="accessibility"),
    path("privacy/", about.privacy, name="privacy"),
    path("contact/", about.contact, name="contact"),
]
