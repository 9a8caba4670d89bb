"""Addresses of the exchange, mounted at /admin/suppliers/."""

from django.urls import path

from exchange.web import views

app_name = "exchange"
urlpatterns = [
    path("<slug:provider>/exchange/", views.exchange, name="exchange"),
    path("<slug:provider>/exchange/address/", views.address, name="address"),
    path("<slug:provider>/exchange/secret/", views.secret, name="secret"),
    path("<slug:provider>/exchange/pause/", views.stop, name="pause"),
    path("<slug:provider>/exchange/resume/", views.go_on, name="resume"),
    path("<slug:provider>/exchange/messages/<uuid:key>/", views.again, name="again"),
]
