"""Papers are added, never changed (machi/documents/sql/)."""
from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql"
UNDO = """
DROP TRIGGER documents_document_append_only ON documents_document;
DROP TRIGGER documents_documenttext_stays ON documents_documenttext;
DROP FUNCTION documents_refuse_change;
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial"), ("activity", "0002_append_only")]
    operations = [migrations.RunSQL("\n".join((SQL / f"{part}.sql").read_text() for part in ("guard", "rights")), UNDO)]
