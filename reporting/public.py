"""The door of `reporting` for other apps."""

from reporting.queries.schedules import Mailing, mailing_of
from reporting.services.schedules import ISSUED

__all__ = ["ISSUED", "Mailing", "mailing_of"]
