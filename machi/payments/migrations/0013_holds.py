"""An account rests after it was named, its holder is known, and somebody's payouts may rest until a day."""

import django.db.models.deletion
import machi.shared.labels
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0012_registered_number'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='bankaccount',
            name='holder_checked_at',
            field=models.DateTimeField(db_comment='technical', null=True),
        ),
        migrations.AddField(
            model_name='payout',
            name='free_from',
            field=models.DateTimeField(db_comment='technical', null=True),
        ),
        migrations.CreateModel(
            name='PayoutPause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(choices=[('wish', 'pause.code.wish'), ('account', 'pause.code.account'), ('claim', 'pause.code.claim'), ('risk', 'pause.code.risk')], db_comment='business', max_length=7)),
                ('words', models.CharField(db_comment='business', max_length=300)),
                ('until_on', models.DateField(db_comment='business')),
                ('paused_at', models.DateTimeField(db_comment='technical')),
                ('ended_at', models.DateTimeField(db_comment='technical', null=True)),
                ('ended_by', models.ForeignKey(db_comment='business', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('paused_by', models.ForeignKey(db_comment='business', on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('worker', models.ForeignKey(db_comment='business', on_delete=django.db.models.deletion.PROTECT, related_name='payout_pauses', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('worker',), name='one_pause_of_a_person'), models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='pause_with_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_by', None)), models.Q(('ended_at__gte', models.F('paused_at')), ('ended_by__isnull', False)), _connector='OR'), name='pause_ended_by_somebody')],
            },
            bases=(machi.shared.labels.Labelled, models.Model),
        ),
    ]
