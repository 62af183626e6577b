"""Why a payout did not arrive stands at the payout, where it goes with whoever leaves, and no longer in a fact."""

from django.db import migrations, models

KNOWN = """
UPDATE payments_payout p SET reason = left(f.data->>'reason', 300) FROM activity_fact f
 WHERE f.name = 'payout.returned' AND f.about = 'payout:' || p.id AND f.data->>'reason' <> '' AND p.bank_account <> ''
"""                                 # of whoever left for good nothing is written down anew


class Migration(migrations.Migration):

    dependencies = [
        ('activity', '__first__'),
        ('payments', '0015_undone_payouts'),
    ]

    operations = [
        migrations.AddField(
            model_name='payout',
            name='reason',
            field=models.CharField(blank=True, db_comment='personal', db_default='', default='', max_length=300),
        ),
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
    ]
