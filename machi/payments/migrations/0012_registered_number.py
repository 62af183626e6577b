"""The number of whoever earned something stands with what they earned: for what was earned before, as far as it is known today."""
from django.db import migrations, models

FILL = """
UPDATE payments_earning e SET registered_number = s.number FROM taxes_taxstanding s
 WHERE s.user_id = e.worker_id AND s.number <> '' AND s.valid_from <= (e.earned_at AT TIME ZONE 'Asia/Tokyo')::date
"""


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0011_payouts_that_came_back'),
        ('taxes', '0001_tax_standing'),
    ]

    operations = [
        migrations.AddField(
            model_name='earning',
            name='registered_number',
            field=models.CharField(blank=True, db_comment='personal', db_default='', default='', max_length=14),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
