from django.db import migrations, models


class Migration(migrations.Migration):
    """What is withheld from which work stands in machi/taxes/data/taxes.json."""

    dependencies = [("taxonomy", "0006_skills_are_not_counted")]
    operations = [
        migrations.AlterField("category", "is_withheld", models.BooleanField(default=False, db_comment="public")),
        migrations.RemoveField("category", "is_withheld"),
    ]
