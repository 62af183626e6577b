import django.db.models.deletion
import machi.shared.labels
from django.conf import settings
from django.db import migrations, models

# What was taken back before this table was there.
FROM_BEFORE = """
    INSERT INTO payments_taken (chargeback_id, reference, held_in, amount_yen, state, until_at, gone_yen)
    SELECT b.id, f.reference, t.credit_id, b.borne_yen, CASE b.state WHEN 'won' THEN 'back' WHEN 'lost' THEN 'lost' ELSE 'resting' END,
           CASE b.state WHEN 'lost' THEN now() + interval '7 days' END, 0
      FROM cards_chargeback b JOIN payments_funding f ON f.bank_key = 'card:' || b.intent_id
      JOIN ledger_entry e ON e.key = 'fund:' || replace(f.reference, 'milestone:', '') JOIN ledger_transfer t ON t.entry_id = e.id
     WHERE b.borne_yen > 0"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_former_addresses'),
        ('cards', '0002_chargebacks'),
        ('ledger', '0005_expense_and_own'),
        ('payments', '0019_adjustments'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Taken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(db_comment='technical', max_length=60)),
                ('held_in', models.BigIntegerField(db_comment='technical')),
                ('amount_yen', models.PositiveBigIntegerField(db_comment='business')),
                ('state', models.CharField(choices=[('resting', 'taken.state.resting'), ('back', 'taken.state.back'), ('lost', 'taken.state.lost'), ('filled', 'taken.state.filled'), ('covered', 'taken.state.covered'), ('gone', 'taken.state.gone')], db_comment='technical', default='resting', max_length=7)),
                ('until_at', models.DateTimeField(db_comment='business', null=True)),
                ('gone_yen', models.PositiveBigIntegerField(db_comment='business', default=0)),
            ],
            bases=(machi.shared.labels.Labelled, models.Model),
        ),
        migrations.RemoveConstraint(
            model_name='adjustment',
            name='adjustment_of_whom',
        ),
        migrations.AlterField(
            model_name='adjustment',
            name='what',
            field=models.CharField(choices=[('to_worker', 'adjust.what.to_worker'), ('to_client', 'adjust.what.to_client'), ('was_clients', 'adjust.what.was_clients'), ('was_fee', 'adjust.what.was_fee'), ('was_own', 'adjust.what.was_own'), ('debt_lost', 'adjust.what.debt_lost'), ('covered', 'adjust.what.covered'), ('stood_in', 'adjust.what.stood_in')], db_comment='business', max_length=11),
        ),
        migrations.AddField(
            model_name='taken',
            name='chargeback',
            field=models.ForeignKey(db_comment='technical', on_delete=django.db.models.deletion.PROTECT, related_name='taken', to='cards.chargeback'),
        ),
        migrations.AddField(
            model_name='adjustment',
            name='taken',
            field=models.ForeignKey(db_comment='technical', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.taken'),
        ),
        migrations.AddConstraint(
            model_name='adjustment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('party', None), ('taken', None), ('what', 'to_worker'), ('worker__isnull', False)), models.Q(('party__isnull', False), ('taken', None), ('what__in', ['to_client', 'was_clients', 'debt_lost']), ('worker', None)), models.Q(('party__isnull', False), ('taken__isnull', False), ('what', 'stood_in'), ('worker', None)), models.Q(('party', None), ('taken', None), ('what__in', ['was_fee', 'was_own', 'covered']), ('worker', None)), _connector='OR'), name='adjustment_of_whom'),
        ),
        migrations.AddIndex(
            model_name='taken',
            index=models.Index(fields=['reference'], name='taken_reference'),
        ),
        migrations.AddConstraint(
            model_name='taken',
            constraint=models.UniqueConstraint(fields=('chargeback', 'reference'), name='taken_once'),
        ),
        migrations.AddConstraint(
            model_name='taken',
            constraint=models.CheckConstraint(condition=models.Q(('amount_yen__gt', 0), ('gone_yen__lte', models.F('amount_yen'))), name='taken_sums'),
        ),
        migrations.AddConstraint(
            model_name='taken',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['resting', 'back']), ('until_at', None)), models.Q(('state__in', ['lost', 'filled', 'covered', 'gone']), ('until_at__isnull', False)), _connector='OR'), name='taken_until_iff_lost'),
        ),
        migrations.AddConstraint(
            model_name='taken',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'covered'), models.Q(('gone_yen', models.F('amount_yen')), ('state', 'gone')), models.Q(models.Q(('state__in', ['covered', 'gone']), _negated=True), ('gone_yen', 0)), _connector='OR'), name='taken_gone_at_the_end'),
        ),
        migrations.RunSQL(FROM_BEFORE, migrations.RunSQL.noop),
    ]
