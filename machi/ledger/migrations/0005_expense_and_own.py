"""Accounts for what banks take, and for what the operator puts in or takes out."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0004_day_sums'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='account',
            name='ledger_account_kind',
        ),
        migrations.AddConstraint(
            model_name='account',
            constraint=models.CheckConstraint(condition=models.Q(('number__gte', 0), models.Q(models.Q(('number__gte', 11000000000000), ('number__lt', 18000000000000)), models.Q(('number__gte', 50000000000000), ('number__lt', 60000000000000)), _connector='OR')), name='ledger_account_kind'),
        ),
    ]
