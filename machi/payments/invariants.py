"""What must always be true of money. Each rule is a question that returns no rows while all is well."""
import datetime
import time

from django.db import connection

from machi.banking.days import bank_days_before
from machi.banking.queries import BROKEN_CHAIN
from machi.ledger.accounts import OWNERS, TOWN, Kind
from machi.ledger.invariants import RULES as BOOKS
from machi.payments.bank import the_bank
from machi.payments.card_rules import RULES as CARDS
from machi.payments.card_rules import in_account
from machi.payments.corrections import RULES as CORRECTIONS
from machi.payments.figures import figure
from machi.payments.queries import has_own_account, read_until, unread_deposits
from machi.shared import clock, invariants
from machi.shared.invariants import MOST_ROWS, Class, Rule

_TRANSIT, _WORKER, _CREDIT = Kind.TRANSIT.of(), Kind.WORKER.of(), Kind.CLIENT_CREDIT.of()
_WITHHELD = Kind.WITHHELD.of()
_BANK, _SUSPENSE, _GATEWAY = Kind.BANK.of(), Kind.SUSPENSE.of(), Kind.GATEWAY.of()
_FEE, _TAX = Kind.FEE.of(), Kind.CONSUMPTION_TAX.of()
ON_STATEMENT, ALL_READ = "every line we read is on the bank's own statement", "every deposit on the bank's statement is read"
DELIVERED = "reward delivered equals the bank's statement"
SETTLING_SECONDS = 3                        # a deed writes at the bank just before it is committed here; the clock reads every two seconds


def _answered_after() -> datetime.datetime:
    """What was told to the bank before this moment must be on its statement by now: an hour where the bank answers at once; where its
    statement is read by hand, the end of the second bank business day after the value date.
    """
    return read_until() if has_own_account() else clock.now() - datetime.timedelta(hours=1)


def _read_before() -> datetime.datetime:
    """What waits for somebody of the finance desk since before this moment waits too long: some days of the bank, whatever the mode."""
    return clock.start_of(bank_days_before(clock.today(), figure("bank_days_to_read")))


# How the key of an entry is built, what its fact is about (before the part in brackets), and how the fact is called.
_TOLD_BY = r"""(VALUES
    ('^fund:(\d+)$',            'milestone:',   ARRAY['funding.confirmed']),
    ('^fund:(job:\d+)$',        '',             ARRAY['funding.confirmed']),
    ('^fund:(bonus:\d+)$',      '',             ARRAY['funding.confirmed']),
    ('^fund:(slots:\d+)$',      '',             ARRAY['funding.confirmed']),
    ('^answers:(\d+):',         'closing:',     ARRAY['answers.settled']),
    ('^settle:(bonus:\d+)$',    '',             ARRAY['escrow.released']),
    ('^deposit:(.+)$',          '',             ARRAY['funding.confirmed']),
    ('^return:deposit:(.+)$',   '',             ARRAY['funding.returned']),
    ('^return:(row:\d+)$',      '',             ARRAY['funding.returned']),
    ('^return:(card:\d+)$',     '',             ARRAY['funding.returned']),
    ('^(card:\d+)$',            '',             ARRAY['card.captured']),
    ('^chargeback:(\d+)$',      'chargeback:',  ARRAY['chargeback.received']),
    ('^((again|repay|debt):\d+)$', '',             ARRAY['funding.confirmed']),
    ('^chargeback_end:(\d+)$',  'chargeback:',  ARRAY['chargeback.won']),
    ('^chargeback_fee:(\d+)[.:]\d+$', 'chargeback:', ARRAY['chargeback.received']),
    ('^chargeback_fee_debt:(\d+)$', 'chargeback:', ARRAY['chargeback.lost']),
    ('^card_fee:(\d+)$',        'card:',        ARRAY['card.captured']),
    ('^(row:\d+)$',             '',             ARRAY['bank_line.booked']),
    ('^use:(row:\d+)$',         '',             ARRAY['bank_line.placed']),
    ('^settle:(\d+)$',          'milestone:',   ARRAY['escrow.released', 'escrow.not_needed', 'refund.requested']),
    ('^payout:(\d+)$',          'payout:',      ARRAY['payout.requested']),
    ('^payout_end:(\d+)$',      'payout:',      ARRAY['payout.paid', 'payout.returned', 'payout.undone']),
    ('^payout_back:(\d+)$',     'payout:',      ARRAY['payout.returned']),
    ('^withheld:(.+)$',         'withheld:',    ARRAY['refund.requested']),
    ('^adjust:(\d+)$',          'adjust:',      ARRAY['adjustment.signed']),
    ('^refund:(\w+:\d+)',       '',             ARRAY['refund.paid']),
    ('^refund_back:(\w+:\d+)',  '',             ARRAY['refund.returned'])) told (pattern, about, names)"""


