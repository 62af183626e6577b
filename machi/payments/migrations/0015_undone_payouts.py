"""What was set aside for an account that its worker gave up has not left."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0014_early_payouts'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='payout',
            name='payout_ended_iff_over',
        ),
        migrations.AlterField(
            model_name='payout',
            name='state',
            field=models.CharField(choices=[('requested', 'payout.state.requested'), ('sending', 'payout.state.sending'), ('paid', 'payout.state.paid'), ('returned', 'payout.state.returned'), ('undone', 'payout.state.undone')], db_comment='technical', default='requested', max_length=10),
        ),
        migrations.AddConstraint(
            model_name='payout',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state__in', ['paid', 'returned', 'undone'])), models.Q(('ended_at', None), ('state__in', ['requested', 'sending'])), _connector='OR'), name='payout_ended_iff_over'),
        ),
    ]
