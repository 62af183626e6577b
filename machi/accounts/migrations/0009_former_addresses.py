"""An address that somebody gave up is still told, for some days, where their money goes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_readings_of_whoever_left'),
    ]

    operations = [
        migrations.CreateModel(
            name='FormerAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(db_comment='personal', max_length=254)),
                ('given_up_at', models.DateTimeField(db_comment='technical')),
                ('user', models.ForeignKey(db_comment='personal', on_delete=django.db.models.deletion.CASCADE, related_name='former_addresses', to=settings.AUTH_USER_MODEL)),
            ],
        ),
    ]
