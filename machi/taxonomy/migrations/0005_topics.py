from django.db import migrations

from machi.taxonomy import lists
from machi.taxonomy.marks import marks_of


def bring(apps, schema_editor):
    """As actions.load_lists does, with the tables of this moment; topics that people brought before can be found from now on."""
    topic = apps.get_model("taxonomy", "Topic")
    for one in topic.objects.order_by("pk"):
        one.marks = marks_of([one.name], [])
        one.save(update_fields=["marks"])
    for row in lists.topics():
        topic.objects.update_or_create(folded=row["folded"], defaults=row | {"origin": "town"})


class Migration(migrations.Migration):
    dependencies = [("taxonomy", "0004_lists")]
    operations = [migrations.RunPython(bring, migrations.RunPython.noop)]
