from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cards', '0002_chargebacks'),
    ]

    operations = [
        migrations.AddField(
            model_name='chargeback',
            name='fee_yen',
            field=models.PositiveBigIntegerField(db_comment='business', default=0),
        ),
    ]
