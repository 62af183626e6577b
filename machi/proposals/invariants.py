"""What must always be true of contests and their pots. Each rule is a question that returns no rows while all is well."""
from machi.payments.fees_again import kept
from machi.payments.queries import OWNERS, PARTY_NUMBERS, POT_NUMBERS, WORKER_NUMBERS
from machi.shared import invariants
from machi.shared.invariants import Class, Rule

RULES = (
    Rule("a pot holds what was paid in until the contest is over, and nothing after", f"""
        SELECT coalesce(b.owner, c.job_id) FROM
          (SELECT account_id - {POT_NUMBERS} AS owner, balance_yen FROM ledger_balance
            WHERE account_id >= {POT_NUMBERS} AND account_id < {POT_NUMBERS} + 1000000000000 AND balance_yen <> 0) b
          FULL JOIN (SELECT job_id, pot_yen - (
                SELECT coalesce(sum(t.amount_yen), 0) FROM payments_taken t
                 WHERE t.state IN ('resting', 'lost') AND t.reference = 'job:' || o.job_id) AS pot_yen
              FROM jobs_contest o WHERE opened_on IS NOT NULL AND settled_at IS NULL) c ON c.job_id = b.owner
         WHERE coalesce(b.balance_yen, 0) <> coalesce(c.pot_yen, 0)""", (12,)),
    Rule("a contest is out only with its pot, paid in as the prizes say", """
        SELECT j.id FROM jobs_job j LEFT JOIN jobs_contest c ON c.job_id = j.id
          LEFT JOIN payments_funding f ON f.reference = 'job:' || j.id
         WHERE j.form = 'contest' AND j.state <> 'draft' AND (c.pot_yen IS NULL OR f.amount_yen IS DISTINCT FROM c.pot_yen)
            OR (j.form <> 'contest' OR j.state = 'draft') AND (c.pot_yen IS NOT NULL OR f.id IS NOT NULL)"""),
    Rule("a contest is settled when it is over", """
        SELECT j.id FROM jobs_job j JOIN jobs_contest c ON c.job_id = j.id
         WHERE j.form = 'contest' AND (c.settled_at IS NOT NULL) <> (j.state IN ('awarded', 'ended'))"""),
    Rule("awards, fees and what went back are the whole pot", """
        SELECT c.job_id FROM jobs_contest c LEFT JOIN payments_earning e ON e.about = 'job:' || c.job_id
         WHERE c.settled_at IS NOT NULL GROUP BY c.job_id, c.pot_yen
        HAVING c.pot_yen <> coalesce(sum(e.price_yen + e.tax_yen + e.client_fee_yen + e.client_fee_tax_yen), 0)
                            + coalesce((SELECT sum(amount_yen) FROM payments_refund r WHERE r.reference = 'job:' || c.job_id), 0)
                            + coalesce((SELECT sum(gone_yen) FROM payments_taken t WHERE t.reference = 'job:' || c.job_id), 0)""",
         (12,)),
    Rule("the ledger empties a pot as its earnings and its refund say", """
        SELECT coalesce(s.about, w.about) FROM
          (SELECT 'job:' || substr(l.key, 7) AS about, sum(t.amount_yen) AS yen FROM ledger_entry l
             JOIN ledger_transfer t ON t.entry_id = l.id WHERE l.key LIKE 'award:%' GROUP BY l.key) s
          FULL JOIN (SELECT about, sum(yen) AS yen FROM
            (SELECT about, price_yen + tax_yen + client_fee_yen + client_fee_tax_yen AS yen FROM payments_earning
              WHERE reference LIKE 'entry:%'
             UNION ALL SELECT about, amount_yen FROM payments_refund WHERE reference LIKE 'job:%'
             UNION ALL SELECT reference, gone_yen FROM payments_taken WHERE state = 'covered' AND gone_yen > 0
                          AND reference LIKE 'job:%') p GROUP BY 1) w ON w.about = s.about
         WHERE s.yen IS DISTINCT FROM w.yen""", (12, 8)),
    Rule("an entry that got something has its earning, of its maker and its sum, and no other entry has one", """
        SELECT coalesce(n.id::text, e.reference) FROM
          (SELECT id, job_id, worker_id, reward_yen FROM proposals_entry WHERE state IN ('awarded', 'shared')) n
          FULL JOIN (SELECT * FROM payments_earning WHERE reference LIKE 'entry:%') e ON e.reference = 'entry:' || n.id
         WHERE n.id IS NULL OR e.id IS NULL OR e.worker_id <> n.worker_id OR e.price_yen <> n.reward_yen
            OR e.about <> 'job:' || n.job_id""", (12, 23)),
    Rule("what the town kept of a prize is its fee by the rates of the day on which the contest opened", f"""
        SELECT e.id FROM payments_earning e JOIN jobs_contest c ON e.about = 'job:' || c.job_id,
          {kept("fee", "e.price_yen", frozen="c.rates", on="c.opened_on", form="'contest'")}
         WHERE e.reference LIKE 'entry:%' AND (e.tax_yen, e.fee_yen, e.fee_tax_yen, e.client_fee_yen, e.client_fee_tax_yen)
            IS DISTINCT FROM (fee.tax, fee.fee, fee.fee_tax, fee.client_fee, fee.client_fee_tax)""",
         (10,)),
    Rule("an entry about a contest touches only its own pot, its makers and its client", f"""
        SELECT e.id FROM ledger_entry e JOIN jobs_job j ON e.reference = 'job:' || j.id
          JOIN ledger_transfer t ON t.entry_id = e.id CROSS JOIN LATERAL (VALUES (t.debit_id), (t.credit_id)) a (number)
         WHERE CASE a.number / {OWNERS} WHEN {POT_NUMBERS // OWNERS} THEN a.number % {OWNERS} <> j.id
            WHEN {WORKER_NUMBERS // OWNERS} THEN NOT EXISTS (
                SELECT FROM proposals_entry n WHERE n.job_id = j.id AND n.worker_id = a.number % {OWNERS})
            ELSE a.number / {OWNERS} IN ({', '.join(str(first // OWNERS) for first in PARTY_NUMBERS)})
                 AND a.number % {OWNERS} <> j.client_id END""", (23,)),
    Rule("there are no more awards than prizes, each of its sum", """
        SELECT n.id FROM proposals_entry n JOIN jobs_contest c ON c.job_id = n.job_id
         WHERE n.state = 'awarded' AND (n.prize > cardinality(c.prizes_yen) OR n.reward_yen <> c.prizes_yen[n.prize])""", (12,)),
    Rule("nobody gets a prize who did not hand in before the contest closed", """
        SELECT n.id FROM proposals_entry n JOIN jobs_job j ON j.id = n.job_id
         WHERE n.state IN ('awarded', 'shared')
           AND (n.submitted_at IS NULL OR (n.submitted_at AT TIME ZONE 'Asia/Tokyo')::date > j.closes_on)""", (12,)),
    Rule("a contest counts what was handed in", """
        SELECT c.job_id FROM jobs_contest c LEFT JOIN proposals_entry n ON n.job_id = c.job_id AND n.state NOT IN ('draft', 'withdrawn')
         GROUP BY c.id HAVING c.entries_count <> count(n.id)""",
         kind=Class.LIVENESS),
    Rule("nobody is left without an answer once a contest is over", """
        SELECT n.id FROM proposals_entry n JOIN jobs_job j ON j.id = n.job_id
         WHERE j.state IN ('awarded', 'ended') AND n.state = 'submitted'""",
         kind=Class.LIVENESS),
)


def broken() -> dict[str, list]:
    """Every broken rule with the rows that break it; empty while all is well."""
    return invariants.broken(RULES)
