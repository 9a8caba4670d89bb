"""Files may be referred to: what clients deleted is remembered beside them."""

from django.db import migrations

from tenancy.engine.operations import AllowReferences


class Migration(migrations.Migration):
    dependencies = [("records", "0005_approvers")]

    operations = [AllowReferences("attachment")]
