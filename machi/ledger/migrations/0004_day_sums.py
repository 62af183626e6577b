"""At each seal the sums of the accounts that moved are kept (machi/ledger/sql/daysums.sql)."""
from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

SQL = Path(__file__).parent.parent / "sql"
UNDO = """
DROP TRIGGER ledger_daysum_append_only ON ledger_daysum;
DROP FUNCTION ledger_sum, ledger_sealed_until, ledger_moved;
DROP FUNCTION ledger_seal_until, ledger_broken_seals, ledger_digest;
""" + (SQL / "seal.sql").read_text() + (SQL / "rights.sql").read_text()


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0003_holding'),
    ]

    operations = [
        migrations.CreateModel(
            name='DaySum',
            fields=[
                ('pk', models.CompositePrimaryKey('account_id', 'until_at', blank=True, editable=False, primary_key=True, serialize=False)),
                ('until_at', models.DateTimeField(db_comment='technical')),
                ('sum_yen', models.BigIntegerField(db_comment='business')),
                ('account', models.ForeignKey(db_comment='business', db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='ledger.account')),
            ],
        ),
        migrations.RunSQL((SQL / "daysums.sql").read_text() + (SQL / "daysums_rights.sql").read_text(), UNDO),
    ]
