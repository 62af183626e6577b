"""What must always be true of money that comes by card: at the payment service, what a client's bank took back of it, and what is owed for
that. Each rule is a question that returns no rows while all is well.
"""
from machi.ledger.accounts import OWNERS, Kind
from machi.shared.invariants import Rule

_DEBT, _GATEWAY = Kind.CLIENT_DEBT.of(), Kind.GATEWAY.of()


def in_account(number: int) -> str:
    """What lies in an account of the town by all its transfers, as SQL: one row, `yen`."""
    return f"(SELECT coalesce(sum(CASE credit_id WHEN {number} THEN amount_yen ELSE -amount_yen END), 0) AS yen FROM ledger_transfer" \
           f" WHERE {number} IN (credit_id, debit_id))"


RULES = (
    Rule("what lies at the payment service is what was captured, less what it kept, what went back, and what it brought to the bank", f"""
        SELECT g.yen FROM {in_account(_GATEWAY)} g,
          (SELECT coalesce(sum(amount_yen - coalesce(fee_yen, 0)), 0) AS yen FROM cards_intent WHERE state = 'captured') i,
          (SELECT coalesce(sum(amount_yen), 0) AS yen FROM cards_cardrefund WHERE state = 'succeeded') r,
          (SELECT coalesce(sum(CASE state WHEN 'won' THEN fee_yen ELSE amount_yen + fee_yen END), 0) AS yen FROM cards_chargeback) c,
          (SELECT coalesce(sum(amount_yen), 0) AS yen FROM payments_bankline WHERE use = 'service') b
         WHERE -g.yen <> i.yen - r.yen - c.yen - b.yen""", (17, 26)),
    Rule("what a client owes is what is open of their debts", f"""
        SELECT coalesce(d.owner, c.party_id) FROM
          (SELECT a.number - {_DEBT} AS owner, sum(CASE a.number WHEN t.debit_id THEN t.amount_yen ELSE -t.amount_yen END) AS yen
             FROM ledger_transfer t CROSS JOIN LATERAL (VALUES (t.debit_id), (t.credit_id)) a (number)
            WHERE a.number >= {_DEBT} AND a.number < {_DEBT} + {OWNERS} GROUP BY 1) d
          FULL JOIN (SELECT party_id, sum(amount_yen - repaid_yen - lost_yen - back_yen) AS yen FROM payments_debt GROUP BY 1) c
            ON c.party_id = d.owner
         WHERE coalesce(d.yen, 0) <> coalesce(c.yen, 0)""", (19,)),
    Rule("a client owes no more of a chargeback's fee than the service took, and only what they had read of", """
        SELECT b.id FROM cards_chargeback b JOIN cards_intent i ON i.id = b.intent_id
          LEFT JOIN payments_debt d ON d.reference = 'chargeback_fee:' || b.id
         WHERE b.fee_theirs_yen > 0 AND NOT i.is_fee_theirs OR b.fee_theirs_yen > coalesce(d.amount_yen, 0)
            OR d.amount_yen - d.repaid_yen - d.lost_yen - d.back_yen > b.fee_theirs_yen""", (19,)),
    Rule("a debt is what was taken back of money that was not held any more, or what the town stood in for", """
        SELECT coalesce(d.reference, o.reference) FROM payments_debt d
          FULL JOIN (SELECT 'chargeback:' || b.id AS reference, b.amount_yen - b.borne_yen AS yen, i.party_id
                       FROM cards_chargeback b JOIN cards_intent i ON i.id = b.intent_id WHERE b.amount_yen > b.borne_yen
                     UNION ALL SELECT 'taken:' || t.id, t.amount_yen, i.party_id FROM payments_taken t
                       JOIN cards_chargeback b ON b.id = t.chargeback_id JOIN cards_intent i ON i.id = b.intent_id
                      WHERE t.state = 'covered'
                     UNION ALL SELECT 'chargeback_fee:' || b.id, t.amount_yen, i.party_id FROM cards_chargeback b
                       JOIN cards_intent i ON i.id = b.intent_id AND i.is_fee_theirs
                       JOIN ledger_entry e ON e.key = 'chargeback_fee_debt:' || b.id JOIN ledger_transfer t ON t.entry_id = e.id
                      WHERE b.state = 'lost') o ON o.reference = d.reference
         WHERE d.amount_yen IS DISTINCT FROM o.yen OR d.party_id <> o.party_id""", (19,)),
    Rule("what is called repaid of a debt came in, and what is called given up two people signed", """
        SELECT 'debt:' || coalesce(d.id, f.debt) FROM (SELECT id, repaid_yen FROM payments_debt WHERE repaid_yen > 0) d
          FULL JOIN (SELECT coalesce(r.debt_id, substring(c.reference FROM '^debt:([0-9]+)$')::bigint) AS debt, sum(c.amount_yen) AS yen
                       FROM payments_funding c LEFT JOIN payments_repayment r ON c.reference = 'repay:' || r.id
                      WHERE c.reference LIKE 'debt:%' OR c.reference LIKE 'repay:%' GROUP BY 1) f ON f.debt = d.id
         WHERE d.repaid_yen IS DISTINCT FROM f.yen
        UNION ALL SELECT 'repay:' || r.id FROM payments_repayment r JOIN payments_funding f ON f.reference = 'repay:' || r.id
         WHERE f.amount_yen <> r.amount_yen
        UNION ALL SELECT 'party:' || coalesce(d.party_id, a.party_id) FROM
          (SELECT party_id, sum(lost_yen) AS yen FROM payments_debt GROUP BY 1) d
          FULL JOIN (SELECT party_id, sum(amount_yen) AS yen FROM payments_adjustment
                      WHERE state = 'signed' AND what = 'debt_lost' GROUP BY 1) a ON a.party_id = d.party_id
         WHERE coalesce(d.yen, 0) <> coalesce(a.yen, 0)""", (19,)),
    Rule("what was taken back of held money is a part of its chargeback, and stands as that does", """
        SELECT b.id FROM cards_chargeback b LEFT JOIN payments_taken t ON t.chargeback_id = b.id GROUP BY b.id
        HAVING coalesce(sum(t.amount_yen), 0) <> b.borne_yen OR bool_or(t.id IS NOT NULL AND CASE t.state
            WHEN 'resting' THEN b.state IN ('won', 'lost') WHEN 'back' THEN b.state <> 'won' ELSE b.state <> 'lost' END)""", (19,)),
    Rule("what was paid in anew is what was lost of held money, to the yen", """
        SELECT coalesce(t.place, f.reference) FROM
          (SELECT 'again:' || chargeback_id AS place, sum(amount_yen) AS yen FROM payments_taken WHERE state = 'filled' GROUP BY 1) t
          FULL JOIN (SELECT reference, amount_yen FROM payments_funding WHERE reference LIKE 'again:%') f ON f.reference = t.place
         WHERE t.yen IS DISTINCT FROM f.amount_yen""", (19,)),
    Rule("a payment by card pays for one piece of work, and no more goes back to the card than came", """
        SELECT c.id FROM cards_intent c LEFT JOIN cards_cardrefund r ON r.intent_id = c.id AND r.state <> 'failed'
         GROUP BY c.id HAVING coalesce(sum(r.amount_yen), 0) > CASE c.state WHEN 'captured' THEN c.amount_yen ELSE 0 END""", (19,)),
    Rule("a deposit that was paid by card is that payment, to the yen", """
        SELECT d.id FROM payments_expecteddeposit d JOIN cards_intent c ON c.id = d.card_id
         WHERE (d.amount_yen, d.party_id, d.place) <> (c.amount_yen, c.party_id, c.place) OR c.state <> 'captured'""", (16,)),
)
