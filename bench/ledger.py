"""Settlements per second of eight clients at once, against pgbench's TPC-B on the same server, by turns in one run.

One settlement is one entry of four transfers with withholding, between random people, in a transaction of its own, as `ledger.post`
writes it in one journey. The town's fee account is one for everybody: beside it the same with a thousand of them, and with the fault that
the design avoids (a balance kept on the hot account).

    python -m bench.ledger [--json]
"""
import itertools
import random
import sys
import time
from multiprocessing.connection import Connection

from bench import ground
from bench.clients import CLIENTS, Crowd, go_on, tpcb, tpcb_tables
from bench.measure import Result, Times, ratio, report
from machi.ledger.accounts import Kind
from machi.ledger.actions import Entry, Transfer, post, post_batch
from machi.shared.money import Yen

TURNS, PEOPLE = 5, 10_000
HOT, SPREAD, KEPT = "one fee account", "a thousand of them", "one with a balance kept"
NOBODY = PEOPLE + 1                                 # whose account stands for a fee account with a kept balance


def main(arguments: list[str]) -> bool:
    with ground.town(jobs=1_000, seed=2).here():
        run = f"{time.time_ns()}"
        for start in range(1, PEOPLE + 1, 1_000):
            post_batch([Entry(f"bench:{run}:{number}", "", "contract:1", [Transfer(Kind.BANK.of(), Kind.ESCROW.of(number), Yen(10**9))])
                        for number in range(start, start + 1_000)], actor="system:bench")
    tables, rates = tpcb_tables(), {name: [] for name in ("TPC-B", HOT, SPREAD, KEPT)}
    crowd = Crowd(_client, run)
    try:
        for turn in range(TURNS + 1):
            found = {"TPC-B": tpcb(tables)} | {name: crowd.rate(name) for name in (HOT, SPREAD, KEPT)}
            for name, rate in found.items() if turn else ():            # the first fills caches
                rates[name].append(rate)
    finally:
        crowd.leave()
    entries = Times(rates[HOT])
    against, spread = ratio(entries, Times(rates["TPC-B"]))
    hot, hot_spread = ratio(entries, Times(rates[SPREAD]))
    kept, kept_spread = ratio(Times(rates[KEPT]), Times(rates[SPREAD]))
    return report("ledger", [
        Result("ledger: settlements", CLIENTS, round(entries.p50), "entries/s", "pgbench TPC-B, 8 clients", against, spread,
               "at least 0.7", against >= 0.7, ground.memory_mb()),
        Result("ledger: one hot account", CLIENTS, round(entries.p50), "entries/s", "a thousand fee accounts", hot, hot_spread,
               "at least 0.9", hot >= 0.9),
        Result("ledger: the fault avoided", CLIENTS, round(Times(rates[KEPT]).p50), "entries/s", "a thousand fee accounts", kept,
               kept_spread, "told: below 0.9 it can be seen", holds=True),
    ], arguments)


def _client(line: Connection, begin, seed: int, run: str) -> None:
    chance, count = random.Random(seed), itertools.count()
    with ground.town(jobs=1_000, seed=2).here():
        go_on(line, begin, lambda name: _settle(name, f"{run}:{seed}:{next(count)}", chance))


def _settle(name: str, key: str, chance: random.Random) -> None:
    """10,000 yen and its tax: what stands in the golden vectors (money.md 1.4), with withholding."""
    held, spread = Kind.ESCROW.of(chance.randint(1, PEOPLE)), chance.randrange(1_000) if name == SPREAD else 0
    fee = Kind.WORKER.of(NOBODY) if name == KEPT else Kind.FEE.of(spread)
    parts = ((Kind.WORKER.of(chance.randint(1, PEOPLE)), 7_559), (fee, 2_200), (Kind.CONSUMPTION_TAX.of(spread), 220),
             (Kind.WITHHELD.of(chance.randint(1, PEOPLE)), 1_021))
    post(Entry(key, "user:1", "contract:1", [Transfer(held, account, Yen(yen)) for account, yen in parts]))


if __name__ == "__main__":
    sys.exit(0 if main(sys.argv[1:]) else 1)
