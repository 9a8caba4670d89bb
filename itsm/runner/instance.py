"""One running instance: servers, roles, migrations, web, demo data, background work, in that order."""

import http.client
import os
import signal
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from itsm.runner.certificate import own_certificate
from itsm.runner.child import Family
from itsm.runner.errors import RunnerError
from itsm.runner.home import Home, listening
from itsm.runner.postgres import Cluster
from itsm.runner.process_table import BACKGROUND, PREPARE, SEED, SIMULATOR, WEB, WEB_TLS, Process
from itsm.runner.provision import password_from_environment, provision, with_account
from itsm.runner.valkey import Valkey

PROJECT = Path(__file__).resolve().parents[2]
OWNER = "itsm_owner"
DATABASE = "itsm"
# The demonstration's tenant whose hooks call the simulator.
SIMULATED_TENANT = "defra"
_WATCH_SECONDS = 0.25


@dataclass(frozen=True)
class Options:
    """What the operator chose, from the environment."""

    home: Path
    host: str
    port: int
    web_processes: int
    database_url: str | None
    redis_url: str | None
    tls_port: int | None = None
    tls_certificate: Path | None = None
    tls_key: Path | None = None

    @classmethod
    def from_environment(cls, *, environment: Mapping[str, str]) -> "Options":
        """Read ITSM_HOME, ITSM_HOST, ITSM_PORT, ITSM_TLS_*, ITSM_WEB_PROCESSES, DATABASE_URL and REDIS_URL."""
        tls = {name: environment.get(f"ITSM_TLS_{name}") for name in ("PORT", "CERTIFICATE", "KEY")}
        return cls(
            home=Path(environment.get("ITSM_HOME") or PROJECT / ".local").resolve(),
            host=environment.get("ITSM_HOST") or "127.0.0.1",
            port=int(environment.get("ITSM_PORT") or 8000),
            web_processes=int(environment.get("ITSM_WEB_PROCESSES") or 2),
            database_url=environment.get("DATABASE_URL") or None,
            redis_url=(environment.get("REDIS_URL") or "").rstrip("/") or None,
            tls_port=int(tls["PORT"]) if tls["PORT"] else None,
            tls_certificate=Path(tls["CERTIFICATE"]) if tls["CERTIFICATE"] else None,
            tls_key=Path(tls["KEY"]) if tls["KEY"] else None,
        )


def run(*, options: Options) -> None:
    """Start everything, print the address and whom to log in as, and watch until asked to stop.

    A process of the application that ends by itself is started again. Raises RunnerError: StopRequestedError after
    Ctrl-C or a termination signal, ChildDiedError when a server ends by itself or a process soon after its start;
    everything is stopped by then.
    """
    began = time.monotonic()
    home = Home(folder=options.home)
    home.create()
    family = Family(log_folder=home.logs)
    with ExitStack() as stack:
        stack.enter_context(home.locked())
        listener = stack.enter_context(listening(host=options.host, port=options.port))
        secure = options.tls_port and stack.enter_context(listening(host=options.host, port=options.tls_port))
        _stop_on_signals(family=family)
        stack.callback(family.stop)
        reach = _start_servers(options=options, home=home, family=family)
        stack.enter_context(home.announced(environment=reach))
        environment = (
            os.environ
            | reach
            | {
                "ITSM_HOME": str(home.folder),
                "ITSM_PORT": str(options.port),
                "ITSM_DEBUG": os.environ.get("ITSM_DEBUG", "0"),
                "ITSM_EMBEDDED": "1",
                **_simulator(home),
                "PYTHONUNBUFFERED": "1",
            }
        )
        log_ins = _start_application(
            options=options,
            family=family,
            environment=environment,
            listener=listener.fileno(),
            secure=secure.fileno() if secure else None,
        )
        sys.stdout.write(
            f"\nUnity Desk is running at {reach['ITSM_BASE_URL']}  ({time.monotonic() - began:.1f} s)\n"
            f"{log_ins.strip()}\n\nLogs: {home.logs}   Stop: Ctrl-C\n"
        )
        sys.stdout.flush()
        while True:
            family.check()
            time.sleep(_WATCH_SECONDS)


