"""What must always be true of contracts, their money and their clients. Each rule is a question that returns no rows while all is well."""
from machi.contracts.bonus_rules import RULES as BONUSES
from machi.contracts.differences import RULED_WITHIN, late_before
from machi.contracts.facts import DELIVERED, DELIVERY_ACCEPTED, WEEK_SUBMITTED
from machi.payments.fees_again import kept
from machi.payments.queries import ESCROW_NUMBERS, OWNERS, PARTY_NUMBERS, WORKER_NUMBERS
from machi.shared import clock, invariants
from machi.shared.invariants import Class, Rule

# The newest paper that names a step of the milestone m: the terms, or other terms that both signed later.
_PAPER = """
    SELECT papers.signed_at, papers.step FROM (
        SELECT c.formed_at AS signed_at, step FROM contracts_contract c JOIN contracts_offer o ON o.id = c.offer_id,
               jsonb_array_elements(coalesce(o.terms->'steps', jsonb_build_array(o.terms))) step WHERE c.id = m.contract_id
        UNION ALL
        SELECT w.ended_at, step FROM contracts_changeorder w, jsonb_array_elements(w.addition->'steps') step
         WHERE w.contract_id = m.contract_id AND w.state = 'agreed'
        UNION ALL
        SELECT n.ended_at, step FROM contracts_standin n, jsonb_array_elements(n.addition->'steps') step
         WHERE n.contract_id = m.contract_id AND n.state = 'took_over') papers
     WHERE coalesce((papers.step->>'number')::int, 1) = m.number ORDER BY papers.signed_at DESC LIMIT 1"""

# What was held for the milestone m and is gone, because the client's bank took it back.
_TAKEN_BACK = """
    (SELECT coalesce(sum(CASE WHEN t.state IN ('resting', 'lost') THEN t.amount_yen ELSE t.gone_yen END), 0) FROM payments_taken t
      WHERE t.reference = 'milestone:' || m.id)"""

