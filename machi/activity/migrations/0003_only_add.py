"""The rights on what is added and never changed are given by one function, for every room (machi/activity/sql/rights.sql)."""
from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("activity", "0002_append_only")]
    operations = [migrations.RunSQL((SQL / "rights.sql").read_text(), migrations.RunSQL.noop)]
