import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('portfolio', '0001_initial'),
        ('taxonomy', '0005_topics'),
    ]

    operations = [
        migrations.AddField(
            model_name='piecetopic',
            name='topic_before',
            field=models.ForeignKey(blank=True, db_comment='public', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='taxonomy.topic'),
        ),
        migrations.AlterField(
            model_name='piece',
            name='topics',
            field=models.ManyToManyField(related_name='+', through='portfolio.PieceTopic', through_fields=('piece', 'topic'), to='taxonomy.topic'),
        ),
    ]
