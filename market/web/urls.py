"""Pages about API clients, mounted at /admin/clients/, and where links of the market's tools lead."""

from django.urls import path, re_path

from market.web.views import clients, links

client_patterns = [
    path("", clients.client_list, name="clients"),
    path("on/", clients.switch_on, name="on"),
    path("off/", clients.switch_off, name="off"),
]
link_patterns = [
    re_path(r"^(?P<table>incident|sc_req_item|sc_task)\.do$", links.in_our_pages, name="record"),
]
