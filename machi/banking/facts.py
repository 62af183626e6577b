"""Facts this room records."""

STATEMENT_IMPORTED = "statement.imported"