RULES = (
    *BONUSES,
    Rule("a contract's escrow is what its funded milestones hold", f"""
        SELECT coalesce(b.owner, m.contract_id) FROM
          (SELECT account_id - {ESCROW_NUMBERS} AS owner, balance_yen FROM ledger_balance
            WHERE account_id >= {ESCROW_NUMBERS} AND account_id < {ESCROW_NUMBERS} + 1000000000000 AND balance_yen <> 0) b
          FULL JOIN (SELECT contract_id, sum(held_yen - {_TAKEN_BACK}) AS yen FROM contracts_milestone m
                      WHERE state IN ('funded', 'delivered', 'disputed', 'passed_on') GROUP BY 1) m ON m.contract_id = b.owner
         WHERE coalesce(b.balance_yen, 0) <> coalesce(m.yen, 0)""", (6, 7)),
    Rule("a step that was paid has its earning, and an earning its step", """
        SELECT coalesce(m.id::text, e.reference) FROM (SELECT id FROM contracts_milestone WHERE state IN ('accepted', 'settled')) m
          FULL JOIN (SELECT DISTINCT reference FROM payments_earning WHERE reference LIKE 'milestone:%') e
            ON e.reference = 'milestone:' || m.id WHERE m.id IS NULL OR e.reference IS NULL"""),
    Rule("the earning's worker and client are the contract's", """
        SELECT m.id FROM contracts_milestone m JOIN contracts_contract c ON c.id = m.contract_id
          JOIN payments_earning e ON e.reference = 'milestone:' || m.id
         WHERE e.worker_id <> c.worker_id OR e.party_id <> c.client_id OR e.pay_on <> m.pay_on""", (23,)),
    Rule("what was paid for an accepted step is what was agreed", """
        SELECT m.id FROM contracts_milestone m JOIN payments_earning e ON e.reference = 'milestone:' || m.id WHERE m.state = 'accepted'
         GROUP BY m.id HAVING (sum(e.price_yen), sum(e.tax_yen), sum(e.fee_yen), sum(e.fee_tax_yen), sum(e.withheld_yen),
                                 sum(e.client_fee_yen), sum(e.client_fee_tax_yen))
            IS DISTINCT FROM (m.price_yen, m.held_yen - m.price_yen - m.client_fee_yen - m.client_fee_tax_yen, m.fee_yen, m.fee_tax_yen,
                              m.withheld_yen, m.client_fee_yen, m.client_fee_tax_yen)""", (9,)),
    Rule("what was held for a step that is over was paid, went back, or was taken back, to the yen", f"""
        SELECT m.id FROM contracts_milestone m
          LEFT JOIN (SELECT reference, sum(price_yen + tax_yen + client_fee_yen + client_fee_tax_yen) AS yen
                       FROM payments_earning GROUP BY 1) e
            ON e.reference = 'milestone:' || m.id
          LEFT JOIN payments_refund r ON r.reference = 'milestone:' || m.id
         WHERE m.state IN ('accepted', 'settled', 'refunded')
           AND (coalesce(e.yen, 0) + m.refunded_yen <> m.held_yen OR coalesce(r.amount_yen, 0) + {_TAKEN_BACK} <> m.refunded_yen)""", (9,)),
    Rule("the money of a step is what both signed last", f"""
        SELECT m.id FROM contracts_milestone m JOIN LATERAL ({_PAPER}) p ON true
         WHERE m.state <> 'void' AND (m.price_yen, m.held_yen, m.fee_yen, m.fee_tax_yen, m.withheld_yen, m.client_fee_yen,
                                      m.client_fee_tax_yen, m.before_yen) IS DISTINCT FROM
            ((p.step->>'price_yen')::bigint, (p.step->>'client_pays_yen')::bigint, (p.step->>'fee_yen')::bigint,
             (p.step->>'fee_tax_yen')::bigint, (p.step->>'withheld_yen')::bigint, coalesce((p.step->>'client_fee_yen')::bigint, 0),
             coalesce((p.step->>'client_fee_tax_yen')::bigint, 0), coalesce((p.step->>'before_yen')::bigint, 0))""", (10,)),
    Rule("fees go on from what the steps before cost, whoever did them, while nothing of them went back", """
        SELECT id FROM (
            SELECT m.id, m.before_yen, sum(m.price_yen) OVER (PARTITION BY w.work ORDER BY w.is_later, m.number) - m.price_yen AS cost,
                   bool_or(m.refunded_yen > 0) OVER (PARTITION BY w.work) AS went_back
              FROM contracts_milestone m JOIN contracts_contract c ON c.id = m.contract_id,
                   LATERAL (SELECT coalesce(c.takes_over_id, c.id) AS work, c.takes_over_id IS NOT NULL AS is_later) w
             WHERE c.form <> 'hourly' AND m.state <> 'void') steps
         WHERE before_yen <> cost AND NOT went_back""", kind=Class.LIVENESS),
    Rule("a funded milestone has its deposit, of the agreed sum", """
        SELECT m.id FROM contracts_milestone m JOIN contracts_contract c ON c.id = m.contract_id
          LEFT JOIN payments_funding f ON f.reference = 'milestone:' || m.id
          LEFT JOIN contracts_contract a ON a.takes_over_id = c.id
          LEFT JOIN contracts_milestone p ON p.contract_id = a.id AND p.number = 1 AND m.number = (
            SELECT max(number) FROM contracts_milestone WHERE contract_id = c.id AND funded_at IS NOT NULL)
         WHERE m.funded_at IS NOT NULL AND f.amount_yen IS DISTINCT FROM m.held_yen + coalesce(p.held_yen, 0)""", (7,)),
    Rule("the printed day of payment is at most sixty days after the work was received, unless a difference rested longer", """
        SELECT id FROM contracts_milestone WHERE delivered_at IS NOT NULL
           AND pay_on > (first_delivered_at AT TIME ZONE 'Asia/Tokyo')::date + 59 AND revisions_used = 0
           AND NOT (accepted_at IS NOT NULL AND pay_on <= (accepted_at AT TIME ZONE 'Asia/Tokyo')::date + 31
                    AND EXISTS (SELECT FROM contracts_dispute d WHERE d.milestone_id = contracts_milestone.id))""",
         (29,), Class.LIVENESS),
    Rule("what the town kept of a step is its fee by the rates of the day on which the terms were drafted", f"""
        SELECT e.id FROM payments_earning e JOIN contracts_milestone m ON e.reference = 'milestone:' || m.id
          JOIN contracts_contract c ON c.id = m.contract_id JOIN contracts_offer o ON o.id = c.offer_id,
          LATERAL (SELECT coalesce(o.terms->>'rates_on', o.terms->>'agreed_on')::date AS day,
                          CASE WHEN c.package_id IS NULL THEN c.form ELSE 'package' END AS form) d,
          {kept("until", "m.before_yen + e.price_yen", frozen="o.terms->'rates'", on="d.day", form="d.form")},
          {kept("before", "m.before_yen", frozen="o.terms->'rates'", on="d.day", form="d.form")}
         WHERE (e.tax_yen, e.fee_yen, e.fee_tax_yen, e.client_fee_yen, e.client_fee_tax_yen) IS DISTINCT FROM
            (until.tax - before.tax, until.fee - before.fee, until.fee_tax - before.fee_tax, until.client_fee - before.client_fee,
             until.client_fee_tax - before.client_fee_tax)""", (10,)),
    Rule("the steps of an offer cost together what it says", """
        SELECT o.id FROM contracts_offer o JOIN LATERAL (
            SELECT sum((step->>'price_yen')::bigint) AS price, sum((step->>'client_pays_yen')::bigint) AS pays
              FROM jsonb_array_elements(o.terms->'steps') step) s ON true
         WHERE o.terms ? 'steps' AND (s.price, s.pays) IS DISTINCT FROM
            ((o.terms->>'price_yen')::bigint, (o.terms->>'client_pays_yen')::bigint)""", (11,)),
    Rule("what was paid in for a contract was paid out, went back, or is held", f"""
        WITH moved AS (
            SELECT m.contract_id, f.amount_yen - coalesce((SELECT sum(p.amount_yen) FROM payments_funding p WHERE p.part_of_id = f.id), 0)
                   AS yen FROM contracts_milestone m JOIN payments_funding f ON f.reference = 'milestone:' || m.id
            UNION ALL SELECT m.contract_id, -e.price_yen - e.tax_yen - e.client_fee_yen - e.client_fee_tax_yen FROM contracts_milestone m
              JOIN payments_earning e ON e.reference = 'milestone:' || m.id
            UNION ALL SELECT m.contract_id, -r.amount_yen FROM contracts_milestone m
              JOIN payments_refund r ON r.reference = 'milestone:' || m.id
            UNION ALL SELECT m.contract_id, -{_TAKEN_BACK} FROM contracts_milestone m
            UNION ALL SELECT account_id - {ESCROW_NUMBERS}, -balance_yen FROM ledger_balance
             WHERE account_id >= {ESCROW_NUMBERS} AND account_id < {ESCROW_NUMBERS} + {OWNERS})
        SELECT contract_id FROM moved GROUP BY 1 HAVING sum(yen) <> 0""", (11,)),
    Rule("while a dispute is open, nothing ends its step", """
        SELECT d.id FROM contracts_dispute d JOIN ledger_entry e ON e.key = 'settle:' || d.milestone_id
         WHERE d.state <> 'closed'""", (20,)),
    Rule("a ruling gives out all that was held, as it says, and who signed it moved the money", f"""
        SELECT r.id FROM contracts_ruling r JOIN contracts_dispute d ON d.id = r.dispute_id
          JOIN contracts_milestone m ON m.id = d.milestone_id LEFT JOIN ledger_entry l ON l.key = 'settle:' || m.id
          LEFT JOIN LATERAL (SELECT sum(price_yen) AS price, sum(price_yen + tax_yen + client_fee_yen + client_fee_tax_yen) AS yen
                               FROM payments_earning WHERE reference = 'milestone:' || m.id) e ON true
          LEFT JOIN payments_refund b ON b.reference = 'milestone:' || m.id
         WHERE r.is_signed AND (d.state <> 'closed' OR l.actor <> 'user:' || r.answered_by_id
            OR coalesce(e.price, 0) <> r.price_yen
            OR coalesce(e.yen, 0) + coalesce(b.amount_yen, 0) + {_TAKEN_BACK} <> m.held_yen)""", (21,)),
    Rule("what both agreed to of a proposal is what was paid", """
        SELECT p.id FROM contracts_disputeproposal p JOIN contracts_dispute d ON d.id = p.dispute_id
          JOIN contracts_milestone m ON m.id = d.milestone_id
          LEFT JOIN LATERAL (SELECT sum(price_yen) AS price FROM payments_earning WHERE reference = 'milestone:' || m.id) e ON true
         WHERE p.worker_agreed_at IS NOT NULL AND p.client_agreed_at IS NOT NULL
           AND (d.state <> 'closed' OR coalesce(e.price, 0) <> p.price_yen)""", (21,)),
    Rule("what waits for the town in a difference waits a business day at most", """
        SELECT d.id FROM contracts_dispute d LEFT JOIN contracts_ruling r ON r.dispute_id = d.id AND r.is_signed IS NULL
         WHERE CASE d.state WHEN 'heard' THEN d.answered_at WHEN 'drafted' THEN r.written_at END < %(moment)s""",
         kind=Class.LIVENESS, values=lambda: {"moment": late_before()}),
    Rule("a mediation ends in time, and what was left to the town is ruled in time", """
        SELECT id FROM contracts_dispute WHERE state IN ('mediation', 'proposed') AND decide_by < %(now)s - interval '1 hour'
            OR state = 'escalated' AND escalated_at < %(days)s""",
         kind=Class.LIVENESS, values=lambda: {"now": clock.now(), "days": late_before(RULED_WITHIN)}),
    Rule("an entry about a contract touches only its own money, its worker and its client", f"""
        SELECT e.id FROM ledger_entry e JOIN contracts_contract c ON e.reference = 'contract:' || c.id
          JOIN ledger_transfer t ON t.entry_id = e.id CROSS JOIN LATERAL (VALUES (t.debit_id), (t.credit_id)) a (number)
         WHERE CASE a.number / {OWNERS}
            WHEN {ESCROW_NUMBERS // OWNERS} THEN a.number % {OWNERS} <> c.id AND NOT (
                e.key ~ '^(pass_on|chargeback|chargeback_end|again):' AND EXISTS (
                SELECT FROM contracts_contract n WHERE n.id = a.number % {OWNERS} AND n.takes_over_id = c.id))
            WHEN {WORKER_NUMBERS // OWNERS} THEN a.number % {OWNERS} <> c.worker_id
            ELSE a.number / {OWNERS} IN ({', '.join(str(first // OWNERS) for first in PARTY_NUMBERS)})
                 AND a.number % {OWNERS} <> c.client_id END""", (23,)),
    Rule("nothing is accepted before it was handed over", f"""
        SELECT m.id FROM contracts_milestone m JOIN activity_fact a ON a.about = 'contract:' || m.contract_id
           AND a.name = '{DELIVERY_ACCEPTED}' AND (a.data->>'milestone')::bigint = m.id
         WHERE NOT EXISTS (SELECT FROM activity_fact d WHERE d.about = a.about AND d.name IN ('{DELIVERED}', '{WEEK_SUBMITTED}')
                              AND (d.data->>'milestone')::bigint = m.id AND d.id < a.id)""", (24,)),
    Rule("what silence accepts is accepted within an hour", """
        SELECT id FROM contracts_milestone m WHERE state = 'delivered' AND accept_by < %(now)s - interval '1 hour'
           AND NOT EXISTS (SELECT FROM payments_taken t WHERE t.state IN ('resting', 'lost') AND t.reference = 'milestone:' || m.id)""",
         (27,), Class.LIVENESS, values=lambda: {"now": clock.now()}),
    Rule("work that was handed over and whose money a bank took back for good is decided in time", """
        SELECT m.id FROM contracts_milestone m JOIN payments_taken t ON t.reference = 'milestone:' || m.id AND t.state = 'lost'
         WHERE m.first_delivered_at IS NOT NULL AND t.until_at < %(now)s""",
         kind=Class.LIVENESS, values=lambda: {"now": clock.now()}),
    Rule("what was accepted is paid before day 45 of its receipt", """
        SELECT m.id FROM contracts_milestone m JOIN payments_earning e ON e.reference = 'milestone:' || m.id
          LEFT JOIN payments_payout p ON p.id = e.payout_id
         WHERE m.first_delivered_at IS NOT NULL AND p.state IS DISTINCT FROM 'paid' AND e.amount_yen > 0
           AND (m.first_delivered_at AT TIME ZONE 'Asia/Tokyo')::date + 44 <= %(today)s""",
         (29,), Class.LIVENESS, values=lambda: {"today": clock.today()}),
    Rule("the due date and the printed day of payment are the newest that both agreed on", f"""
        SELECT m.id FROM contracts_milestone m JOIN LATERAL ({_PAPER}) p ON true
          LEFT JOIN LATERAL (SELECT d.wished_on, d.addition, d.ended_at FROM contracts_daterequest d
                              WHERE d.milestone_id = m.id AND d.state = 'agreed' ORDER BY d.version DESC LIMIT 1) d
            ON d.ended_at > p.signed_at
         WHERE m.state <> 'void' AND (m.due_on <> coalesce(d.wished_on, (p.step->>'due_on')::date)
            OR m.first_delivered_at IS NULL AND m.accepted_at IS NULL
               AND m.pay_on <> coalesce(d.addition->>'pay_on', p.step->>'pay_on')::date)"""),
    Rule("what was agreed later is numbered without a gap, each tied to the paper before it", """
        SELECT d.id FROM contracts_daterequest d JOIN contracts_milestone m ON m.id = d.milestone_id
          JOIN contracts_contract c ON c.id = m.contract_id JOIN contracts_offer o ON o.id = c.offer_id
          LEFT JOIN contracts_daterequest b ON b.milestone_id = d.milestone_id AND b.version = d.version - 1
         WHERE d.state = 'agreed' AND (d.addition->>'after' IS DISTINCT FROM coalesce(b.addition_hash, o.terms_hash)
            OR d.version > 1 AND b.id IS NULL OR d.addition->>'due_on' <> d.wished_on::text)"""),
    Rule("a wish for another due date waits only where the date can still move", """
        SELECT d.id FROM contracts_daterequest d JOIN contracts_milestone m ON m.id = d.milestone_id
         WHERE d.state = 'asked' AND (m.state NOT IN ('agreed', 'funded') OR m.first_delivered_at IS NOT NULL)""",
         kind=Class.LIVENESS),
    Rule("what both signed about a contract is numbered without a gap, each tied to the paper before it", """
        SELECT w.id FROM contracts_changeorder w JOIN contracts_contract c ON c.id = w.contract_id
          JOIN contracts_offer o ON o.id = c.offer_id
          LEFT JOIN contracts_changeorder b ON b.contract_id = w.contract_id AND b.version = w.version - 1
         WHERE w.state = 'agreed' AND (w.addition->>'after' IS DISTINCT FROM coalesce(b.addition_hash, o.terms_hash)
            OR w.version > 1 AND b.id IS NULL)"""),
    Rule("what was passed on waits for the first step of whoever goes on, and ends with it", """
        SELECT coalesce(b.id, a.id) FROM (SELECT * FROM contracts_contract WHERE state = 'passed_on') b
          FULL JOIN (SELECT c.* FROM contracts_contract c JOIN contracts_milestone m ON m.contract_id = c.id AND m.number = 1
                      WHERE c.takes_over_id IS NOT NULL AND m.state IN ('funded', 'delivered', 'disputed')) a ON a.takes_over_id = b.id
         WHERE a.id IS NULL OR b.id IS NULL"""),
    Rule("a step is passed on in a contract that is, and the two parts cost what the whole did", """
        SELECT n.id FROM contracts_standin n JOIN contracts_contract c ON c.id = n.contract_id
          LEFT JOIN contracts_contract a ON a.takes_over_id = c.id LEFT JOIN contracts_offer o ON o.id = a.offer_id
         WHERE (n.state = 'took_over') <> (a.id IS NOT NULL AND a.worker_id = n.person_id AND o.stand_in_id = n.id)
            OR n.state = 'took_over' AND (n.addition->'steps'->0->>'price_yen')::bigint + (o.terms->'steps'->0->>'price_yen')::bigint
               <> (o.terms->'took_over'->>'price_yen')::bigint"""),
    Rule("somebody stands by only while the contract goes on", """
        SELECT n.id FROM contracts_standin n JOIN contracts_contract c ON c.id = n.contract_id
         WHERE n.state IN ('asked', 'ready') AND (c.ended_at IS NOT NULL OR c.state = 'passed_on')""",
         kind=Class.LIVENESS),
    Rule("a wish about a contract waits only while the contract goes on", """
        SELECT w.id FROM contracts_changeorder w JOIN contracts_contract c ON c.id = w.contract_id
         WHERE w.state = 'asked' AND c.ended_at IS NOT NULL""",
         kind=Class.LIVENESS),
    Rule("a disputed step has one open dispute, and an open dispute its step", """
        SELECT coalesce(m.id, d.milestone_id) FROM (SELECT id FROM contracts_milestone WHERE state = 'disputed') m
          FULL JOIN (SELECT milestone_id FROM contracts_dispute WHERE state <> 'closed') d ON d.milestone_id = m.id
         WHERE m.id IS NULL OR d.milestone_id IS NULL""", (20,)),
    Rule("a contract is over when all its milestones are", """
        SELECT c.id FROM contracts_contract c JOIN contracts_milestone m ON m.contract_id = c.id GROUP BY c.id, c.state
        HAVING (c.state IN ('completed', 'ended', 'void')) <> bool_and(m.state IN ('accepted', 'settled', 'refunded', 'void'))
            OR (c.state = 'void') <> bool_and(m.state = 'void')
            OR (c.state = 'completed') <> (bool_and(m.state IN ('accepted', 'settled', 'refunded', 'void'))
                                           AND bool_or(m.state IN ('accepted', 'settled')))
            OR (c.state = 'pending_funding') <> (bool_and(m.state IN ('agreed', 'void')) AND bool_or(m.state = 'agreed'))"""),
    Rule("the next step's money is waited for until a day, and only then", """
        SELECT c.id FROM contracts_contract c WHERE (c.fund_by IS NOT NULL) <> (
            EXISTS (SELECT FROM contracts_milestone m WHERE m.contract_id = c.id AND m.state = 'agreed')
            AND (c.form = 'hourly' OR NOT EXISTS (SELECT FROM contracts_milestone m WHERE m.contract_id = c.id
                             AND m.state IN ('funded', 'delivered', 'disputed'))))""",
         kind=Class.LIVENESS),
    Rule("a week by the hour has its record, and nothing else has one", """
        SELECT m.id FROM contracts_milestone m JOIN contracts_contract c ON c.id = m.contract_id
          LEFT JOIN contracts_timesheet t ON t.milestone_id = m.id
         WHERE (c.form = 'hourly') <> (t.id IS NOT NULL) OR t.contract_id <> m.contract_id OR t.ends_on + 1 <> m.due_on
            OR t.cap_minutes <> m.price_yen * 60 / t.rate_yen""", (14,)),
    Rule("a week of a contract is agreed once", """
        SELECT t.contract_id FROM contracts_timesheet t JOIN contracts_milestone m ON m.id = t.milestone_id
         WHERE m.state <> 'void' GROUP BY t.contract_id, t.starts_on HAVING count(*) > 1""", (14,)),
    Rule("the minutes of a week are the sum of its entries", """
        SELECT t.id FROM contracts_timesheet t
          LEFT JOIN contracts_timeentry e ON e.timesheet_id = t.id AND e.removed_at IS NULL AND e.ended_at IS NOT NULL
         GROUP BY t.id, t.minutes HAVING t.minutes <> coalesce(sum(extract(epoch FROM e.ended_at - e.started_at)), 0) / 60""", (14,)),
    Rule("an entry lies within its week, and is its worker's", """
        SELECT e.id FROM contracts_timeentry e JOIN contracts_timesheet t ON t.id = e.timesheet_id
          JOIN contracts_contract c ON c.id = t.contract_id
         WHERE e.worker_id <> c.worker_id OR e.started_at < t.starts_on::timestamp AT TIME ZONE 'Asia/Tokyo'
            OR coalesce(e.ended_at, e.started_at) > (t.ends_on + 1)::timestamp AT TIME ZONE 'Asia/Tokyo'"""),
    Rule("a clock runs only in a week whose money is held", """
        SELECT e.id FROM contracts_timeentry e JOIN contracts_timesheet t ON t.id = e.timesheet_id
          JOIN contracts_milestone m ON m.id = t.milestone_id
         WHERE e.ended_at IS NULL AND e.removed_at IS NULL AND m.state <> 'funded'""",
         kind=Class.LIVENESS),
    Rule("a week that was billed is paid by its minutes, to the yen", """
        SELECT t.id FROM contracts_timesheet t JOIN contracts_milestone m ON m.id = t.milestone_id
          LEFT JOIN payments_earning e ON e.reference = 'milestone:' || m.id
         WHERE t.billed_minutes IS NOT NULL AND (m.state NOT IN ('accepted', 'settled')
            OR e.price_yen IS DISTINCT FROM t.billed_minutes::bigint * t.rate_yen / 60)""", (14,)),
    Rule("an accepted offer has one contract", """
        SELECT o.id FROM contracts_offer o LEFT JOIN contracts_contract c ON c.offer_id = o.id
         WHERE (o.state = 'accepted') <> (c.id IS NOT NULL)"""),
    Rule("a post's seats are those of its offers", """
        SELECT j.id FROM jobs_job j LEFT JOIN contracts_offer o ON o.job_id = j.id AND o.stand_in_id IS NULL
                                               AND o.state IN ('open', 'accepted')
         GROUP BY j.id HAVING j.seats_taken <> count(o.id) OR j.newcomer_seats_taken <> count(o.id) FILTER (WHERE o.takes_newcomer_seat)
             OR j.seats_accepted <> count(o.id) FILTER (WHERE o.state = 'accepted')""",
         kind=Class.LIVENESS),
    Rule("a post counts those who applied", """
        SELECT j.id FROM jobs_job j LEFT JOIN proposals_proposal p ON p.job_id = j.id AND p.state NOT IN ('draft', 'withdrawn')
         GROUP BY j.id HAVING j.proposals_count <> count(p.id)""",
         kind=Class.LIVENESS),
    Rule("an organisation has somebody with every power", """
        SELECT p.id FROM accounts_party p WHERE p.kind = 'organisation' AND NOT EXISTS (
            SELECT FROM accounts_membership m JOIN accounts_user u ON u.id = m.user_id AND u.is_active AND u.closed_at IS NULL
             WHERE m.party_id = p.id AND m.left_at IS NULL AND m.is_keeper)""",
         kind=Class.LIVENESS),
    Rule("a person's own party has that person, with every power, and nobody else", """
        SELECT p.id FROM accounts_party p LEFT JOIN accounts_membership m ON m.party_id = p.id WHERE p.kind = 'person'
         GROUP BY p.id HAVING count(m.id) <> 1 OR NOT bool_and(m.user_id = p.person_id AND m.is_keeper AND m.left_at IS NULL)""",
         kind=Class.LIVENESS),
    Rule("whoever looks after a post acts for its client", """
        SELECT j.id FROM jobs_job j LEFT JOIN accounts_membership m ON m.party_id = j.client_id AND m.user_id = j.contact_id
                                              AND m.left_at IS NULL
         WHERE j.contact_id IS NOT NULL AND m.id IS NULL""",
         kind=Class.LIVENESS),
    Rule("nobody who applied is left without an answer once the choosing is over", """
        SELECT p.id FROM proposals_proposal p JOIN jobs_job j ON j.id = p.job_id WHERE j.state = 'ended' AND p.state = 'submitted'""",
         kind=Class.LIVENESS),
)


def broken() -> dict[str, list]:
    """Every broken rule with the rows that break it; empty while all is well."""
    return invariants.broken(RULES)
