"""A duty is ended, never deleted (machi/accounts/sql/)."""
from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql"
UNDO = "DROP TRIGGER accounts_duty_stays ON accounts_duty; DROP FUNCTION accounts_duty_stays;"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_duties")]
    operations = [migrations.RunSQL("\n".join((SQL / f"{part}.sql").read_text() for part in ("guard", "rights")), UNDO)]
