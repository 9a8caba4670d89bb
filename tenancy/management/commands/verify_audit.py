"""Finds out whether anyone rewrote history."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenancy.engine.scope import platform_scope
from tenancy.models import Seal, Tenant
from tenancy.services.seal import verify


class Command(BaseCommand):
    """Recomputes every seal and names each audit row that is not as it was sealed; exits 1 when there is any."""

    help = "Verify the sealed audit of one or all tenants."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--tenant CODE` narrows to one."""
        parser.add_argument("--tenant", help="code of one tenant; default: all")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print faults, then the count of seals verified."""
        tenants = Tenant.objects.order_by("id")
        if options["tenant"]:
            tenants = tenants.filter(code=options["tenant"])
            if not tenants.exists():
                raise CommandError(f"no tenant has the code {options['tenant']!r}")
        faults = seals = 0
        with platform_scope("worker", actor="system:verify"):
            for tenant in tenants:
                seals += Seal.objects.filter(tenant_id=tenant.pk).count()
                for fault in verify(tenant_id=tenant.pk):
                    faults += 1
                    self.stdout.write(
                        f"{tenant.code}: {fault.stream} seal {fault.sequence}: row {fault.row or '-'}: {fault.reason}"
                    )
        self.stdout.write(f"{seals} seals verified, {faults} faults")
        if faults:
            raise CommandError("the audit is not as it was sealed")
