from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """The record kernel: header, numbering, audit, journal, attachments, links, assignment, search."""

    name = "records"

    def ready(self) -> None:
        from outbox.public import subscribe
        from records.services.attachments import scan_on_message
        from tenancy.public import Stream, register_stream

        register_stream(
            Stream(
                "steps",
                "records_auditentry",
                (
                    "id",
                    "record_id",
                    "version",
                    "at",
                    "verb",
                    "door",
                    "actor_kind",
                    "actor_id",
                    "actor_name",
                    "provider_id",
                    "facts",
                    "xid",
                ),
            )
        )
        subscribe("attachment-scan", frozenset({"attachment.added"}), scan_on_message)
