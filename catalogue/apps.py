from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """What is offered: services, their priority matrices, and the category tree."""

    name = "catalogue"
