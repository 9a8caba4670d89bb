from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Suppliers' systems: what is sent to them, what comes from them, and the wire between."""

    name = "exchange"

    def ready(self) -> None:
        from exchange.services.gate import against_level
        from exchange.services.queue import EXCHANGED_KINDS, queue
        from exchange.services.wire import wire_facts
        from outbox.public import subscribe
        from records.public import add_facts
        from suppliers.public import guard_agreements

        guard_agreements(against_level)
        add_facts(wire_facts)
        subscribe("exchange", EXCHANGED_KINDS, queue)
