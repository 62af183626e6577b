from django.db import migrations

from machi.taxonomy import lists


def bring(apps, schema_editor):
    """As actions.load_lists does, with the tables of this moment."""
    for name, rows in (("Category", [row | {"is_withheld": False} for row in lists.categories()]), ("Skill", lists.skills())):
        model = apps.get_model("taxonomy", name)
        columns = [column.removesuffix("_id") for column in rows[0] if column != "code"]
        model.objects.bulk_create([model(**row) for row in rows], update_conflicts=True, unique_fields=["code"], update_fields=columns)


class Migration(migrations.Migration):
    dependencies = [("taxonomy", "0003_findable")]
    operations = [migrations.RunPython(bring, migrations.RunPython.noop)]
