"""Somebody may ask for their money before its pay date."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0013_holds'),
    ]

    operations = [
        migrations.AddField(
            model_name='payout',
            name='is_early',
            field=models.BooleanField(db_comment='technical', db_default=False, default=False),
        ),
    ]
