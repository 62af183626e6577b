"""What must always be true of the books. Each rule is a question that returns no rows while all is well.

`lately`: the same for what was written since the last seal, beside the sums that were kept at it (sql/daysums.sql).
"""
from machi.ledger.accounts import OWNERS, TOWN
from machi.shared import invariants
from machi.shared.invariants import Rule

_LEGS = """SELECT debit_id AS account, -amount_yen AS yen, entry_id FROM ledger_transfer
           UNION ALL SELECT credit_id, amount_yen, entry_id FROM ledger_transfer"""
_NEW = "e.happened_at >= ledger_sealed_until()"
_FIRST = f"(SELECT coalesce(min(e.id), 0) FROM ledger_entry e WHERE {_NEW})"
_KEPT = "SELECT DISTINCT ON (account_id) account_id, sum_yen FROM ledger_daysum ORDER BY account_id, until_at DESC"


def _has_its_transfers(which: str) -> str:
    return f"""SELECT e.id FROM ledger_entry e LEFT JOIN ledger_transfer t ON t.entry_id = e.id WHERE {which}
        GROUP BY e.id HAVING count(t.line) = 0 OR max(t.line) <> count(t.line)"""


def _is_the_sum(sums: str) -> str:
    return f"""SELECT coalesce(b.account_id, s.account) FROM ledger_balance b FULL JOIN ({sums}) s ON s.account = b.account_id
        WHERE coalesce(b.balance_yen, 0) <> coalesce(s.yen, 0) OR b.account_id IS NULL"""


RULES = (
    Rule("all accounts together are zero", f"SELECT sum(yen) FROM ({_LEGS}) leg HAVING sum(yen) <> 0", (1,),
         lately=f"SELECT sum(sum_yen) FROM ({_KEPT}) kept HAVING sum(sum_yen) <> 0"),
    Rule("an entry has its transfers, numbered from one", _has_its_transfers("true"), (2,), lately=_has_its_transfers(_NEW)),
    Rule("a transfer has its entry", """
        SELECT t.entry_id FROM ledger_transfer t LEFT JOIN ledger_entry e ON e.id = t.entry_id WHERE e.id IS NULL""", (2,),
         lately=f"""SELECT t.entry_id FROM ledger_transfer t LEFT JOIN ledger_entry e ON e.id = t.entry_id
                     WHERE e.id IS NULL AND t.entry_id >= {_FIRST}"""),
    Rule("a transfer names open accounts", f"""
        SELECT account FROM ({_LEGS}) leg LEFT JOIN ledger_account a ON a.number = leg.account WHERE a.number IS NULL""", (2,),
         lately="""SELECT account FROM ledger_moved(ledger_sealed_until(), 'infinity') m
                     LEFT JOIN ledger_account a ON a.number = m.account WHERE a.number IS NULL"""),
    Rule("a cached balance is the sum of its transfers", _is_the_sum(
        f"SELECT account, sum(yen) AS yen FROM ({_LEGS}) leg WHERE account < {TOWN * OWNERS} GROUP BY account"), (3,),
         lately=_is_the_sum(f"""SELECT account, sum(yen) AS yen FROM (
            SELECT account_id AS account, sum_yen AS yen FROM ({_KEPT}) kept
            UNION ALL SELECT account, yen FROM ledger_moved(ledger_sealed_until(), 'infinity')) both_parts
            WHERE account < {TOWN * OWNERS} GROUP BY account""")),
    Rule("the sum kept at a seal is that of the transfers before it", f"""
        SELECT coalesce(kept.account_id, m.account) FROM ({_KEPT}) kept
          FULL JOIN ledger_moved('-infinity', ledger_sealed_until()) m ON m.account = kept.account_id
         WHERE kept.sum_yen IS DISTINCT FROM m.yen""", (3,), lately="SELECT 1 WHERE false"),
    Rule("no account is below its floor", "SELECT account_id FROM ledger_balance WHERE balance_yen < floor_yen", (4,)),
    Rule("a sealed day is as it was sealed", "SELECT until_at FROM ledger_broken_seals()", (5,), lately="""
        SELECT c.until_at FROM (
            SELECT s.*, coalesce(lag(s.until_at) OVER w, '-infinity') AS from_at, coalesce(lag(s.digest) OVER w, ''::bytea) AS before
              FROM ledger_seal s WINDOW w AS (ORDER BY s.until_at) ORDER BY s.until_at DESC LIMIT 1) c,
            ledger_digest(c.from_at, c.until_at, c.before) again
         WHERE (again.entry_count, again.digest) IS DISTINCT FROM (c.entry_count, c.digest)"""),
)


def broken(*, lately: bool = False) -> dict[str, list]:
    """Every broken rule with the rows that break it; empty while all is well."""
    return invariants.broken(RULES, lately=lately)
