"""Eight clients at once, each a process that stays, and what they are held against: pgbench's TPC-B on the same server.

TPC-B is three updates, a question and an insert in one transaction.
"""
import multiprocessing
import re
import subprocess
import time
from collections.abc import Callable
from multiprocessing.connection import Connection

import psycopg

from bench import ground
from machi.cli import town as towns
from machi.cli.postgres_account import find_programs

CLIENTS, SECONDS, SCALE, WARM = 8, 5, 10, 20


class Crowd:
    """Client processes: what starts them is not measured. `client` is called in each with its line, a barrier, its number and `words`."""

    def __init__(self, client: Callable, *words):
        fork = multiprocessing.get_context("spawn")
        self.begin = fork.Barrier(CLIENTS)
        self.lines, self.clients = [], []
        for seed in range(CLIENTS):
            ours, theirs = fork.Pipe()
            process = fork.Process(target=client, args=(theirs, self.begin, seed, *words), daemon=True)
            process.start()
            self.lines.append(ours)
            self.clients.append(process)

    def rate(self, name: str) -> float:
        """Deeds of this name per second, of all of them together."""
        for line in self.lines:
            line.send(name)
        return sum(line.recv() for line in self.lines)

    def leave(self) -> None:
        for line in self.lines:
            line.send(None)
        for client in self.clients:
            client.join(30)


def go_on(line: Connection, begin, deed: Callable[[str], None]) -> None:
    """In a client: do as told, until told to stop."""
    while name := line.recv():
        for _warm in range(WARM):
            deed(name)
        begin.wait()
        start, done = time.perf_counter(), 0
        while (passed := time.perf_counter() - start) < SECONDS:
            deed(name)
            done += 1
        line.send(done / passed)


def tpcb_tables() -> str:
    """The address of a database of pgbench's own."""
    with psycopg.connect(ground.server.url(database="postgres"), autocommit=True) as root:
        root.execute("DROP DATABASE IF EXISTS tpcb WITH (FORCE)")
        root.execute(f"CREATE DATABASE tpcb OWNER {towns.OWNER}")
    address = ground.server.url(towns.OWNER, "tpcb")
    _pgbench("-i", "-q", "-s", str(SCALE), address)
    return address


def tpcb(address: str) -> float:
    """Transactions per second."""
    told = _pgbench("-n", "-c", str(CLIENTS), "-j", "2", "-T", str(SECONDS), address)
    return float(re.search(r"tps = ([\d.]+) \(without", told)[1])


def _pgbench(*words: str) -> str:
    programs = find_programs()
    return subprocess.run([programs[max(programs)] / "pgbench", *words], capture_output=True, text=True, check=True).stdout
