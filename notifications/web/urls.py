"""Addresses of the mailbox, mounted at /desk/mail/."""

from django.urls import path

from notifications.web import views

app_name = "notifications"
urlpatterns = [
    path("", views.mailbox_page, name="mailbox"),
    path("<uuid:mail_id>/", views.mail_page, name="mail"),
    path("<uuid:mail_id>/html/", views.mail_document, name="mail_document"),
]
