"""The posting functions, the seal, and what keeps written rows as they are (machi/ledger/sql/)."""
from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql"
PARTS = ("posting", "holding", "seal", "guard", "rights")
UNDO = """
DROP TRIGGER ledger_account_append_only ON ledger_account;
DROP TRIGGER ledger_entry_append_only ON ledger_entry;
DROP TRIGGER ledger_transfer_append_only ON ledger_transfer;
DROP TRIGGER ledger_seal_append_only ON ledger_seal;
DROP TRIGGER ledger_balance_stays ON ledger_balance;
DROP FUNCTION ledger_open, ledger_posted_before, ledger_post_entry, ledger_post_entries, ledger_move, ledger_digest,
              ledger_seal_until, ledger_broken_seals, ledger_refuse_change, ledger_hold;
ALTER TABLE ledger_balance RESET (fillfactor);
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunSQL("\n".join((SQL / f"{part}.sql").read_text() for part in PARTS), UNDO)]
