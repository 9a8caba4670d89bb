"""Log-ins for the load: sessions written by the product's own session store, tokens and samples. Prints JSON."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import psycopg2
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore

import bench.ready  # noqa: F401  it must come first
from bench.words import search_words
from people.models import Person


def sessions(emails: dict[str, str], tenant_id: int) -> dict[str, str]:
    """A session key for each person by e-mail, logged in to the tenant."""
    made = {}
    for name, email in emails.items():
        person = Person.objects.get(email=email)
        store = SessionStore()
        store["_auth_user_id"] = str(person.pk)
        store["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
        store["_auth_user_hash"] = person.get_session_auth_hash()
        store["tenant_id"] = tenant_id
        store.create()
        made[name] = str(store.session_key)
    return made


def samples(admin_url: str, tenant_id: int) -> dict[str, Any]:
    """Numbers to read, live incidents to work on, and descriptions to report with, of one tenant.

    Those worked on least come first: each run adds steps, and the same few would soon have more than incidents have.
    """
    connection = psycopg2.connect(admin_url)
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT number FROM records_record WHERE tenant_id = %s ORDER BY md5(id::text) LIMIT 2000",
                [tenant_id],
            )
            numbers = [row[0] for row in cursor.fetchall()]
            cursor.execute(
                "SELECT number, state = 'pending_requester' FROM records_record WHERE tenant_id = %s"
                " AND state IN ('in_progress', 'pending_requester') ORDER BY version, md5(id::text) LIMIT 3200",
                [tenant_id],
            )
            workable = [list(row) for row in cursor.fetchall()]
            cursor.execute(
                "SELECT description FROM records_record WHERE tenant_id = %s ORDER BY md5(id::text) LIMIT 100",
                [tenant_id],
            )
            descriptions = [row[0] for row in cursor.fetchall()]
    finally:
        connection.close()
    return {"numbers": numbers, "workable": workable, "descriptions": descriptions}


def main() -> None:
    """Read the description of a loaded database, print what the load needs of it."""
    described = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    who = {"agent": described["agent"], "requester": described["requesters"][0]}
    who["manager"] = described["manager"]
    found = {
        "sessions": sessions(who, described["tenant_id"]),
        "words": search_words(),
        **samples(os.environ["ITSM_BENCH_ADMIN_URL"], described["tenant_id"]),
    }
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
