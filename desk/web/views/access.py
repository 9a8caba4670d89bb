"""Letting agents in, and telling everyone else which role they would need."""

from doors.web.views import actor_of, page_for

desk_page = page_for("desk:use")

__all__ = ["actor_of", "desk_page"]
