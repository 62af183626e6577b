import django.db.models.deletion
import django.db.models.expressions
import machi.shared.labels
from django.db import migrations, models

# What clients owed before this table was there; what was given up, of the oldest first.
FROM_BEFORE = """
    INSERT INTO payments_debt (party_id, reference, amount_yen, repaid_yen, lost_yen, back_yen, since_at)
    SELECT o.party_id, o.reference, o.yen, 0,
           greatest(0, least(o.yen, coalesce(a.yen, 0) - (sum(o.yen) OVER (PARTITION BY o.party_id ORDER BY o.since_at, o.reference) - o.yen))),
           0, o.since_at
      FROM (SELECT i.party_id, 'chargeback:' || b.id AS reference, b.amount_yen - b.borne_yen AS yen, b.received_at AS since_at
              FROM cards_chargeback b JOIN cards_intent i ON i.id = b.intent_id WHERE b.amount_yen > b.borne_yen AND b.state <> 'won'
            UNION ALL SELECT i.party_id, 'taken:' || t.id, t.amount_yen - t.gone_yen, b.received_at
              FROM payments_taken t JOIN cards_chargeback b ON b.id = t.chargeback_id JOIN cards_intent i ON i.id = b.intent_id
             WHERE t.state = 'covered' AND t.amount_yen > t.gone_yen) o
      LEFT JOIN (SELECT party_id, sum(amount_yen) AS yen FROM payments_adjustment WHERE state = 'signed' AND what = 'debt_lost' GROUP BY 1) a
        ON a.party_id = o.party_id"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_former_addresses'),
        ('payments', '0020_taken_back'),
    ]

    operations = [
        migrations.CreateModel(
            name='Debt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(db_comment='technical', max_length=60)),
                ('amount_yen', models.PositiveBigIntegerField(db_comment='business')),
                ('repaid_yen', models.PositiveBigIntegerField(db_comment='business', default=0)),
                ('lost_yen', models.PositiveBigIntegerField(db_comment='business', default=0)),
                ('back_yen', models.PositiveBigIntegerField(db_comment='business', default=0)),
                ('since_at', models.DateTimeField(db_comment='business')),
                ('party', models.ForeignKey(db_comment='business', on_delete=django.db.models.deletion.PROTECT, related_name='debts', to='accounts.party')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('amount_yen__gt', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('repaid_yen'), '+', models.F('lost_yen')), '+', models.F('back_yen')))), fields=['party'], name='debt_open')],
                'constraints': [models.UniqueConstraint(fields=('reference',), name='debt_once'), models.CheckConstraint(condition=models.Q(('amount_yen__gt', 0), ('amount_yen__gte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('repaid_yen'), '+', models.F('lost_yen')), '+', models.F('back_yen')))), name='debt_sums')],
            },
            bases=(machi.shared.labels.Labelled, models.Model),
        ),
        migrations.RunSQL(FROM_BEFORE, migrations.RunSQL.noop),
    ]
