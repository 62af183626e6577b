"""The table in which the town counts who tried how often (config/limits.py). What it holds is forgotten after minutes: not logged."""
from django.db import migrations

MAKE = """
CREATE UNLOGGED TABLE django_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX django_cache_expires ON django_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_user_closed_at_user_erased_at_user_kept_name_and_more")]
    operations = [migrations.RunSQL(MAKE, "DROP TABLE django_cache")]