def _has_its_fact(which: str) -> str:
    return f"""
        SELECT e.id FROM ledger_entry e JOIN {_TOLD_BY} ON e.key ~ told.pattern
          CROSS JOIN LATERAL (SELECT told.about || substring(e.key FROM told.pattern) AS thing) of
         WHERE {which} AND NOT EXISTS (SELECT FROM activity_fact a WHERE a.about = of.thing AND a.name = ANY(told.names))
           AND NOT EXISTS (SELECT FROM activity_fact a WHERE e.key LIKE 'fund:job:%' AND a.about LIKE of.thing || ':%'
                              AND a.name = ANY(told.names))"""


def _owes_no_more(money: str) -> str:
    """What has left by a line that nobody has placed yet left for somebody the books still owe it to: it counts as if it lay there."""
    return f"""
        SELECT o.yen FROM (SELECT coalesce(sum(balance_yen), 0) AS yen FROM ledger_balance) o, ({money}) m (yen),
               (SELECT coalesce(sum(-amount_yen), 0) AS yen FROM payments_bankline WHERE state = 'open' AND amount_yen < 0) out
         WHERE o.yen > out.yen - m.yen"""


def _as_kept(kept: str) -> str:
    """What the town kept lies in its two accounts, so that nothing goes through them unseen."""
    return f"""
        SELECT k.fee, k.tax FROM ({kept}) k (fee, tax), (SELECT coalesce(sum(fee_yen + client_fee_yen), 0) AS fee,
               coalesce(sum(fee_tax_yen + client_fee_tax_yen), 0) AS tax FROM payments_earning) e
         WHERE (k.fee, k.tax) <> (e.fee, e.tax)"""


# The kinds of accounts whose money another rule explains, person by person; and those of the town, which has one of each.
_EXPLAINED = ", ".join(str(int(kind)) for kind in (
    Kind.ESCROW, Kind.POT, Kind.BATCH, Kind.WORKER, Kind.TRANSIT, Kind.CLIENT_CREDIT, Kind.WITHHELD, Kind.CLIENT_DEBT))
_OF_THE_TOWN = ", ".join(str(kind.of()) for kind in (
    Kind.GATEWAY, Kind.BANK, Kind.FEE, Kind.CONSUMPTION_TAX, Kind.LOSS, Kind.SUSPENSE, Kind.EXPENSE, Kind.OWN))


def _as_read(bank: str) -> str:
    return f"""
        SELECT b.yen FROM ({bank}) b (yen), (SELECT coalesce(sum(amount_yen), 0) AS yen FROM payments_statementline) s
         WHERE b.yen <> -s.yen"""


