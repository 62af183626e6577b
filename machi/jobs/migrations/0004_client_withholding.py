from django.db import migrations, models

FROZEN_NOW = """
UPDATE jobs_job SET is_client_withholding_agent = true FROM accounts_party AS client
WHERE client.id = client_id AND client.is_withholding_agent AND published_at IS NOT NULL"""


class Migration(migrations.Migration):

    dependencies = [
        ('jobs', '0003_topic_before'),
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='job',
            name='is_client_withholding_agent',
            field=models.BooleanField(db_comment='public', default=False),
        ),
        migrations.RunSQL(FROZEN_NOW, migrations.RunSQL.noop),
    ]
