"""Targets are versioned definitions."""

from django.db import migrations

from tenancy.engine.definitions import version_definitions


class Migration(migrations.Migration):
    dependencies = [("sla", "0001_initial"), ("tenancy", "0003_definitions")]

    operations = [version_definitions("sla_target", "sla_targetversion")]
