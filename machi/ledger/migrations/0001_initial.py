"""The tables of the books, ordered by hand: the columns of a composite key must stand in the table from its birth,
but the autodetector would add the foreign keys only afterwards. When the models change, write the next migration.
"""
import django.contrib.postgres.indexes
import django.db.models.deletion
import machi.ledger.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Account',
            fields=[
                ('number', models.BigIntegerField(db_comment='business', primary_key=True, serialize=False)),
                ('opened_at', models.DateTimeField(db_comment='technical', db_default=machi.ledger.models.ClockTimestamp())),
            ],
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.TextField(db_comment='business')),
                ('actor', models.TextField(db_comment='business')),
                ('reference', models.TextField(db_comment='business')),
                ('happened_at', models.DateTimeField(db_comment='business', db_default=machi.ledger.models.ClockTimestamp())),
            ],
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('until_at', models.DateTimeField(db_comment='technical', primary_key=True, serialize=False)),
                ('entry_count', models.BigIntegerField(db_comment='technical')),
                ('digest', models.BinaryField(db_comment='technical')),
            ],
        ),
        migrations.CreateModel(
            name='Transfer',
            fields=[
                ('pk', models.CompositePrimaryKey('entry_id', 'line', blank=True, editable=False, primary_key=True, serialize=False)),
                ('entry', models.ForeignKey(db_comment='technical', db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, to='ledger.entry')),
                ('line', models.SmallIntegerField(db_comment='technical')),
                ('debit', models.ForeignKey(db_comment='business', db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='debits', to='ledger.account')),
                ('credit', models.ForeignKey(db_comment='business', db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='credits', to='ledger.account')),
                ('amount_yen', models.BigIntegerField(db_comment='business')),
            ],
        ),
        migrations.CreateModel(
            name='Balance',
            fields=[
                ('account', models.OneToOneField(db_comment='business', db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, serialize=False, to='ledger.account')),
                ('balance_yen', models.BigIntegerField(db_comment='business')),
                ('floor_yen', models.BigIntegerField(db_comment='business', db_default=0)),
            ],
        ),
        migrations.AddConstraint(
            model_name='account',
            constraint=models.CheckConstraint(condition=models.Q(('number__gte', 0), models.Q(models.Q(('number__gte', 11000000000000), ('number__lt', 18000000000000)), models.Q(('number__gte', 50000000000000), ('number__lt', 58000000000000)), _connector='OR')), name='ledger_account_kind'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=django.contrib.postgres.indexes.BrinIndex(fields=['happened_at'], name='ledger_entry_day'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.UniqueConstraint(fields=('key',), name='ledger_entry_key'),
        ),
        migrations.AddConstraint(
            model_name='balance',
            constraint=models.CheckConstraint(condition=models.Q(('balance_yen__gte', models.F('floor_yen'))), name='ledger_balance_floor'),
        ),
        migrations.AddIndex(
            model_name='transfer',
            index=models.Index(fields=['debit', 'entry'], name='ledger_transfer_debit'),
        ),
        migrations.AddIndex(
            model_name='transfer',
            index=models.Index(fields=['credit', 'entry'], name='ledger_transfer_credit'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.CheckConstraint(condition=models.Q(('amount_yen__gt', 0), models.Q(('debit', models.F('credit')), _negated=True)), name='ledger_transfer_amount'),
        ),
    ]
