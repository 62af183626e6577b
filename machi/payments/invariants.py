"""What must always be true of money. Each rule is a question that returns no rows while all is well."""
import time

from django.db import connection

from machi.ledger.accounts import Kind
from machi.ledger.queries import broken_books
from machi.payments.fakebank import FakeBank
from machi.payments.queries import unread_deposits

_TRANSIT, _WORKER, _CREDIT = Kind.TRANSIT.of(), Kind.WORKER.of(), Kind.CLIENT_CREDIT.of()
_BANK, _SUSPENSE = Kind.BANK.of(), Kind.SUSPENSE.of()
SETTLING_SECONDS = 3                        # a deed writes at the bank just before it is committed here; the clock reads every two seconds


def _in_account(number: int) -> str:
    return f"(SELECT coalesce(sum(CASE credit_id WHEN {number} THEN amount_yen ELSE -amount_yen END), 0) AS yen FROM ledger_transfer" \
           f" WHERE {number} IN (credit_id, debit_id))"


RULES = {
    "what is in transit for a worker is the sum of their open payouts": f"""
        SELECT coalesce(b.owner, p.worker_id) FROM
          (SELECT account_id - {_TRANSIT} AS owner, balance_yen FROM ledger_balance
            WHERE account_id >= {_TRANSIT} AND account_id < {_TRANSIT} + 1000000000000 AND balance_yen <> 0) b
          FULL JOIN (SELECT worker_id, sum(amount_yen) AS yen FROM payments_payout WHERE state IN ('requested', 'sending') GROUP BY 1) p
            ON p.worker_id = b.owner
         WHERE coalesce(b.balance_yen, 0) <> coalesce(p.yen, 0)""",
    "a worker's balance is the sum of what is earned and not set aside": f"""
        SELECT coalesce(b.owner, e.worker_id) FROM
          (SELECT account_id - {_WORKER} AS owner, balance_yen FROM ledger_balance
            WHERE account_id >= {_WORKER} AND account_id < {_WORKER} + 1000000000000 AND balance_yen <> 0) b
          FULL JOIN (SELECT worker_id, sum(amount_yen) AS yen FROM payments_earning WHERE payout_id IS NULL GROUP BY 1) e
            ON e.worker_id = b.owner
         WHERE coalesce(b.balance_yen, 0) <> coalesce(e.yen, 0)""",
    "a payout is the sum of its earnings": """
        SELECT p.id FROM payments_payout p LEFT JOIN payments_earning e ON e.payout_id = p.id
         WHERE p.state <> 'returned' GROUP BY p.id HAVING p.amount_yen <> coalesce(sum(e.amount_yen), 0)""",
    "a paid payout has its line on the statement, of the same sum": """
        SELECT p.id FROM payments_payout p LEFT JOIN payments_statementline s ON s.key = 'payout:' || p.id
         WHERE p.state = 'paid' AND s.amount_yen IS DISTINCT FROM -p.amount_yen""",
    "what is counted as delivered until a day is the sum of the payouts that had ended": """
        SELECT d.day FROM (SELECT * FROM payments_delivereduntil ORDER BY day DESC LIMIT 1) d, LATERAL (
            SELECT coalesce(sum(amount_yen), 0) AS yen, count(DISTINCT worker_id) AS people FROM payments_payout
             WHERE state = 'paid' AND ended_at < (d.day + 1)::timestamp AT TIME ZONE 'Asia/Tokyo') p
         WHERE d.amount_yen <> p.yen OR d.people_count <> p.people""",
    "a deposit has its line on the statement, of the same sum": """
        SELECT f.id FROM payments_funding f LEFT JOIN payments_statementline s ON s.key = f.bank_key
         WHERE f.part_of_id IS NULL AND s.amount_yen IS DISTINCT FROM f.amount_yen""",
    "what was passed on of a deposit is less than it": """
        SELECT f.id FROM payments_funding f JOIN payments_funding p ON p.part_of_id = f.id
         GROUP BY f.id, f.amount_yen, f.party_id HAVING sum(p.amount_yen) >= f.amount_yen OR bool_or(p.party_id <> f.party_id)""",
    "the bank account in the books is the sum of the lines that were read": f"""
        SELECT b.yen FROM {_in_account(_BANK)} b, (SELECT coalesce(sum(amount_yen), 0) AS yen FROM payments_statementline) s
         WHERE b.yen <> -s.yen""",
    "what lies in suspense was paid in, and is neither held for a piece of work nor given back": f"""
        SELECT b.yen FROM {_in_account(_SUSPENSE)} b, (
            SELECT coalesce(sum(s.amount_yen), 0) AS yen FROM payments_statementline s
              LEFT JOIN payments_funding f ON f.bank_key = s.key LEFT JOIN payments_statementline r ON r.key = 'return:' || s.key
             WHERE s.key LIKE 'deposit:%' AND f.id IS NULL AND r.key IS NULL) w
         WHERE b.yen <> w.yen""",
    "an entry of the ledger ends a piece of work as its earnings and its refund say": """
        SELECT coalesce(s.reference, w.reference) FROM
          (SELECT 'milestone:' || substr(l.key, 8) AS reference, sum(t.amount_yen) AS yen FROM ledger_entry l
             JOIN ledger_transfer t ON t.entry_id = l.id WHERE l.key LIKE 'settle:%' GROUP BY l.key) s
          FULL JOIN (SELECT reference, sum(yen) AS yen FROM
            (SELECT reference, price_yen + tax_yen AS yen FROM payments_earning WHERE reference LIKE 'milestone:%'
             UNION ALL SELECT reference, amount_yen FROM payments_refund WHERE reference LIKE 'milestone:%') p GROUP BY 1) w
            ON w.reference = s.reference
         WHERE s.yen IS DISTINCT FROM w.yen""",
    "a client's credit is what is on its way back to them": f"""
        SELECT coalesce(b.owner, r.party_id) FROM
          (SELECT account_id - {_CREDIT} AS owner, balance_yen FROM ledger_balance
            WHERE account_id >= {_CREDIT} AND account_id < {_CREDIT} + 1000000000000 AND balance_yen <> 0) b
          FULL JOIN (SELECT party_id, sum(amount_yen) AS yen FROM payments_refund WHERE state <> 'paid' GROUP BY 1) r
            ON r.party_id = b.owner
         WHERE coalesce(b.balance_yen, 0) <> coalesce(r.yen, 0)""",
    "a refund has its line on the statement, and its deposit, which is no smaller": """
        SELECT r.id FROM payments_refund r LEFT JOIN payments_statementline s ON s.key = 'refund:' || r.reference
          LEFT JOIN payments_funding f ON f.reference = r.reference
         WHERE r.state = 'paid' AND s.amount_yen IS DISTINCT FROM -r.amount_yen OR f.amount_yen IS NULL
            OR f.amount_yen < r.amount_yen OR f.party_id <> r.party_id""",
    "no money leaves before its printed day": """
        SELECT e.id FROM payments_earning e JOIN payments_payout p ON p.id = e.payout_id
         WHERE p.state = 'paid' AND p.paid_on < e.pay_on""",
}


