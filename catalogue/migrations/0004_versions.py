"""What a service is made of, and a component, have versions: a stale change is refused."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0003_register")]

    operations = [
        migrations.AddField(
            model_name="service",
            name="parts_version",
            field=models.PositiveIntegerField(
                default=0, help_text="how often it was said what it is made of"
            ),
        ),
        migrations.AddField(
            model_name="component",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
    ]
