"""How Django finds the templates of forms."""

from django.forms.renderers import DjangoTemplates
from django.template import loader

from design.forms.bound import GovukBoundField


class GovukRenderer(DjangoTemplates):
    """Draws every form of the project with the templates in templates/govuk/.

    Bare controls still come from Django's own widget templates: they escape, and they read the
    attributes that GovukBoundField gives them.
    """

    form_template_name = "govuk/form.html"
    field_template_name = "govuk/field.html"
    bound_field_class = GovukBoundField

    def get_template(self, template_name: str) -> object:
        """Ours are found by the project's engine, Django's by its built-in one."""
        if template_name.startswith("govuk/"):
            return loader.get_template(template_name)
        return super().get_template(template_name)
