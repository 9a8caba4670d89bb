"""Today's definitions, in the notation that a what-if reads."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from people.public import tenant_by_code
from sla.engine.notation import print_definitions
from sla.services.history import seconds
from sla.services.notation import todays_document
from tenancy.engine.scope import tenant_scope
from tenancy.models import Tenant


class Command(BaseCommand):
    help = (
        "Print a tenant's calendars, targets and priority matrices as they hold now, as YAML. Edited, they can be"
        " tried on real history: sla_replay --tenant T --definitions FILE."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tenant", required=True, help="code of the tenant")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            tenant = tenant_by_code(options["tenant"])
        except Tenant.DoesNotExist as error:
            raise CommandError(f"no tenant has the code {options['tenant']!r}") from error
        with tenant_scope(tenant.pk, actor="system:definitions"):
            self.stdout.write(print_definitions(todays_document(seconds(timezone.now()))), ending="")