def _start_servers(*, options: Options, home: Home, family: Family) -> dict[str, str]:
    secrets = home.secrets()
    if options.database_url:
        owner_url = options.database_url
        app_url = provision(admin_dsn=owner_url, app_password=password_from_environment())
    else:
        cluster = Cluster(
            folder=home.folder / "postgres",
            port=home.port_for(name="postgres"),
            password=secrets.postgres_password,
        )
        cluster.start(family=family)
        owner_url = with_account(
            dsn=cluster.admin_dsn, user=OWNER, password=secrets.owner_password, database=DATABASE
        )
        app_url = provision(
            admin_dsn=cluster.admin_dsn,
            owner=OWNER,
            owner_password=secrets.owner_password,
            database=DATABASE,
        )
    redis_url = options.redis_url
    if redis_url is None:
        valkey = Valkey(
            folder=home.folder / "valkey",
            port=home.port_for(name="valkey"),
            password=secrets.valkey_password,
        )
        valkey.start(family=family)
        redis_url = valkey.url
    return {
        "DATABASE_URL": owner_url,
        "ITSM_APP_DATABASE_URL": app_url,
        "REDIS_URL": redis_url,
        "ITSM_SECRET_KEY": os.environ.get("ITSM_SECRET_KEY") or secrets.secret_key,
        "ITSM_BASE_URL": os.environ.get("ITSM_BASE_URL") or f"http://localhost:{options.port}",
    }


def _start_application(
    *, options: Options, family: Family, environment: Mapping[str, str], listener: int, secure: int | None
) -> str:
    values = {"home": str(options.home), "listener": str(listener)}

    def start(process: Process, *, name: str, descriptors: tuple[int, ...] = (), **more: str) -> None:
        family.start(
            name=name,
            command=process.command(values=values | more),
            environment=environment,
            folder=PROJECT,
            grace_seconds=process.grace_seconds,
            descriptors=descriptors,
            is_replaced=True,
        )

    def complete(process: Process) -> str:
        return family.run(
            name=process.name,
            command=process.command(values=values),
            environment=environment,
            folder=PROJECT,
        )

    complete(PREPARE)
    for number in range(1, options.web_processes + 1):
        start(WEB, name=f"{WEB.name}-{number}", descriptors=(listener,))
    if secure is not None:
        certificate, key = _certificate(options)
        start(
            WEB_TLS,
            name=WEB_TLS.name,
            descriptors=(secure,),
            listener=str(secure),
            certificate=str(certificate),
            key=str(key),
        )
    family.wait_until(ready=lambda: _is_live(port=options.port), what="The site", seconds=120)
    # Before the background processes, whose start would take the processor from it for seconds.
    log_ins = complete(SEED)
    for process in (*BACKGROUND, SIMULATOR):
        start(process, name=process.name)
    return log_ins


def _certificate(options: Options) -> tuple[Path, Path]:
    if options.tls_certificate and options.tls_key:
        return options.tls_certificate, options.tls_key
    if options.tls_certificate or options.tls_key:
        raise RunnerError("ITSM_TLS_CERTIFICATE and ITSM_TLS_KEY go together: name both, or neither.")
    return own_certificate(folder=options.home)


def _simulator(home: Home) -> dict[str, str]:
    """Where the simulator listens: the one address of this machine that hooks may call, and of one tenant only."""
    address = f"127.0.0.1:{home.port_for(name='simulator')}"
    return {"ITSM_SIMULATOR": address, "ITSM_AUTOMATION_LOCAL": f"{SIMULATED_TENANT}/{address}"}


def _is_live(*, port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/livez", headers={"Host": "localhost"})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _stop_on_signals(*, family: Family) -> None:
    def request_stop(_signal: int, _frame: object) -> None:
        family.stop_requested = True

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, request_stop)
