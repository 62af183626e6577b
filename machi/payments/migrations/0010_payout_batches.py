"""A payout has the day on which it reaches somebody, and leaves with others in one file of the bank."""

import django.db.models.deletion
import machi.shared.labels
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0009_payouts_on_the_statement'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PayoutBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value_on', models.DateField(db_comment='technical')),
                ('state', models.CharField(choices=[('proposed', 'batch.state.proposed'), ('approved', 'batch.state.approved'), ('written', 'batch.state.written'), ('given', 'batch.state.given'), ('withdrawn', 'batch.state.withdrawn')], db_comment='technical', default='proposed', max_length=9)),
                ('total_yen', models.PositiveBigIntegerField(db_comment='business')),
                ('count', models.PositiveIntegerField(db_comment='business')),
                ('limit_yen', models.PositiveBigIntegerField(db_comment='technical')),
                ('proposed_at', models.DateTimeField(db_comment='technical')),
                ('approved_at', models.DateTimeField(db_comment='technical', null=True)),
                ('file_sha256', models.CharField(blank=True, db_comment='technical', max_length=64)),
                ('given_at', models.DateTimeField(db_comment='technical', null=True)),
            ],
            bases=(machi.shared.labels.Labelled, models.Model),
        ),
        migrations.RemoveConstraint(
            model_name='payout',
            name='one_open_payout',
        ),
        migrations.AddField(
            model_name='payout',
            name='value_on',
            field=models.DateField(db_comment='technical', null=True),
        ),
        migrations.RunSQL(
            "UPDATE payments_payout SET value_on = coalesce(paid_on, (requested_at AT TIME ZONE 'Asia/Tokyo')::date)",
            migrations.RunSQL.noop,
        ),
        migrations.AlterField(
            model_name='payout',
            name='value_on',
            field=models.DateField(db_comment='technical'),
        ),
        migrations.AddField(
            model_name='payoutbatch',
            name='approved_by',
            field=models.ForeignKey(db_comment='business', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='payoutbatch',
            name='given_by',
            field=models.ForeignKey(db_comment='business', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='payoutbatch',
            name='proposed_by',
            field=models.ForeignKey(db_comment='business', on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='payout',
            name='batch',
            field=models.ForeignKey(db_comment='technical', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payouts', to='payments.payoutbatch'),
        ),
        migrations.AddIndex(
            model_name='payout',
            index=models.Index(condition=models.Q(('batch', None), ('state', 'requested')), fields=['value_on'], name='payout_waits_for_batch'),
        ),
        migrations.AddConstraint(
            model_name='payout',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['requested', 'sending'])), fields=('worker', 'value_on'), name='one_open_payout_of_a_day'),
        ),
        migrations.AddIndex(
            model_name='payoutbatch',
            index=models.Index(condition=models.Q(('state__in', ['proposed', 'approved', 'written'])), fields=['value_on'], name='batch_under_way'),
        ),
        migrations.AddConstraint(
            model_name='payoutbatch',
            constraint=models.CheckConstraint(condition=models.Q(('count__gt', 0), ('total_yen__gt', 0)), name='batch_moves_money'),
        ),
        migrations.AddConstraint(
            model_name='payoutbatch',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'withdrawn']), ('total_yen__lte', models.F('limit_yen')), models.Q(('approved_by__isnull', False), models.Q(('approved_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='batch_above_the_limit_by_two'),
        ),
        migrations.AddConstraint(
            model_name='payoutbatch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_at', None), ('state', 'proposed')), models.Q(('approved_at__isnull', False), ('state__in', ['approved', 'written', 'given'])), ('state', 'withdrawn'), _connector='OR'), name='batch_approved_iff_passed'),
        ),
        migrations.AddConstraint(
            model_name='payoutbatch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['written', 'given']), models.Q(('file_sha256', ''), _negated=True)), models.Q(models.Q(('state__in', ['written', 'given']), _negated=True), ('file_sha256', '')), _connector='OR'), name='batch_file_iff_written'),
        ),
        migrations.AddConstraint(
            model_name='payoutbatch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('given_at__isnull', False), ('given_by__isnull', False), ('state', 'given')), models.Q(models.Q(('state', 'given'), _negated=True), ('given_at', None), ('given_by', None)), _connector='OR'), name='batch_given_iff_given'),
        ),
    ]
