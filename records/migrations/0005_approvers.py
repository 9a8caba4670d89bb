"""Who is asked to approve a record sees it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_managers"),
        ("records", "0004_search_pending"),
        ("tenancy", "0004_tenant_created_at"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="recordperson",
            name="record_person_reason",
        ),
        migrations.AlterField(
            model_name="recordperson",
            name="reason",
            field=models.CharField(
                choices=[
                    ("requester", "Requester"),
                    ("affected", "Affected"),
                    ("watcher", "Watcher"),
                    ("approver", "Approver"),
                ],
                max_length=9,
            ),
        ),
        migrations.AddConstraint(
            model_name="recordperson",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason__in", ["requester", "affected", "watcher", "approver"])),
                name="record_person_reason",
            ),
        ),
    ]
