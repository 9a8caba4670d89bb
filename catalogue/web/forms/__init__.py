"""Forms of the catalogue: those of offerings, as users fill them in, and those of the people who keep it."""

from catalogue.web.forms.answers import AnswersForm

__all__ = ["AnswersForm"]
