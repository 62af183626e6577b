import json
from pathlib import Path

from django.db import migrations

ROWS = json.loads((Path(__file__).parent.parent / "data/categories.json").read_text())


def bring(apps, schema_editor):
    category = apps.get_model("taxonomy", "Category")
    for position, row in enumerate(ROWS):
        category.objects.update_or_create(code=row["code"], defaults={
            "position": position, "name_ja": row["ja"], "name_simple": row["simple"], "name_en": row["en"], "is_withheld": False})


class Migration(migrations.Migration):
    dependencies = [("taxonomy", "0001_initial")]
    operations = [migrations.RunPython(bring, migrations.RunPython.noop)]
