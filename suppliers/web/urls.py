"""Addresses of contracts, mounted at /admin/contracts/, and of suppliers, mounted at /admin/suppliers/."""

from django.urls import path

from suppliers.web.views import agreements, duties, providers
from suppliers.web.views import contracts as views

app_name = "suppliers"
urlpatterns = [
    path("", views.contracts, name="contracts"),
    path("new/", views.new_contract, name="new_contract"),
    path("<slug:code>/", views.contract, name="contract"),
    path("<slug:code>/terms/", views.change_terms, name="change_terms"),
    path("<slug:code>/renewal/", duties.renewal, name="renewal"),
    path("<slug:code>/charges/new/", duties.new_charge, name="new_charge"),
    path("<slug:code>/obligations/new/", duties.new_obligation, name="new_obligation"),
    path("<slug:code>/duties/<uuid:duty>/met/", duties.met, name="met"),
    path("<slug:code>/duties/<uuid:duty>/end/", duties.end, name="end"),
]
agreement_patterns = [
    path("", providers.provider_list, name="providers"),
    path("<slug:provider>/", providers.provider_page, name="provider"),
    path("<slug:provider>/agreements/", agreements.agreements, name="agreements"),
    path("<slug:provider>/agreements/<slug:process>/", agreements.agreement, name="agreement"),
    path("<slug:provider>/agreements/<slug:process>/words/", agreements.words, name="words"),
    path("<slug:provider>/agreements/<slug:process>/publish/", agreements.publish, name="publish"),
    path("<slug:provider>/agreements/<slug:process>/level/", agreements.level, name="level"),
    path("<slug:provider>/agreements/<slug:process>/<slug:part>/", agreements.rows, name="rows"),
]