_MONEY = (
    Rule("what is in transit for a worker is the sum of their open payouts", f"""
        SELECT coalesce(b.owner, p.worker_id) FROM
          (SELECT account_id - {_TRANSIT} AS owner, balance_yen FROM ledger_balance
            WHERE account_id >= {_TRANSIT} AND account_id < {_TRANSIT} + 1000000000000 AND balance_yen <> 0) b
          FULL JOIN (SELECT worker_id, sum(amount_yen) AS yen FROM payments_payout WHERE state IN ('requested', 'sending') GROUP BY 1) p
            ON p.worker_id = b.owner
         WHERE coalesce(b.balance_yen, 0) <> coalesce(p.yen, 0)""", (15,)),
    Rule("a worker's balance is the sum of what is earned and not set aside", f"""
        SELECT coalesce(b.owner, e.worker_id) FROM
          (SELECT account_id - {_WORKER} AS owner, balance_yen FROM ledger_balance
            WHERE account_id >= {_WORKER} AND account_id < {_WORKER} + 1000000000000 AND balance_yen <> 0) b
          FULL JOIN (SELECT worker_id, sum(amount_yen) AS yen FROM payments_earning WHERE payout_id IS NULL GROUP BY 1) e
            ON e.worker_id = b.owner
         WHERE coalesce(b.balance_yen, 0) <> coalesce(e.yen, 0)"""),
    Rule("a payout is the sum of its earnings", """
        SELECT p.id FROM payments_payout p LEFT JOIN payments_earning e ON e.payout_id = p.id
         WHERE p.state NOT IN ('returned', 'undone') GROUP BY p.id HAVING p.amount_yen <> coalesce(sum(e.amount_yen), 0)""", (15,)),
    Rule("a paid payout has its line on the statement, of the same sum", """
        SELECT p.id FROM payments_payout p LEFT JOIN payments_statementline s ON s.key = 'payout:' || p.id
          LEFT JOIN payments_bankline l ON l.use = 'payout' AND l.reference = 'payout:' || p.id
          LEFT JOIN payments_bankline b ON b.use = 'batch' AND b.reference = 'payout_batch:' || p.batch_id
               AND b.left_out_id IS DISTINCT FROM p.id
         WHERE p.state = 'paid' AND b.id IS NULL AND coalesce(s.amount_yen, l.amount_yen) IS DISTINCT FROM -p.amount_yen""", (16,)),
    Rule("a file that left in one sum paid everybody in it", """
        SELECT l.id FROM payments_bankline l
          LEFT JOIN payments_payout p ON l.reference = 'payout_batch:' || p.batch_id AND p.id IS DISTINCT FROM l.left_out_id
         WHERE l.use = 'batch' GROUP BY l.id
        HAVING sum(p.amount_yen) + l.fee_yen IS DISTINCT FROM -l.amount_yen OR bool_or(p.state NOT IN ('paid', 'returned'))""", (16, 17)),
    Rule("what the bank sent back of a payout is that payout, to the yen", """
        SELECT l.id FROM payments_bankline l LEFT JOIN payments_payout p ON l.reference = 'payout:' || p.id AND p.state = 'returned'
         WHERE l.use = 'return' AND l.reference NOT LIKE 'refund:%' AND p.amount_yen IS DISTINCT FROM l.amount_yen""", (16, 17)),
    Rule("a refund came back as often as the bank's lines say, each time to the yen", r"""
        SELECT coalesce(r.reference, b.reference) FROM payments_refund r FULL JOIN (
            SELECT substring(reference FROM '^refund:(\w+:\d+)') AS reference, count(*) AS count, min(amount_yen) AS least,
                   max(amount_yen) AS most FROM payments_bankline WHERE use = 'return' AND reference LIKE 'refund:%' GROUP BY 1) b
            ON b.reference = r.reference
         WHERE coalesce(r.came_back_count, 0) <> coalesce(b.count, 0) OR b.least <> r.amount_yen OR b.most <> r.amount_yen""", (16, 17)),
    Rule("what is counted as delivered until a day is the sum of the payouts that had ended", """
        SELECT d.day FROM (SELECT * FROM payments_delivereduntil ORDER BY day DESC LIMIT 1) d, LATERAL (
            SELECT coalesce(sum(amount_yen), 0) AS yen, count(DISTINCT worker_id) AS people FROM payments_payout
             WHERE state = 'paid' AND ended_at < (d.day + 1)::timestamp AT TIME ZONE 'Asia/Tokyo') p
         WHERE d.amount_yen <> p.yen OR d.people_count <> p.people""", (30,)),
    Rule("a deposit has its line on the statement, or its payment by card, of the same sum", """
        SELECT f.id FROM payments_funding f LEFT JOIN payments_statementline s ON s.key = f.bank_key
          LEFT JOIN cards_intent c ON f.bank_key = 'card:' || c.id AND c.state = 'captured'
         WHERE f.part_of_id IS NULL AND coalesce(s.amount_yen, c.amount_yen) IS DISTINCT FROM f.amount_yen""", (16,)),
    Rule("what was passed on of a deposit is less than it", """
        SELECT f.id FROM payments_funding f JOIN payments_funding p ON p.part_of_id = f.id
         GROUP BY f.id, f.amount_yen, f.party_id HAVING sum(p.amount_yen) >= f.amount_yen OR bool_or(p.party_id <> f.party_id)""", (19,)),
    Rule("the bank account in the books is the sum of the lines that were read", _as_read(f"SELECT yen FROM {in_account(_BANK)} b"), (17,),
         lately=_as_read(f"SELECT ledger_sum({_BANK})")),
    Rule("what the town kept is the fees of what was earned, and the tax on them", _as_kept(
        f"SELECT f.yen, t.yen FROM {in_account(_FEE)} f, {in_account(_TAX)} t"), (9,),
         lately=_as_kept(f"SELECT ledger_sum({_FEE}), ledger_sum({_TAX})")),
    Rule("no money lies where no other rule would look for it", f"""
        SELECT number FROM ledger_account WHERE number NOT IN ({_OF_THE_TOWN})
           AND (number / {OWNERS} NOT IN ({_EXPLAINED}) OR number % {OWNERS} = 0)""", (1,)),
    Rule("what lies in suspense was paid in, and is neither held for a piece of work nor given back", f"""
        SELECT b.yen FROM {in_account(_SUSPENSE)} b, (
            SELECT coalesce(sum(s.amount_yen), 0) AS yen FROM payments_statementline s
              LEFT JOIN payments_funding f ON f.bank_key = s.key LEFT JOIN payments_statementline r ON r.key = 'return:' || s.key
             WHERE s.key LIKE 'deposit:%' AND f.id IS NULL AND r.key IS NULL) w, (
            SELECT coalesce(sum(l.amount_yen), 0) AS yen FROM payments_bankline l
              LEFT JOIN payments_funding f ON f.bank_key = 'row:' || l.row_id
             WHERE l.state IN ('open', 'returning', 'returned') OR l.use = 'answer' OR l.use = 'deposit' AND f.id IS NULL) l, (
            SELECT coalesce(sum(c.amount_yen), 0) AS yen FROM cards_intent c
             WHERE c.state = 'captured' AND NOT EXISTS (SELECT FROM payments_funding f WHERE f.bank_key = 'card:' || c.id)
               AND NOT EXISTS (SELECT FROM payments_refund r WHERE r.reference = 'card:' || c.id)) c
         WHERE b.yen <> w.yen + l.yen + c.yen""", (16,)),
    Rule("an entry of the ledger ends a piece of work as its earnings and its refund say", """
        SELECT coalesce(s.reference, w.reference) FROM
          (SELECT CASE WHEN l.key LIKE 'settle:bonus:%' THEN '' ELSE 'milestone:' END || substr(l.key, 8) AS reference,
                  sum(t.amount_yen) AS yen FROM ledger_entry l
             JOIN ledger_transfer t ON t.entry_id = l.id WHERE l.key LIKE 'settle:%' GROUP BY l.key) s
          FULL JOIN (SELECT reference, sum(yen) AS yen FROM
            (SELECT reference, price_yen + tax_yen + client_fee_yen + client_fee_tax_yen AS yen FROM payments_earning
              WHERE reference LIKE 'milestone:%' OR reference LIKE 'bonus:%'
             UNION ALL SELECT reference, amount_yen FROM payments_refund WHERE reference LIKE 'milestone:%'
             UNION ALL SELECT reference, gone_yen FROM payments_taken WHERE state = 'covered' AND gone_yen > 0
                          AND reference LIKE 'milestone:%') p GROUP BY 1) w
            ON w.reference = s.reference
         WHERE s.yen IS DISTINCT FROM w.yen""", (8,)),
    Rule("a client's credit is what is on its way back to them", f"""
        SELECT coalesce(b.owner, r.party_id) FROM
          (SELECT account_id - {_CREDIT} AS owner, balance_yen FROM ledger_balance
            WHERE account_id >= {_CREDIT} AND account_id < {_CREDIT} + 1000000000000 AND balance_yen <> 0) b
          FULL JOIN (SELECT party_id, sum(amount_yen) AS yen FROM payments_refund WHERE state <> 'paid' GROUP BY 1) r
            ON r.party_id = b.owner
         WHERE coalesce(b.balance_yen, 0) <> coalesce(r.yen, 0)"""),
    Rule("a refund has its line on the statement, and its deposit, which is no smaller", """
        SELECT r.id FROM payments_refund r
          CROSS JOIN LATERAL (SELECT 'refund:' || r.reference || coalesce(':' || nullif(r.came_back_count, 0), '') AS bank) key
          LEFT JOIN payments_statementline s ON s.key = key.bank
          LEFT JOIN payments_bankline o ON o.use = 'refund' AND o.reference = key.bank
          LEFT JOIN payments_funding f ON CASE WHEN r.funding_id IS NULL THEN f.reference = r.reference ELSE f.id = r.funding_id END
          LEFT JOIN payments_bankline i ON r.reference = 'row:' || i.row_id AND i.state = 'owed'
          LEFT JOIN cards_intent c ON r.reference = 'card:' || c.id AND c.state = 'captured'
          LEFT JOIN cards_cardrefund b ON b.reference = 'refund:' || r.reference AND b.state = 'succeeded'
         WHERE r.state = 'paid' AND coalesce(s.amount_yen, o.amount_yen, -b.amount_yen) IS DISTINCT FROM -r.amount_yen
            OR r.reference !~ '^(withheld|adjust):' AND (coalesce(f.amount_yen, i.amount_yen, c.amount_yen) IS NULL
                OR coalesce(f.amount_yen, i.amount_yen, c.amount_yen) < r.amount_yen OR coalesce(f.party_id, c.party_id) <> r.party_id)
        """, (19,)),
    Rule("what is withheld for a client is what was withheld from their payments and not given back", f"""
        SELECT coalesce(b.owner, e.party_id) FROM
          (SELECT account_id - {_WITHHELD} AS owner, balance_yen FROM ledger_balance
            WHERE account_id >= {_WITHHELD} AND account_id < {_WITHHELD} + {OWNERS} AND balance_yen <> 0) b
          FULL JOIN (SELECT party_id, sum(withheld_yen) AS yen FROM payments_earning WHERE given_back_id IS NULL GROUP BY 1) e
            ON e.party_id = b.owner
         WHERE coalesce(b.balance_yen, 0) <> coalesce(e.yen, 0)"""),
    Rule("withheld tax that was given back is that of its client's payments, to the yen", """
        SELECT r.id FROM payments_refund r LEFT JOIN payments_earning e ON e.given_back_id = r.id WHERE r.reference LIKE 'withheld:%'
         GROUP BY r.id HAVING r.amount_yen IS DISTINCT FROM sum(e.withheld_yen) OR bool_or(e.party_id <> r.party_id)""", (19,)),
    Rule("every line of the town's own account is in the books, of the same sum", """
        SELECT coalesce('row:' || r.id, s.key) FROM banking_bankrow r
          FULL JOIN (SELECT key, amount_yen FROM payments_statementline WHERE key LIKE 'row:%') s ON s.key = 'row:' || r.id
          LEFT JOIN payments_bankline b ON b.row_id = r.id
         WHERE s.amount_yen IS DISTINCT FROM r.amount_yen OR b.amount_yen IS DISTINCT FROM r.amount_yen""", (16, 17)),
    Rule("every line of the town's own account continues the one before it", BROKEN_CHAIN, (17,)),
    Rule("a deposit that was waited for is its line, to the yen", """
        SELECT d.id FROM payments_expecteddeposit d JOIN payments_bankline b ON b.id = d.line_id
         WHERE d.amount_yen <> b.amount_yen OR b.use NOT IN ('deposit', 'back')""", (16,)),
    Rule("a line that left for somebody is a payout that was paid, or came back by another line", """
        SELECT l.id FROM payments_bankline l LEFT JOIN payments_payout p ON l.reference = 'payout:' || p.id
           AND (p.state = 'paid' OR p.state = 'returned' AND EXISTS (
                SELECT FROM payments_bankline r WHERE r.use = 'return' AND r.reference = l.reference))
         WHERE l.use = 'payout' AND p.id IS NULL""", (17,)),
    Rule("what was sent back to whoever paid it left with its own sum", """
        SELECT a.id FROM payments_bankline a LEFT JOIN payments_bankline b ON a.reference = 'row:' || b.row_id AND b.state = 'returned'
         WHERE a.use = 'answer' AND a.amount_yen IS DISTINCT FROM -b.amount_yen""", (16,)),
    Rule("every line that was read belongs to a deposit, a payout or a refund", r"""
        SELECT s.key FROM payments_statementline s
          LEFT JOIN payments_payout p ON s.key IN ('payout:' || p.id, 'return:payout:' || p.id) AND p.amount_yen = abs(s.amount_yen)
           AND CASE WHEN s.key LIKE 'return:%' THEN p.state = 'returned' AND s.amount_yen > 0
                    ELSE p.state IN ('paid', 'returned') AND s.amount_yen < 0 END
          LEFT JOIN payments_refund r ON r.reference = substring(s.key FROM '^refund:(\w+:\d+)')
           AND (r.state = 'paid' OR r.came_back_count > 0)
          LEFT JOIN payments_statementline d ON s.key = 'return:' || d.key AND d.key LIKE 'deposit:%' AND d.amount_yen = -s.amount_yen
         WHERE p.id IS NULL AND r.id IS NULL AND d.key IS NULL AND NOT (s.key LIKE 'deposit:%' AND s.amount_yen > 0)
           AND s.key NOT LIKE 'row:%' AND s.key NOT LIKE 'opening:%'""", (16,)),
    Rule("an entry about a payout touches only its worker's money", f"""
        SELECT e.id FROM ledger_entry e JOIN payments_payout p ON e.reference = 'payout:' || p.id
          JOIN ledger_transfer t ON t.entry_id = e.id CROSS JOIN LATERAL (VALUES (t.debit_id), (t.credit_id)) a (number)
         WHERE a.number < {TOWN * OWNERS} AND a.number NOT IN ({_WORKER} + p.worker_id, {_TRANSIT} + p.worker_id)""", (23,)),
    Rule("money arrives after it left, and is settled after it came", """
        SELECT e.id FROM ledger_entry e JOIN ledger_entry b ON b.key = CASE
            WHEN e.key LIKE 'settle:%' THEN 'fund:' || substr(e.key, 8)
            WHEN e.key LIKE 'award:%' THEN 'fund:job:' || substr(e.key, 7)
            WHEN e.key LIKE 'payout_end:%' THEN 'payout:' || substr(e.key, 12)
            WHEN e.key LIKE 'payout_back:%' THEN 'payout_end:' || substr(e.key, 13)
            WHEN e.key LIKE 'refund_back:%' THEN 'refund:' || substr(e.key, 13)
            WHEN e.key LIKE 'return:deposit:%' THEN substr(e.key, 8) END
         WHERE e.happened_at < b.happened_at""", (24,)),
    Rule("an entry names who did it: a person of the town, or its clock", """
        SELECT e.id FROM ledger_entry e LEFT JOIN accounts_user u ON e.actor = 'user:' || u.id
         WHERE u.id IS NULL AND e.actor !~ '^system:[a-z_]+$'""", (25,)),
    Rule("an entry has its fact", _has_its_fact("true"), (25,), lately=_has_its_fact("e.happened_at >= ledger_sealed_until()")),
    Rule("what the town owes people is no more than what lies at the bank and at the payment service", _owes_no_more(
        f"SELECT b.yen + g.yen FROM {in_account(_BANK)} b, {in_account(_GATEWAY)} g"), (26,),
         lately=_owes_no_more(f"SELECT ledger_sum({_BANK}) + ledger_sum({_GATEWAY})")),
    Rule("what was told to the bank is on its statement in time", """
        SELECT id FROM payments_payout WHERE CASE WHEN %(by_file)s THEN state IN ('requested', 'sending') AND value_on < %(day)s
                                                  ELSE state = 'sending' AND requested_at < %(moment)s END""",
         (28,), Class.LIVENESS, values=lambda: {
             "by_file": has_own_account(), "moment": _answered_after(), "day": clock.day_of(_answered_after())}),
    Rule("no money is sent to an account that was named less than its hold before", """
        SELECT id FROM payments_payout WHERE requested_at < free_from OR batch_id IS NOT NULL AND free_from IS NULL""", (18,)),
    Rule("a line of the bank is placed in time", """
        SELECT l.id FROM payments_bankline l JOIN banking_bankrow r ON r.id = l.row_id JOIN banking_import i ON i.id = r.brought_by_id
         WHERE l.state = 'open' AND i.imported_at < %(moment)s""",
         kind=Class.LIVENESS, values=lambda: {"moment": _read_before()}),
    Rule("what goes back to a client leaves in time", """
        SELECT id FROM payments_refund WHERE state <> 'paid' AND requested_at < %(moment)s""",
         kind=Class.LIVENESS, values=lambda: {"moment": _read_before()}),
    Rule("a batch for the bank is the sum of its payouts, of one day and one person each", """
        SELECT b.id FROM payments_payoutbatch b LEFT JOIN payments_payout p ON p.batch_id = b.id
         GROUP BY b.id HAVING b.state <> 'withdrawn' AND (b.total_yen IS DISTINCT FROM sum(p.amount_yen) OR b.count <> count(p.id)
            OR bool_or(p.value_on <> b.value_on) OR count(DISTINCT p.worker_id) <> count(p.id)
            OR bool_or((p.state = 'requested') = (b.state IN ('written', 'given'))))
            OR b.state = 'withdrawn' AND count(p.id) > 0""", (15,)),
    Rule(ON_STATEMENT, "", (16, 17)),                   # these three ask the bank itself: _against_the_bank
    Rule(ALL_READ, "", (16,)),
    Rule(DELIVERED, "", (17,)),
    Rule("no money leaves before its printed day, unless its worker asked for it", """
        SELECT e.id FROM payments_earning e JOIN payments_payout p ON p.id = e.payout_id WHERE p.value_on < e.pay_on AND NOT p.is_early"""),
)
MONEY = (*_MONEY, *CARDS)
RULES = (*BOOKS, *MONEY, *CORRECTIONS)


