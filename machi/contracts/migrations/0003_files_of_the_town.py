"""A delivered file becomes a file of the town: its columns move to the room `files`, both ways without a loss."""
import django.db.models.deletion
from django.db import migrations, models

COLUMNS = {"name": models.CharField(db_comment="private", max_length=120), "stored_as": models.CharField(db_comment="technical", max_length=80),
           "kind": models.CharField(db_comment="technical", max_length=20), "size": models.PositiveBigIntegerField(db_comment="technical"),
           "sha256": models.CharField(db_comment="technical", max_length=64)}
SETTLED = migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL IMMEDIATE")      # else the table cannot be changed yet


def move_down(apps, schema_editor):
    file_of_the_town = apps.get_model("files", "File")
    for file in apps.get_model("contracts", "DeliveryFile").objects.select_related("delivery__milestone__contract").order_by("pk"):
        file.file = file_of_the_town.objects.create(
            owner_id=file.delivery.milestone.contract.worker_id, kept_at=file.delivery.delivered_at,
            **{name: getattr(file, name) for name in COLUMNS})
        file.save(update_fields=["file"])


def move_up(apps, schema_editor):
    for file in apps.get_model("contracts", "DeliveryFile").objects.select_related("file").order_by("pk"):
        for name in COLUMNS:
            setattr(file, name, getattr(file.file, name))
        file.save(update_fields=[*COLUMNS])


def empty(field):
    field = field.clone()
    field.null = True
    return field


def pointing(null):
    return models.OneToOneField(db_comment="technical", null=null, on_delete=django.db.models.deletion.PROTECT, related_name="delivery_file",
                                to="files.file")


class Migration(migrations.Migration):
    dependencies = [("files", "0001_initial"), ("contracts", "0002_initial")]
    operations = [
        migrations.AddField("deliveryfile", "file", pointing(null=True)),
        *(migrations.AlterField("deliveryfile", name, empty(field)) for name, field in COLUMNS.items()),
        SETTLED,
        migrations.RunPython(move_down, move_up),
        SETTLED,
        migrations.AlterField("deliveryfile", "file", pointing(null=False)),
        *(migrations.RemoveField("deliveryfile", name) for name in COLUMNS),
    ]
