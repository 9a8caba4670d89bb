"""A step keeps what was accepted with it, and why."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0006_services"),
    ]

    operations = [
        migrations.AddField(
            model_name="servicestep",
            name="accepted",
            field=models.TextField(
                blank=True,
                db_default="",
                default="",
                help_text="what spoke against it, in words, and was accepted",
            ),
        ),
        migrations.AddField(
            model_name="servicestep",
            name="accepted_because",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
    ]
