#!/usr/bin/env python
"""Administrative commands, spoken to the instance that is running (see README)."""

import os
import sys

# These change or compare the schema, which belongs to another database role than the application's.
OWNER_COMMANDS = {"migrate", "makemigrations", "showmigrations", "sqlmigrate", "prepare", "dbshell"}


def main() -> None:
    """Run one command, as the schema's owner where the command is about the schema."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "itsm.settings")
    if len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS:
        os.environ.setdefault("ITSM_DB_ROLE", "owner")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
