"""Facts are added, never changed (machi/activity/sql/)."""
from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql"
UNDO = "DROP TRIGGER activity_fact_append_only ON activity_fact; DROP FUNCTION activity_refuse_change, activity_only_add;"


class Migration(migrations.Migration):
    dependencies = [("activity", "0001_initial")]
    operations = [migrations.RunSQL("\n".join((SQL / f"{part}.sql").read_text() for part in ("guard", "rights")), UNDO)]
