"""The door of `requests_app` for other apps."""

from requests_app.lifecycle import REQUEST, TASK

__all__ = ["REQUEST", "TASK"]
