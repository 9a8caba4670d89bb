"""Celery: work that means "do it now", and the beat of the platform."""

import os

from celery import Celery
from celery.schedules import crontab
from celery.signals import before_task_publish, task_postrun, task_prerun

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "itsm.settings")

from tenancy.engine.carry import carry_tenant, enter_tenant, leave_tenant

app = Celery("itsm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "seal-audit": {"task": "tenancy.seal_audit", "schedule": 10.0},
    "close-resolved": {"task": "incidents.close_resolved", "schedule": 60.0},
    "close-fulfilled": {"task": "requests_app.close_fulfilled", "schedule": 60.0},
    "run-automation": {"task": "requests_app.run_due_automation", "schedule": 10.0},
    "look-at-due-approvals": {"task": "approvals.look_at_due", "schedule": 30.0},
    "mend-approvals": {"task": "approvals.mend", "schedule": 300.0},
    "count-forecasts": {"task": "sla.count_forecasts", "schedule": crontab(hour=2, minute=20)},
    "issue-reports": {"task": "reporting.issue_scheduled", "schedule": crontab(minute="*/15")},
    "watch-dog": {"task": "itsm.watch_loops", "schedule": 30.0},
    "forget-keys": {"task": "itsm.forget_keys", "schedule": 3600.0},
    "forget-unfinished": {"task": "requests_app.forget_unfinished", "schedule": 3600.0},
    "forget-drafts": {"task": "portal.forget_drafts", "schedule": 3600.0},
}
before_task_publish.connect(carry_tenant, weak=False)
task_prerun.connect(enter_tenant, weak=False)
task_postrun.connect(leave_tenant, weak=False)
