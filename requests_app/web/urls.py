"""Addresses of hooks, mounted at /admin/hooks/."""

from django.urls import path

from requests_app.web.views import hooks

app_name = "hooks"
urlpatterns = [
    path("", hooks.hook_list, name="list"),
    path("new/", hooks.hook_new, name="new"),
    path("hosts/allow/", hooks.host_allow, name="allow"),
    path("hosts/forbid/", hooks.host_forbid, name="forbid"),
    path("<slug:code>/", hooks.hook_page, name="hook"),
    path("<slug:code>/edit/", hooks.hook_edit, name="edit"),
    path("<slug:code>/secret/", hooks.hook_secret, name="secret"),
    path("<slug:code>/test/", hooks.hook_test, name="test"),
]
