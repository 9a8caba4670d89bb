from django.apps import AppConfig


class DesignConfig(AppConfig):
    """The look and the form renderer of both shells. No tables, no rules of any process."""

    name = "design"
    verbose_name = "Design"
