"""Lines of the bank are added, never changed (machi/banking/sql/)."""
from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql"
UNDO = """
DROP TRIGGER banking_import_append_only ON banking_import;
DROP TRIGGER banking_bankrow_append_only ON banking_bankrow;
DROP TRIGGER banking_bankwords_stay ON banking_bankwords;
DROP FUNCTION banking_refuse_change;
"""


class Migration(migrations.Migration):
    dependencies = [("banking", "0001_initial"), ("activity", "0002_append_only")]
    operations = [migrations.RunSQL("\n".join((SQL / f"{part}.sql").read_text() for part in ("guard", "rights")), UNDO)]
