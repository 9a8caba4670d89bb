"""The demonstration: two tenants that must never see each other."""

import json
import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from itsm.services.demo_world import DEMOS
from itsm.services.reset_demo import reset_credentials
from itsm.services.seed_records import seed_records
from itsm.services.seed_self_service import seed_self_service
from itsm.services.seed_tenant import demo_password_hash, seed_tenant
from itsm.tasks import import_demo_history
from people.public import all_tenants, tenant_by_code

HISTORY_TENANT = "defra"
TOKEN_PATH = "/identity/o/api/token"  # noqa: S105  an address


class Command(BaseCommand):
    """Seeds what is not there yet, writes demo.json (mode 0600) and prints whom to log in as."""

    help = "Create the demonstration tenants, once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-records", action="store_true", help="people and services only")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.ITSM_HOME) / "demo.json"
        held: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
        tenants: dict[str, Any] = held.get("tenants", {})
        password = held.get("password") or f"demo-{secrets.token_urlsafe(9)}"
        encoded = "" if held.get("password") else demo_password_hash(password)
        present = {tenant.code for tenant in all_tenants()}
        now = timezone.now()
        for demo in DEMOS:
            if demo.code not in present:
                encoded = encoded or demo_password_hash(password)
                tenants[demo.code] = seed_tenant(demo, encoded_password=encoded, now=now)
                if not options["no_records"]:
                    tenant_id = tenant_by_code(demo.code).pk
                    seed_records(demo, tenant_id=tenant_id, people=tenants[demo.code]["people"], now=now)
                if settings.DEMO_HISTORY and demo.code == HISTORY_TENANT:
                    # In the background: the first log-in need not wait for two thousand old incidents.
                    import_demo_history.delay(demo.code)
            elif demo.code not in tenants:
                # The file was lost, and only hashes are kept: new credentials for the same people.
                encoded = encoded or demo_password_hash(password)
                tenants[demo.code] = reset_credentials(demo, encoded_password=encoded, at=now)
            seed_self_service(demo, at=now)
        self._write(path, password, tenants)
        self._tell(password, tenants)

    def _write(self, path: Path, password: str, tenants: dict[str, Any]) -> None:
        known = {
            code: {
                "people": {
                    key: each if isinstance(each, dict) else {"email": each, "password": password}
                    for key, each in tenant["people"].items()
                },
                "api_clients": tenant["api_clients"],
                "market_logins": tenant.get("market_logins", {}),
            }
            for code, tenant in tenants.items()
        }
        tenants.update(known)
        body = {
            "base_url": settings.BASE_URL,
            "token_url": settings.BASE_URL + TOKEN_PATH,
            "password": password,
            **known,
            "tenants": known,
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".new")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(body, file, indent=2)
        draft.replace(path)

    def _tell(self, password: str, tenants: dict[str, Any]) -> None:
        self.stdout.write(f"Log in with the password {password} as:")
        for code, tenant in tenants.items():
            for key, person in tenant["people"].items():
                self.stdout.write(f"  {code:8} {key:20} {person['email']}")
