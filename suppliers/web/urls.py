"""Addresses of contracts, mounted at /admin/contracts/."""

from django.urls import path

from suppliers.web.views import contracts as views

app_name = "suppliers"
urlpatterns = [
    path("", views.contracts, name="contracts"),
    path("new/", views.new_contract, name="new_contract"),
    path("<slug:code>/", views.contract, name="contract"),
    path("<slug:code>/terms/", views.change_terms, name="change_terms"),
]
