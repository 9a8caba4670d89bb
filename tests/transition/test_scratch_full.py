import os, subprocess, sys, resource, time
from pathlib import Path
import pytest
from django.db import connection
from itsm.runner.provision import with_database
from tests.support.world import build_world

ROOT = Path(__file__).parents[2]


@pytest.mark.django_db(transaction=True)
def test_full(tmp_path):
    world = build_world()
    env = os.environ | {
        "ITSM_APP_DATABASE_URL": with_database(
            dsn=os.environ["ITSM_APP_DATABASE_URL"], database=connection.settings_dict["NAME"]
        )
    }
    pre = (
        [sys.executable]
        + (["-m", "cProfile", "-o", "/tmp/import.prof"] if os.environ.get("PROF") else [])
        + ["manage.py"]
    )

    def run(args, pre=pre):
        t = time.time()
        p = subprocess.run(
            ["/usr/bin/time", "-v", *pre, *args] if Path("/usr/bin/time").exists() else [*pre, *args],
            cwd=ROOT,
            env=env,
            capture_output=True,
            text=True,
        )
        print(
            args[0],
            p.returncode,
            round(time.time() - t, 1),
            "maxrss MB",
            resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
        )
        print(p.stdout[-3000:])
        print(p.stderr[-1500:])
        return p

    run(
        [
            "import_history",
            "--tenant",
            "defra",
            "--mapping",
            "transition/mappings/incident_event_log.yaml",
            "--name",
            "full",
            "/work/shared/data/incident_event_log.csv.gz",
        ]
    )
    if os.environ.get("PROF"):
        return
    return
    run(["sla_verdicts", "--tenant", "defra", "--import", "full", "--csv", "/tmp/verdicts.csv"], pre)
    run(["sla_replay", "--tenant", "defra"], pre)
    run(
        [
            "import_history",
            "--tenant",
            "defra",
            "--mapping",
            "transition/mappings/incident_event_log.yaml",
            "--name",
            "full",
            "/work/shared/data/incident_event_log.csv.gz",
        ],
        pre,
    )
