"""What the bank answers to a file of payouts: a statement with a line for each of them, and one with the sum of the file, against COPY of
the very rows that were written into tables alike, by turns in one run.

Compared is how long each asks the database. A statement is also read, joined to the one before, and each line compared with the names of
everybody who waits for the same sum; the whole, with what Python does meanwhile, stands beside it.

    python -m bench.settle [--size 100k] [--json]
"""
import io
import sys
import time
from collections.abc import Callable

import psycopg

from bench import ground
from bench.copying import Twin, ask, timed
from bench.measure import Result, Times, ratio, report, size
from machi.accounts.actions import give_duty, name_operator
from machi.accounts.models import User
from machi.accounts.queries import duties_of
from machi.banking.profiles import generic
from machi.ledger.accounts import Kind
from machi.payments.actions import settle_batch, take_in_statement
from machi.payments.models import BankLine, Payout, PayoutBatch
from machi.shared import clock

TURNS = 3
NET = 8_580
LAYOUT = generic({"day": "日付", "in": "入金", "out": "出金", "balance": "残高", "kana": "摘要"})
WRITTEN = {                                         # table -> by which column its new rows are known
    "banking_bankrow": "id", "banking_bankwords": "row_id", "payments_bankline": "id", "ledger_entry": "id", "ledger_transfer": "entry_id",
    "activity_fact": "id", "notifications_notice": "id"}
ALSO = ("payments_statementline", "payments_payout", "ledger_balance")                     # and new versions of rows
BALANCES = f"account_id BETWEEN {Kind.TRANSIT.of()} AND {Kind.CLIENT_CREDIT.of() - 1}"
NAME = "'マチ ' || translate(lpad(id::text, 8, '0'), '0123456789', 'アイウエオカキクケコ')"
BATCH = """
    INSERT INTO payments_payoutbatch (value_on, state, total_yen, count, limit_yen, proposed_by_id, proposed_at, approved_by_id,
                                      approved_at, file_sha256)
    SELECT %(day)s, 'written', %(total)s, %(people)s, %(total)s, min(id), %(now)s, min(id), %(now)s, %(run)s
      FROM people RETURNING id"""
SENT = f"""
    INSERT INTO payments_payout (worker_id, amount_yen, state, bank_name, bank_account, holder_kana, value_on, batch_id, requested_at)
    SELECT id, %(net)s, 'sending', 'みなと銀行', '0001-001-1-' || id, {NAME}, %(day)s, %(batch)s, %(now)s FROM people ORDER BY id"""
CARRIED = """
    INSERT INTO payments_earning (worker_id, party_id, reference, about, title, price_yen, tax_yen, fee_yen, fee_tax_yen, withheld_yen,
                                  amount_yen, pay_on, earned_at, payout_id)
    SELECT worker_id, (SELECT min(id) FROM accounts_party), %(run)s || id, 'contract:1', '町のたより', 10000, 1000, 2200, 220, 0, %(net)s,
           %(day)s, %(now)s, id FROM payments_payout WHERE batch_id = %(batch)s ORDER BY id"""
ON_ITS_WAY = """
    SELECT ledger_post_entries('system:bench', array_agg(%(run)s || id), array_agg('contract:1'::text), array_agg(%(bank)s::bigint),
                               array_agg(%(transit)s + id), array_agg(%(net)s::bigint)) FROM people"""


def main(arguments: list[str]) -> bool:
    people = size(arguments, 9_999)                 # as many as stand in one file
    town = ground.town(jobs=1_000, workers=max(people, 10_000))
    with town.here(), psycopg.connect(ground.server.url(database=town.name), autocommit=True) as root:
        ask(f"CREATE TEMP TABLE people AS SELECT id FROM accounts_user ORDER BY id LIMIT {people}")
        finance, twin = _finance(), Twin(root, WRITTEN, also=ALSO)
        results = [result for name, act, at_most in (("each line", _each_line, 8), ("one sum", _one_sum, 4))
                   for result in _measured(name, act, at_most, twin, finance, people)]
    return report("settle", results, arguments)


