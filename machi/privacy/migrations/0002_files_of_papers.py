import json

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

from machi.privacy import keys, sealing


def read_from_the_papers(apps, _schema):
    """Until now only the sealed text itself named the files."""
    for paper in apps.get_model("privacy", "Paper").objects.filter(kind="copy").select_related("key").iterator(chunk_size=20):
        try:
            opened = sealing.unseal(keys.read(paper.key.stored_as), paper.sealed, bound=f"{paper.holder_id} {paper.kind} {paper.about}")
        except keys.KeyGone:                            # nobody can open its files either
            continue
        paper.files = [file["sealed_as"] for delivery in json.loads(opened)["deliveries"] for file in delivery["files"]]
        paper.save(update_fields=["files"])


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_readings_of_whoever_left'),
        ('privacy', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='paper',
            name='files',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), db_comment='secret', default=list, size=None),
        ),
        migrations.RunPython(read_from_the_papers, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='paper',
            index=django.contrib.postgres.indexes.GinIndex(fields=['files'], name='paper_files'),
        ),
    ]
