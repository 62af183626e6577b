import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(db_comment='personal', max_length=254)),
                ('password', models.CharField(db_comment='secret', max_length=128)),
                ('last_login', models.DateTimeField(db_comment='technical', null=True)),
                ('display_name', models.CharField(blank=True, db_comment='public', max_length=40)),
                ('language', models.CharField(blank=True, db_comment='personal', max_length=16)),
                ('is_active', models.BooleanField(db_comment='technical', default=True)),
                ('joined_at', models.DateTimeField(db_comment='technical')),
            ],
            options={
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='one_account_per_address')],
            },
        ),
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('paper', models.CharField(choices=[('terms', 'Terms'), ('privacy', 'Privacy'), ('rules', 'Rules'), ('adult', 'Adult')], db_comment='technical', max_length=8)),
                ('version', models.CharField(db_comment='technical', max_length=20)),
                ('agreed_at', models.DateTimeField(db_comment='technical')),
                ('user', models.ForeignKey(db_comment='personal', on_delete=django.db.models.deletion.CASCADE, related_name='agreements', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'paper', 'version'), name='agreed_once')],
            },
        ),
        migrations.CreateModel(
            name='Party',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('person', 'Person'), ('organisation', 'Organisation')], db_comment='technical', default='person', max_length=12)),
                ('name', models.CharField(blank=True, db_comment='public', max_length=80)),
                ('address', models.CharField(blank=True, db_comment='business', max_length=200)),
                ('contact', models.CharField(blank=True, db_comment='business', max_length=120)),
                ('trade', models.CharField(blank=True, choices=[('company', 'Company'), ('sole', 'Sole'), ('consumer', 'Consumer')], db_comment='business', max_length=10)),
                ('has_employees', models.BooleanField(db_comment='business', default=False)),
                ('is_withholding_agent', models.BooleanField(db_comment='business', default=False)),
                ('person', models.OneToOneField(db_comment='personal', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='party', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'person'), ('person__isnull', False)), models.Q(('kind', 'organisation'), ('person', None)), _connector='OR'), name='a_person_stands_behind_a_person_party')],
            },
        ),
    ]
