"""The town's own account: what clients are asked to transfer, what its lines are, and where money goes back to."""

import django.db.models.deletion
import machi.shared.labels
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_readings_of_whoever_left'),
        ('banking', '0002_append_only'),
        ('payments', '0006_client_fee'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BankLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount_yen', models.BigIntegerField(db_comment='business')),
                ('state', models.CharField(choices=[('open', 'line.state.open'), ('matched', 'line.state.matched'), ('booked', 'line.state.booked'), ('owed', 'line.state.owed'), ('returning', 'line.state.returning'), ('returned', 'line.state.returned')], db_comment='technical', default='open', max_length=9)),
                ('use', models.CharField(blank=True, choices=[('deposit', 'line.use.deposit'), ('refund', 'line.use.refund'), ('answer', 'line.use.answer'), ('fee', 'line.use.fee'), ('own', 'line.use.own'), ('back', 'line.use.back')], db_comment='business', max_length=7)),
                ('reference', models.CharField(blank=True, db_comment='technical', max_length=80)),
                ('reason', models.CharField(blank=True, db_comment='business', max_length=300)),
                ('decided_at', models.DateTimeField(db_comment='technical', null=True)),
                ('decided_by', models.ForeignKey(db_comment='business', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('row', models.OneToOneField(db_comment='technical', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='banking.bankrow')),
            ],
            bases=(machi.shared.labels.Labelled, models.Model),
        ),
        migrations.CreateModel(
            name='ExpectedDeposit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(db_comment='business', max_length=7, unique=True)),
                ('place', models.CharField(db_comment='technical', max_length=60)),
                ('about', models.CharField(db_comment='technical', max_length=60)),
                ('title', models.CharField(db_comment='business', max_length=120)),
                ('amount_yen', models.PositiveBigIntegerField(db_comment='business')),
                ('until_at', models.DateTimeField(db_comment='business')),
                ('state', models.CharField(choices=[('waiting', 'deposit.state.waiting'), ('matched', 'deposit.state.matched'), ('lapsed', 'deposit.state.lapsed')], db_comment='technical', default='waiting', max_length=8)),
                ('asked_at', models.DateTimeField(db_comment='technical')),
                ('ended_at', models.DateTimeField(db_comment='technical', null=True)),
                ('asked_by', models.ForeignKey(db_comment='business', on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('line', models.OneToOneField(db_comment='technical', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deposit', to='payments.bankline')),
                ('party', models.ForeignKey(db_comment='business', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.party')),
            ],
            bases=(machi.shared.labels.Labelled, models.Model),
        ),
        migrations.CreateModel(
            name='RefundAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('bank_code', models.CharField(db_comment='secret', max_length=4)),
                ('branch_code', models.CharField(db_comment='secret', max_length=3)),
                ('kind', models.CharField(choices=[('1', 'Ordinary'), ('2', 'Current'), ('4', 'Savings')], db_comment='secret', default='1', max_length=1)),
                ('number', models.CharField(db_comment='secret', max_length=7)),
                ('holder_kana', models.CharField(db_comment='secret', max_length=30)),
                ('changed_at', models.DateTimeField(db_comment='technical')),
                ('party', models.OneToOneField(db_comment='personal', on_delete=django.db.models.deletion.CASCADE, related_name='refund_account', to='accounts.party')),
            ],
        ),
        migrations.AddIndex(
            model_name='bankline',
            index=models.Index(condition=models.Q(('state__in', ['open', 'returning'])), fields=['row'], name='line_waiting'),
        ),
        migrations.AddConstraint(
            model_name='bankline',
            constraint=models.CheckConstraint(condition=models.Q(('amount_yen', 0), _negated=True), name='line_moves_money'),
        ),
        migrations.AddConstraint(
            model_name='bankline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('reference', ''), ('state', 'open'), ('use', '')), models.Q(('decided_at__isnull', False), ('state__in', ['matched', 'booked', 'owed', 'returning', 'returned']), models.Q(('use', ''), _negated=True)), _connector='OR'), name='line_decided_iff_placed'),
        ),
        migrations.AddConstraint(
            model_name='bankline',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('reason', ''), _negated=True), _connector='OR'), name='line_decided_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='bankline',
            constraint=models.UniqueConstraint(condition=models.Q(('use__in', ['refund', 'answer'])), fields=('use', 'reference'), name='line_answers_once'),
        ),
        migrations.AddIndex(
            model_name='expecteddeposit',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['until_at'], name='deposit_waiting'),
        ),
        migrations.AddIndex(
            model_name='expecteddeposit',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['amount_yen'], name='deposit_of_a_sum'),
        ),
        migrations.AddConstraint(
            model_name='expecteddeposit',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'lapsed'), _negated=True), fields=('place',), name='one_deposit_of_a_place'),
        ),
        migrations.AddConstraint(
            model_name='expecteddeposit',
            constraint=models.CheckConstraint(condition=models.Q(('amount_yen__gt', 0)), name='deposit_positive'),
        ),
        migrations.AddConstraint(
            model_name='expecteddeposit',
            constraint=models.CheckConstraint(condition=models.Q(('code__regex', '^[1-9]\\d{6}$')), name='deposit_code'),
        ),
        migrations.AddConstraint(
            model_name='expecteddeposit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('state', 'waiting')), models.Q(('ended_at__isnull', False), ('state__in', ['matched', 'lapsed'])), _connector='OR'), name='deposit_ended_iff_over'),
        ),
        migrations.AddConstraint(
            model_name='expecteddeposit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('line__isnull', False), ('state', 'matched')), models.Q(models.Q(('state', 'matched'), _negated=True), ('line', None)), _connector='OR'), name='deposit_line_iff_matched'),
        ),
        migrations.AddConstraint(
            model_name='refundaccount',
            constraint=models.CheckConstraint(condition=models.Q(('bank_code__regex', '^\\d{4}$'), ('branch_code__regex', '^\\d{3}$'), ('number__regex', '^\\d{7}$')), name='refund_account_digits'),
        ),
    ]
