"""What must always be true of micro-tasks and their money. Each rule is a question that returns no rows while all is well."""
from machi.payments.fees_again import kept
from machi.payments.queries import BATCH_NUMBERS, OWNERS, PARTY_NUMBERS, WORKER_NUMBERS
from machi.shared import clock, invariants
from machi.shared.invariants import Class, Rule

TAKES_A_PLACE = "('held', 'given', 'approved', 'refused', 'appealed', 'closed', 'flagged')"
_LEFT = "(SELECT coalesce(sum(gross_yen + back_yen), 0) FROM tasks_closing c WHERE c.batch_id = b.id)"
_AWAY = f"""(SELECT coalesce(sum(t.amount_yen), 0) FROM payments_taken t
             WHERE t.state IN ('resting', 'lost') AND t.held_in = {BATCH_NUMBERS} + b.id)"""

RULES = (
    Rule("what is held for a batch is what was paid in for it, less what was given out and what went back", f"""
        SELECT coalesce(h.owner, b.id) FROM
          (SELECT account_id - {BATCH_NUMBERS} AS owner, balance_yen FROM ledger_balance
            WHERE account_id >= {BATCH_NUMBERS} AND account_id < {BATCH_NUMBERS} + {OWNERS} AND balance_yen <> 0) h
          FULL JOIN (SELECT b.id, b.pot_yen - {_LEFT} - {_AWAY} AS yen FROM tasks_batch b) b ON b.id = h.owner
         WHERE coalesce(h.balance_yen, 0) <> coalesce(b.yen, 0)""", (13,)),
    Rule("a batch that has ended holds nothing", f"""
        SELECT b.id FROM tasks_batch b WHERE b.state = 'ended' AND b.pot_yen <> {_LEFT}""", (13,)),
    Rule("what is held for a batch is enough for every answer that may still be paid", f"""
        SELECT b.id FROM tasks_batch b, LATERAL (
            SELECT coalesce((SELECT sum(u.price_yen * CASE a.state WHEN 'closed' THEN a.paid_percent ELSE 100 END / 100)
                               FROM tasks_answer a JOIN tasks_bundle u ON u.id = a.bundle_id
                              WHERE a.batch_id = b.id AND a.closing_id IS NULL AND a.state IN {TAKES_A_PLACE}), 0)
                   + b.price_yen * (b.extra_left
                      + coalesce((SELECT sum(places_free) FROM tasks_item i WHERE i.batch_id = b.id), 0)) AS yen) n
         WHERE b.state <> 'draft' AND n.yen > b.pot_yen - {_LEFT}""", (13,)),
    Rule("a batch is out with its money, paid in as its deposits say", """
        SELECT b.id FROM tasks_batch b LEFT JOIN tasks_slots s ON s.batch_id = b.id AND s.held_at IS NOT NULL
          LEFT JOIN payments_funding f ON f.reference = 'slots:' || s.id
         GROUP BY b.id HAVING b.pot_yen <> coalesce(sum(f.amount_yen), 0) OR b.slots_count <> coalesce(sum(s.count), 0)
             OR bool_or(s.id IS NOT NULL AND f.amount_yen IS DISTINCT FROM s.amount_yen) OR bool_or(f.party_id <> b.client_id)""", (13,)),
    Rule("every answer that was paid in for is free, taken, kept for a disagreement, or given back", """
        SELECT b.id FROM tasks_batch b, LATERAL (
            SELECT coalesce(sum(places_count), 0) AS places FROM tasks_item i WHERE i.batch_id = b.id) i
         WHERE b.state <> 'draft' AND b.slots_count <> i.places + b.extra_left + b.slots_back_count""", (13,)),
    Rule("of the places of an item so many are free as nobody has taken", f"""
        SELECT i.id FROM tasks_item i LEFT JOIN tasks_answer a ON a.item_id = i.id AND a.state IN {TAKES_A_PLACE}
         GROUP BY i.id HAVING i.places_count - i.places_free <> count(a.id)""", (13,)),
    Rule("an answer belongs to the bundle, the item and the batch it says, and to its worker", """
        SELECT a.id FROM tasks_answer a JOIN tasks_bundle u ON u.id = a.bundle_id JOIN tasks_item i ON i.id = a.item_id
         WHERE a.worker_id <> u.worker_id OR a.batch_id <> u.batch_id OR a.batch_id <> i.batch_id""", (13, 23)),
    Rule("a closing paid what its answers cost, to whoever gave them", """
        SELECT coalesce(c.id, e.id) FROM
          (SELECT c.id, u.worker_id, sum(u.price_yen * a.paid_percent / 100) AS yen FROM tasks_closing c
             JOIN tasks_answer a ON a.closing_id = c.id JOIN tasks_bundle u ON u.id = a.bundle_id GROUP BY 1, 2) c
          FULL JOIN (SELECT id, worker_id, price_yen, reference FROM payments_earning WHERE reference LIKE 'closing:%') e
            ON e.reference = 'closing:' || c.id AND e.worker_id = c.worker_id
         WHERE coalesce(c.yen, 0) <> coalesce(e.price_yen, 0)""", (9, 13)),
    Rule("a closing says what left its batch, and what went back", """
        SELECT c.id FROM tasks_closing c
          LEFT JOIN LATERAL (SELECT sum(price_yen + tax_yen + client_fee_yen + client_fee_tax_yen) AS yen FROM payments_earning
                              WHERE reference = 'closing:' || c.id) e ON true
          LEFT JOIN payments_refund r ON r.reference = 'closing:' || c.id
         WHERE c.gross_yen <> coalesce(e.yen, 0) OR c.back_yen <> coalesce(r.amount_yen, 0)""", (9, 13)),
    Rule("of no deposit for tasks more goes back than came", """
        SELECT f.id FROM payments_funding f JOIN payments_refund r ON r.funding_id = f.id
         GROUP BY f.id HAVING sum(r.amount_yen) > f.amount_yen OR bool_or(r.party_id <> f.party_id)""", (19,)),
    Rule("what the town kept of answers is its fee by the rates of the day on which the batch went out", f"""
        SELECT e.id FROM payments_earning e JOIN tasks_batch b ON e.about = 'batch:' || b.id,
          {kept("fee", "e.price_yen", frozen="b.rates", on="b.published_at::date", form="'task'")}
         WHERE (e.tax_yen, e.fee_yen, e.fee_tax_yen, e.client_fee_yen, e.client_fee_tax_yen)
            IS DISTINCT FROM (fee.tax, fee.fee, fee.fee_tax, fee.client_fee, fee.client_fee_tax)""", (10,)),
    Rule("an entry about a batch touches only its own money, its workers and its client", f"""
        SELECT e.id FROM ledger_entry e JOIN tasks_batch b ON e.reference = 'batch:' || b.id
          JOIN ledger_transfer t ON t.entry_id = e.id CROSS JOIN LATERAL (VALUES (t.debit_id), (t.credit_id)) a (number)
         WHERE CASE a.number / {OWNERS} WHEN {BATCH_NUMBERS // OWNERS} THEN a.number % {OWNERS} <> b.id
            WHEN {WORKER_NUMBERS // OWNERS} THEN NOT EXISTS (
                SELECT FROM tasks_bundle u WHERE u.batch_id = b.id AND u.worker_id = a.number % {OWNERS})
            ELSE a.number / {OWNERS} IN ({', '.join(str(first // OWNERS) for first in PARTY_NUMBERS)})
                 AND a.number % {OWNERS} <> b.client_id END""", (23,)),
    Rule("a bundle that is over holds nothing that somebody else could answer", """
        SELECT u.id FROM tasks_bundle u JOIN tasks_answer a ON a.bundle_id = u.id AND a.state = 'held' WHERE u.state <> 'open'"""),
    Rule("what nobody looked at is approved in time", """
        SELECT a.id FROM tasks_answer a JOIN tasks_batch b ON b.id = a.batch_id
         WHERE a.state IN ('given', 'flagged') AND a.given_at < %(now)s - make_interval(days => b.acceptance_days + 1)""",
         kind=Class.LIVENESS, values=lambda: {"now": clock.now()}),
)


def broken() -> dict[str, list]:
    """Every broken rule with the rows that break it; empty while all is well."""
    return invariants.broken(RULES)
