from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """What is offered: services, what they are made of, their priority matrices, and the category tree."""

    name = "catalogue"