def broken() -> dict[str, list]:
    """Every broken rule with the rows that break it; empty while all is well."""
    found = dict(broken_books())
    with connection.cursor() as cursor:
        for rule, question in RULES.items():
            cursor.execute(question)
            if rows := [row[0] for row in cursor.fetchmany(20)]:
                found[rule] = rows
        cursor.execute("SELECT coalesce(sum(amount_yen), 0) FROM payments_payout WHERE state = 'paid'")
        paid = int(cursor.fetchone()[0])
    return found | _against_the_bank(paid)


def _against_the_bank(paid: int) -> dict[str, list]:
    """Our figures beside the outside record. What is on its way may be on one side only; what is paid may not."""
    bank = FakeBank()
    lines = {line.key: line.amount_yen for line in bank.statement()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, amount_yen FROM payments_statementline")
        ours = dict(cursor.fetchall())
    found = {}
    if wrong := [key for key, amount in ours.items() if lines.get(key) != amount]:
        found["every line we read is on the bank's own statement"] = wrong[:20]
    if unread := _unread_for_long():
        found["every deposit on the bank's statement is read"] = unread[:20]
    on_its_way = sum(-amount for key, amount in lines.items() if key.removeprefix("return:").startswith("payout:") and key not in ours)
    if bank.sent_yen() - on_its_way != paid:
        found["reward delivered equals the bank's statement"] = [paid, bank.sent_yen()]
    return found


def _unread_for_long() -> list[str]:
    """Deposits that nobody takes up. What is under way at this very moment is read by the second look."""
    unread = {line.key for line in unread_deposits()}
    if unread:
        time.sleep(SETTLING_SECONDS)
        unread &= {line.key for line in unread_deposits()}
    return sorted(unread)
