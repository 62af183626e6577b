"""What must always be true of the books. Each rule is a question that returns no rows while all is well."""
from machi.ledger.accounts import OWNERS, TOWN
from machi.shared import invariants
from machi.shared.invariants import Rule

_LEGS = """SELECT debit_id AS account, -amount_yen AS yen, entry_id FROM ledger_transfer
           UNION ALL SELECT credit_id, amount_yen, entry_id FROM ledger_transfer"""

RULES = (
    Rule("all accounts together are zero", f"SELECT sum(yen) FROM ({_LEGS}) leg HAVING sum(yen) <> 0", (1,)),
    Rule("an entry has its transfers, numbered from one", """
        SELECT e.id FROM ledger_entry e LEFT JOIN ledger_transfer t ON t.entry_id = e.id
        GROUP BY e.id HAVING count(t.line) = 0 OR max(t.line) <> count(t.line)""", (2,)),
    Rule("a transfer has its entry", """
        SELECT t.entry_id FROM ledger_transfer t LEFT JOIN ledger_entry e ON e.id = t.entry_id WHERE e.id IS NULL""", (2,)),
    Rule("a transfer names open accounts", f"""
        SELECT account FROM ({_LEGS}) leg LEFT JOIN ledger_account a ON a.number = leg.account WHERE a.number IS NULL""", (2,)),
    Rule("a cached balance is the sum of its transfers", f"""
        SELECT coalesce(b.account_id, s.account) FROM ledger_balance b
        FULL JOIN (SELECT account, sum(yen) AS yen FROM ({_LEGS}) leg WHERE account < {TOWN * OWNERS} GROUP BY account) s
               ON s.account = b.account_id
        WHERE coalesce(b.balance_yen, 0) <> coalesce(s.yen, 0) OR b.account_id IS NULL""", (3,)),
    Rule("no account is below its floor", "SELECT account_id FROM ledger_balance WHERE balance_yen < floor_yen", (4,)),
    Rule("a sealed day is as it was sealed", "SELECT until_at FROM ledger_broken_seals()", (5,)),
)


def broken() -> dict[str, list]:
    """Every broken rule with the rows that break it; empty while all is well."""
    return invariants.broken(RULES)
