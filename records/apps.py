from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """The record kernel: header, numbering, audit, journal, attachments, links, assignment, search."""

    name = "records"

    def ready(self) -> None:
        from outbox.public import subscribe
        from records.services.attachments import scan_on_message

        subscribe("attachment-scan", frozenset({"attachment.added"}), scan_on_message)
