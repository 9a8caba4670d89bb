"""Rebuild the figures from the audit, or prove that they need no rebuilding."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from people.public import all_tenants, tenant_by_code
from reporting.services.rebuild import check, rebuild
from tenancy.engine.scope import tenant_scope
from tenancy.models import Tenant


class Command(BaseCommand):
    """Writes differences only; with --check nothing, and exits 1 when any figure is wrong."""

    help = "Make every figure of the dashboards what the audit says."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tenant", help="code of one tenant; default: all, one by one")
        parser.add_argument("--check", action="store_true", help="write nothing, only count what is wrong")

    def handle(self, *args: Any, **options: Any) -> None:
        tenants = [self._tenant(options["tenant"])] if options["tenant"] else all_tenants()
        run = check if options["check"] else rebuild
        records = wrong = 0
        for tenant in tenants:
            with tenant_scope(tenant.pk, actor="system:figures"):
                for page in run(now=timezone.now()):
                    records += page.records
                    wrong += page.wrong
        self.stdout.write(
            f"{records} records, {wrong} figures {'wrong' if options['check'] else 'corrected'}"
        )
        if options["check"] and wrong:
            raise CommandError("the figures are not what the audit says")

    def _tenant(self, code: str) -> Tenant:
        try:
            return tenant_by_code(code)
        except Tenant.DoesNotExist as error:
            raise CommandError(f"no tenant has the code {code!r}") from error
