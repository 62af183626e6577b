"""The room that the client gave after the due date stands with each step: for what was agreed before, as its terms say."""
from django.db import migrations, models

FILL = """
UPDATE contracts_milestone m SET slack_days = (o.terms->>'slack_days')::smallint
  FROM contracts_contract c JOIN contracts_offer o ON o.id = c.offer_id
 WHERE c.id = m.contract_id AND (o.terms->>'slack_days')::smallint > 0
"""


class Migration(migrations.Migration):

    dependencies = [
        ('contracts', '0018_months_more'),
    ]

    operations = [
        migrations.AddField(
            model_name='milestone',
            name='slack_days',
            field=models.PositiveSmallIntegerField(db_comment='business', db_default=0, default=0),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
