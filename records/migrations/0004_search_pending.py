"""A short list of words not yet sorted into the index.

Every search reads the list, and whoever makes it overflow sorts it: at PostgreSQL's default of 4 MB, some four thousand
new records, a search took twice as long and one unlucky create a second. Now it is 256 kB, some 30 ms.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("records", "0003_search_by_number")]
    operations = [
        migrations.RunSQL(
            "ALTER INDEX search_words SET (gin_pending_list_limit = 256)",
            "ALTER INDEX search_words RESET (gin_pending_list_limit)",
        )
    ]
