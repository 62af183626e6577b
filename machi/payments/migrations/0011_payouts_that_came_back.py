"""A line of the own account may be a whole file of payouts, or one that came back."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('banking', '0002_append_only'),
        ('payments', '0010_payout_batches'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='bankline',
            name='line_answers_once',
        ),
        migrations.AlterField(
            model_name='bankline',
            name='use',
            field=models.CharField(blank=True, choices=[('deposit', 'line.use.deposit'), ('refund', 'line.use.refund'), ('payout', 'line.use.payout'), ('batch', 'line.use.batch'), ('return', 'line.use.return'), ('answer', 'line.use.answer'), ('fee', 'line.use.fee'), ('own', 'line.use.own'), ('back', 'line.use.back')], db_comment='business', max_length=7),
        ),
        migrations.AddConstraint(
            model_name='bankline',
            constraint=models.UniqueConstraint(condition=models.Q(('use__in', ['refund', 'payout', 'batch', 'return', 'answer'])), fields=('use', 'reference'), name='line_answers_once'),
        ),
    ]