def broken(*, lately: bool = False) -> dict[str, list]:
    """Every broken rule of the books and of money, with the rows that break it; empty while all is well."""
    found = invariants.broken(RULES, lately=lately)
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT coalesce(sum(amount_yen), 0) FROM payments_payout p WHERE state = 'paid' AND NOT EXISTS (
                SELECT FROM payments_bankline l WHERE l.use = 'payout' AND l.reference = 'payout:' || p.id
                                                   OR l.use = 'batch' AND l.reference = 'payout_batch:' || p.batch_id)""")
        paid = int(cursor.fetchone()[0])
        cursor.execute("SELECT key, amount_yen FROM payments_statementline "
                       "WHERE key NOT LIKE 'row:%' AND key NOT LIKE 'opening:%'")       # the town's own account has rules of its own
        ours = dict(cursor.fetchall())
    return found | _against_the_bank(paid, ours)


def _against_the_bank(paid: int, ours: dict[str, int]) -> dict[str, list]:
    """Our figures beside the outside record, which is read after ours. What is on its way may be on one side only; what is paid may not."""
    bank = the_bank()
    if not bank.moves_at_once:                      # its own record are the lines that were read (banking), asked in the rules above
        return {}
    lines = {line.key: line.amount_yen for line in bank.statement()}
    found = {}
    if wrong := [key for key, amount in ours.items() if lines.get(key) != amount]:
        found[ON_STATEMENT] = wrong[:MOST_ROWS]
    if unread := _unread_for_long():
        found[ALL_READ] = unread[:MOST_ROWS]
    on_its_way = sum(-amount for key, amount in lines.items() if key.removeprefix("return:").startswith("payout:") and key not in ours)
    if bank.sent_yen() - on_its_way != paid:
        found[DELIVERED] = [paid, bank.sent_yen()]
    return found


def _unread_for_long() -> list[str]:
    """Deposits that nobody takes up. What is under way at this very moment is read by the second look."""
    unread = {line.key for line in unread_deposits()}
    if unread:
        time.sleep(SETTLING_SECONDS)
        unread &= {line.key for line in unread_deposits()}
    return sorted(unread)
