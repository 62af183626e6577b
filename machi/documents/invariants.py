"""What must always be true of papers. Each rule is a question that returns no rows while all is well."""
import datetime

from machi.shared import clock, invariants
from machi.shared.invariants import Class, Rule

_SEALED = "(SELECT ledger_sealed_until())"         # asked once, not for each row


def _says_what_closings_paid(papers: str, closings: str) -> str:
    """Papers and money are thrown together by month and whose month it is, and summed once: no plan of the database, whatever it believes
    of how many there are, looks at a closing again for each paper.
    """
    return f"""
        WITH paid AS (
            SELECT date_trunc('month', c.made_at AT TIME ZONE 'Asia/Tokyo') AS month, b.client_id, e.worker_id, sum(e.amount_yen) AS net,
                   sum(e.price_yen + e.tax_yen + e.client_fee_yen + e.client_fee_tax_yen) AS gross
              FROM tasks_closing c JOIN tasks_batch b ON b.id = c.batch_id JOIN payments_earning e ON e.reference = 'closing:' || c.id
             WHERE {closings} GROUP BY 1, 2, 3)
        SELECT max(id) FROM (
            SELECT d.kind, date_trunc('month', d.dated_on::timestamp) AS month, CASE d.kind WHEN 'task_pay' THEN d.worker_id
                   ELSE d.party_id END AS whose, d.id, d.amount_yen AS yen
              FROM documents_document d LEFT JOIN documents_document l ON l.supersedes_id = d.id
             WHERE d.kind IN ('tasks', 'task_pay') AND l.id IS NULL AND {papers}
            UNION ALL SELECT 'task_pay', month, worker_id, NULL, -net FROM paid
            UNION ALL SELECT 'tasks', month, client_id, NULL, -gross FROM paid) together
         GROUP BY kind, month, whose HAVING count(id) > 0 AND (sum(yen) <> 0 OR count(id) > 1)"""


RULES = (
    Rule("a paper about money says what was settled, to the yen", """
        SELECT d.id FROM documents_document d LEFT JOIN payments_earning e ON e.reference = d.about
         WHERE d.kind IN ('acceptance', 'settled', 'invoice', 'payment', 'fee') AND (e.id IS NULL OR e.worker_id <> d.worker_id
            OR e.party_id <> d.party_id OR d.amount_yen <> CASE d.kind WHEN 'payment' THEN e.amount_yen
                WHEN 'fee' THEN e.client_fee_yen + e.client_fee_tax_yen ELSE e.price_yen + e.tax_yen END)"""),
    Rule("a paper about a month of tasks says what its closings paid, to the yen", _says_what_closings_paid("true", "true"),
         lately=_says_what_closings_paid(f"d.issued_at >= {_SEALED}", f"""c.made_at >= (
            SELECT date_trunc('month', min(d.dated_on)::timestamp) AT TIME ZONE 'Asia/Tokyo' FROM documents_document d
             WHERE d.kind IN ('tasks', 'task_pay') AND d.issued_at >= {_SEALED})""")),
    Rule("the numbers of an issuer's year begin at 1 and have no gap", """
        SELECT coalesce(s.issuer, d.issuer) FROM documents_series s FULL JOIN
          (SELECT issuer, year, count(*) AS papers, max(serial) AS last FROM documents_document GROUP BY 1, 2) d
            ON (d.issuer, d.year) = (s.issuer, s.year)
         WHERE s.last IS DISTINCT FROM coalesce(d.last, 0) OR coalesce(d.papers, 0) <> coalesce(d.last, 0)"""),
    Rule("a paper that takes another's place is its next version, of the same thing", """
        SELECT d.id FROM documents_document d JOIN documents_document b ON b.id = d.supersedes_id
         WHERE (d.kind, d.about, d.version) IS DISTINCT FROM (b.kind, b.about, b.version + 1)"""),
    Rule("no paper waits for an hour to be made", "SELECT fact_number FROM documents_unmade WHERE since_at < %(since)s",
         kind=Class.LIVENESS, values=lambda: {"since": clock.now() - datetime.timedelta(hours=1)}),
)


def broken() -> dict[str, list]:
    """Every broken rule, with the rows that break it."""
    return invariants.broken(RULES)