def _measured(name: str, act: Callable, at_most: int, twin: Twin, finance: User, people: int) -> list[Result]:
    asked, wholes, copies = [], [], []
    for turn in range(TURNS + 1):
        batch = _at_the_bank(people)
        in_base, whole = act(batch, twin, finance)
        copied = twin.copied(payments_payout=f"batch_id = {batch.pk}", ledger_balance=BALANCES,
                             payments_statementline=f"key LIKE 'row:%' AND substr(key, 5)::bigint > {twin.last['banking_bankrow']}")
        if turn:                                    # the first fills caches
            asked, wholes, copies = [*asked, in_base], [*wholes, whole], [*copies, copied]
    by_database, spread = ratio(Times(asked), Times(copies))
    in_all, whole_spread = ratio(Times(wholes), Times(copies))
    return [
        Result(f"{name}: database", people, round(Times(asked).p50 / 1000, 2), "s", "COPY of the rows it writes", by_database, spread,
               f"at most {at_most} x", by_database <= at_most, ground.memory_mb()),
        Result(f"{name}: whole", people, round(Times(wholes).p50 / 1000, 2), "s", "COPY of the rows it writes", in_all, whole_spread,
               "told, not promised", holds=True)]


def _each_line(batch: PayoutBatch, twin: Twin, finance: User) -> tuple[float, float]:
    """The bank prints a line for each payout, which says by itself whose it is."""
    names = batch.payouts.order_by("-pk").values_list("holder_kana", flat=True)
    file = _statement([(-NET, f"ﾌﾘｺﾐ {name}") for name in names])
    twin.ready()
    in_base, whole, _brought = timed(lambda: _brought_by(finance, file, batch))
    assert _paid(batch) == batch.count, "each line is its payout"
    return in_base, whole


def _one_sum(batch: PayoutBatch, twin: Twin, finance: User) -> tuple[float, float]:
    """The bank prints the sum of the file, and somebody says so."""
    statement = _brought_by(finance, _statement([(-batch.total_yen, "ｿｳｺﾞｳﾌﾘｺﾐ")]), batch).statement
    line = BankLine.objects.get(row__brought_by=statement)
    twin.ready()
    with clock.moved(to=ground.DAY):
        in_base, whole, _line = timed(lambda: settle_batch(line=line, batch=batch, by=finance, reason="総合振込の合計"))
    assert _paid(batch) == batch.count, "all of it arrived"
    return in_base, whole


def _at_the_bank(people: int) -> PayoutBatch:
    """A file with a payout for everybody is at the bank; nobody else waits for money."""
    ask("UPDATE payments_payout SET state = 'undone', ended_at = requested_at WHERE state IN ('requested', 'sending')")
    named = {"run": f"bench:{time.time_ns()}:", "now": ground.DAY, "day": clock.day_of(ground.DAY), "net": NET, "people": people,
             "total": people * NET, "bank": Kind.BANK.of(), "transit": Kind.TRANSIT.of()}
    ((batch,),) = ask(BATCH, **named)
    for question in (SENT, CARRIED):
        ask(question, batch=batch, **named)
    ask(ON_ITS_WAY, **named)
    return PayoutBatch.objects.get(pk=batch)


def _statement(lines: list[tuple[int, str]]) -> io.BytesIO:
    """A file of the bank, whose balance begins where it ends at nothing."""
    balance, rows = -sum(amount for amount, _words in lines), ["日付,摘要,出金,入金,残高"]
    for amount, words in lines:
        balance += amount
        rows.append(f"{clock.day_of(ground.DAY):%Y/%m/%d},{words},{-amount},,{balance}")
    return io.BytesIO("\r\n".join(rows).encode("cp932"))


def _brought_by(finance: User, file: io.BytesIO, batch: PayoutBatch):
    with clock.moved(to=ground.DAY):
        return take_in_statement(file=file, account=f"0005-001-1-{batch.pk}", layout=LAYOUT, profile="bench", by=finance)


def _paid(batch: PayoutBatch) -> int:
    return Payout.objects.filter(batch=batch, state="paid").count()


def _finance() -> User:
    """Somebody of the desk."""
    one, other = User.objects.order_by("pk")[:2]
    if "finance" not in duties_of(one):
        give_duty(person=one, kind="finance", by=name_operator(email=other.email).person)
    return User.objects.get(pk=one.pk)


if __name__ == "__main__":
    sys.exit(0 if main(sys.argv[1:]) else 1)
