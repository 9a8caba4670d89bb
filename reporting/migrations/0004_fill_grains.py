from django.db import migrations

# The totals of facts that are there already; the owner of the tables sees every tenant's.
_FILL = """
INSERT INTO reporting_grain (id, tenant_id, measure, period, service, organisation, support_group, provider_id,
  priority, target, amount, ruled)
SELECT uuidv7(), tenant_id, measure, period, service, organisation, support_group, provider_id, priority, target,
  sum(amount), sum(ruled)
FROM reporting_fact GROUP BY 2, 3, 4, 5, 6, 7, 8, 9, 10
"""


class Migration(migrations.Migration):
    dependencies = [("reporting", "0003_grains")]

    operations = [migrations.RunSQL(_FILL, migrations.RunSQL.noop)]
