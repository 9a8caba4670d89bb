"""Services, categories and priority matrices are versioned definitions."""

from django.db import migrations

from tenancy.engine.definitions import version_definitions


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial"), ("tenancy", "0003_definitions")]

    operations = [
        version_definitions("catalogue_service", "catalogue_category", "catalogue_prioritymatrix"),
    ]
