"""Replay: prove that what is stored is what the audit says."""

from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from people.public import all_tenants, tenant_by_code
from sla.services.replay import replay
from tenancy.engine.scope import tenant_scope
from tenancy.models import Tenant


class Command(BaseCommand):
    """Compares every clock and custody ledger with the audit; exits 1 when any differs."""

    help = "Recompute clocks and custody from the audit and report differences with what is stored."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tenant", help="code of one tenant; default: all, one by one")
        parser.add_argument("--from", dest="start", help="opened on or after this date (YYYY-MM-DD, UTC)")
        parser.add_argument("--to", dest="end", help="opened before this date (YYYY-MM-DD, UTC)")
        parser.add_argument("--check", action="store_true", help="compare with what is stored (the default)")

    def handle(self, *args: Any, **options: Any) -> None:
        tenants = [self._tenant(options["tenant"])] if options["tenant"] else all_tenants()
        start, end = self._date(options["start"]), self._date(options["end"])
        records = differences = 0
        for tenant in tenants:
            with tenant_scope(tenant.pk, actor="system:replay"):
                for count, found in replay(start=start, end=end):
                    records += count
                    differences += len(found)
                    for each in found[:50]:
                        self.stdout.write(
                            f"{tenant.code} {each.number} {each.what}: stored {each.stored}, computed {each.computed}"
                        )
        self.stdout.write(f"{records} records replayed, {differences} differences")
        if differences:
            raise CommandError("what is stored is not what the audit says")

    def _tenant(self, code: str) -> Tenant:
        try:
            return tenant_by_code(code)
        except Tenant.DoesNotExist as error:
            raise CommandError(f"no tenant has the code {code!r}") from error

    def _date(self, text: str | None) -> datetime | None:
        if text is None:
            return None
        try:
            return datetime.fromisoformat(text).replace(tzinfo=UTC)
        except ValueError as error:
            raise CommandError(f"{text!r} is not a date: use YYYY-MM-DD") from error
