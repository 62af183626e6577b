"""Several accounts are held at once, in their order (machi/ledger/sql/holding.sql). A new town has it from 0002, which also takes it away."""
from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_posting")]
    operations = [migrations.RunSQL("\n".join((SQL / f"{part}.sql").read_text() for part in ("holding", "rights")), migrations.RunSQL.noop)]
