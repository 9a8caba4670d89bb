"""The command line: `python -m itsm.runner [run|provision]`."""

import argparse
import os
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

from itsm.runner.errors import RunnerError, StopRequestedError
from itsm.runner.identity import stop_with_parent
from itsm.runner.instance import Options, run
from itsm.runner.provision import password_from_environment, provision


def main() -> int:
    """Run one instance until stopped, or prepare the roles of an outside database; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m itsm.runner", description=__doc__)
    commands = parser.add_subparsers(dest="command")
    running = commands.add_parser("run", help="run the whole system here (the default)")
    running.add_argument("--stop-with-parent", action="store_true", help="stop when the caller is killed")
    commands.add_parser(
        "provision",
        help="create the roles and rights of DATABASE_URL; ITSM_ADMIN_DATABASE_URL creates the owner too",
    )
    arguments = parser.parse_args()
    try:
        if arguments.command == "provision":
            return _provision()
        if arguments.command == "run" and arguments.stop_with_parent:
            stop_with_parent()
        run(options=Options.from_environment(environment=os.environ))
    except StopRequestedError:
        sys.stdout.write("\nStopped.\n")
    except RunnerError as error:
        sys.stderr.write(f"\n{error}\n")
        return 1
    return 0


def _provision() -> int:
    owner_url = _setting("DATABASE_URL")
    if not owner_url:
        sys.stderr.write("Set DATABASE_URL to the URL of the database's owner.\n")
        return 1
    app_password = password_from_environment()
    if admin_url := _setting("ITSM_ADMIN_DATABASE_URL"):
        owner = urlsplit(owner_url)
        provision(
            admin_dsn=admin_url,
            owner=unquote(owner.username or ""),
            owner_password=unquote(owner.password or ""),
            database=owner.path.lstrip("/"),
            app_password=app_password,
        )
    else:
        provision(admin_dsn=owner_url, app_password=app_password)
    sys.stdout.write("The roles are ready.\n")
    return 0


def _setting(name: str) -> str | None:
    """Return a setting from the environment, or from the file its _FILE twin names."""
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    return os.environ.get(name) or None


if __name__ == "__main__":
    sys.exit(main())
