"""A payday: what is due is set aside for everybody, against COPY of the very rows it wrote into tables alike, by turns in one run.

Both write the same rows under the same checks and indexes, new ones and new versions (balances, what was earned). A payday also reads
what is due and looks after whom each row names; its facts are the queue of the documents. Compared is how long each asks the database;
the whole, with what Python does meanwhile, stands beside it, and so do the 全銀 files of all of them.

    python -m bench.payday [--size 1M] [--json]
"""
import sys
import time

import psycopg

from bench import ground
from bench.copying import Twin, ask, timed
from bench.measure import Result, Times, ratio, report, size
from machi.banking.days import bank_day_until
from machi.banking.profiles import transfers_of
from machi.banking.zengin import Payer, Transfer, transfer_file
from machi.ledger.accounts import Kind
from machi.payments.actions import pay_due
from machi.shared import clock

TURNS = 3
NET = 8_580
WRITTEN = {                                         # table -> by which column its new rows are known; of an earning a new version
    "payments_payout": "id", "ledger_entry": "id", "ledger_transfer": "entry_id", "activity_fact": "id", "notifications_notice": "id",
    "payments_earning": "payout_id"}
READY = """
    INSERT INTO payments_bankaccount (worker_id, bank_code, branch_code, kind, number, holder_kana, changed_at)
    SELECT id, '0001', '001', '1', lpad((id %% 10000000)::text, 7, '0'), 'マチダ タロウ', %(now)s FROM people ON CONFLICT DO NOTHING"""
EARNED = """
    INSERT INTO payments_earning (worker_id, party_id, reference, about, title, price_yen, tax_yen, fee_yen, fee_tax_yen, withheld_yen,
                                  amount_yen, pay_on, earned_at)
    SELECT id, (SELECT min(id) FROM accounts_party), %(run)s || id, 'contract:1', '町のたより', 10000, 1000, 2200, 220, 0, %(net)s, %(day)s,
           %(now)s FROM people ORDER BY id"""
PAID_IN = """
    SELECT ledger_post_entries('system:bench', array_agg(%(run)s || id), array_agg('contract:1'::text), array_agg(%(bank)s::bigint),
                               array_agg(%(worker)s + id), array_agg(%(net)s::bigint)) FROM people"""
SENT = "UPDATE payments_payout SET state = 'paid', paid_on = value_on, ended_at = requested_at WHERE state = 'requested'"
BALANCES = f"account_id BETWEEN {Kind.WORKER.of()} AND {Kind.CLIENT_CREDIT.of() - 1}"
UNDER_WAY = f"SELECT coalesce(sum(balance_yen), 0)::bigint FROM ledger_balance WHERE account_id BETWEEN {Kind.TRANSIT.of()} AND " \
            f"{Kind.CLIENT_CREDIT.of() - 1}"


def main(arguments: list[str]) -> bool:
    people = size(arguments, 100_000)
    town = ground.town(jobs=1_000, workers=people)
    with town.here(), psycopg.connect(ground.server.url(database=town.name), autocommit=True) as root:
        ask(f"CREATE TEMP TABLE people AS SELECT id FROM accounts_user ORDER BY id LIMIT {people}")
        ask(READY, now=ground.DAY)
        twin = Twin(root, WRITTEN, also=("ledger_balance",))
        asked, wholes, copies = [], [], []
        for turn in range(TURNS + 1):
            in_base, whole = _payday(twin, people)
            copied = twin.copied(ledger_balance=BALANCES)
            if turn:                                    # the first fills caches
                asked, wholes, copies = [*asked, in_base], [*wholes, whole], [*copies, copied]
            ask(SENT)
    files = _files(people)
    by_database, spread = ratio(Times(asked), Times(copies))
    in_all, whole_spread = ratio(Times(wholes), Times(copies))
    return report("payday", [
        Result("payday: database", people, round(Times(asked).p50 / 1000, 2), "s", "COPY of the rows it writes", by_database, spread,
               "at most 3 x", by_database <= 3, ground.memory_mb()),
        Result("payday: whole", people, round(Times(wholes).p50 / 1000, 2), "s", "COPY of the rows it writes", in_all, whole_spread,
               "told, not promised", holds=True),
        Result("payday: its files", people, round(files / 1000, 2), "s", "the whole payday", round(files / Times(wholes).p50, 2), [],
               "told, not promised", holds=True),
    ], arguments)


def _payday(twin: Twin, people: int) -> tuple[float, float]:
    """Milliseconds of one payday for everybody: asking the database, and in all."""
    named = {"run": f"bench:{time.time_ns()}:", "now": ground.DAY, "day": clock.day_of(ground.DAY), "net": NET, "bank": Kind.BANK.of(),
             "worker": Kind.WORKER.of()}
    ask(EARNED, **named)
    ask(PAID_IN, **named)
    twin.ready()
    before = _under_way()
    with clock.moved(to=ground.DAY):
        in_base, whole, made = timed(pay_due)
    assert made == people and _under_way() - before == people * NET, "everybody is paid everything, once"
    return in_base, whole


def _files(people: int) -> float:
    """Milliseconds for the 全銀 files of everybody."""
    rules, payer = transfers_of("zengin"), Payer("1234567890", "マチ", "0001", "001", "1", "1234567")
    day = bank_day_until(clock.day_of(ground.DAY))
    sent = [Transfer(number, "0001", "001", "1", f"{number % 10**7:07}", "マチダ タロウ", NET) for number in range(1, people + 1)]
    return timed(lambda: [transfer_file(payer, sent[start:start + rules.most_items], value_on=day, rules=rules)
                           for start in range(0, people, rules.most_items)])[1]


def _under_way() -> int:
    return ask(UNDER_WAY)[0][0]


if __name__ == "__main__":
    sys.exit(0 if main(sys.argv[1:]) else 1)
