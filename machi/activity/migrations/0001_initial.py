import django.db.models.deletion
import machi.activity.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Cursor',
            fields=[
                ('reader', models.CharField(db_comment='technical', max_length=60, primary_key=True, serialize=False)),
                ('written_in', models.CharField(db_comment='technical', default='0', max_length=20)),
                ('fact_id', models.BigIntegerField(db_comment='technical', default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Fact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('written_in', machi.activity.models.TransactionNumber(db_comment='technical', db_default=machi.activity.models.CurrentTransaction(), editable=False)),
                ('happened_at', models.DateTimeField(db_comment='technical')),
                ('name', models.CharField(db_comment='technical', max_length=60)),
                ('about', models.CharField(db_comment='technical', max_length=60)),
                ('data', models.JSONField(db_comment='business', default=dict)),
                ('actor', models.ForeignKey(db_comment='business', db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['about', 'id'], name='fact_about'), models.Index(fields=['actor', 'id'], name='fact_actor'), models.Index(fields=['written_in', 'id'], name='fact_order')],
            },
        ),
    ]
