"""A crowd: people, posts, contracts and letters in any number, by COPY, through the role of the town.

For benches, and for looking at a large town (`machi generate-town`). Everything a person could see of these rows is as the actions
would have written it (a test compares), except the books: no yen moved. So it is only for towns of invented people.

Worker 1 is the busy one and worker 2 the quiet one, and so are clients 1 and 2: a page that costs more for the busy
one than its rows are worth is found out by them.
"""
import datetime
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from random import Random

import psycopg
from django.db.models import Model
from psycopg import sql
from psycopg.types.json import Json

from machi.accounts.models import Membership, Party, User
from machi.accounts.powers import Power
from machi.contracts.models import Contract, Milestone, Offer
from machi.jobs.index import marks_of_facts
from machi.jobs.models import Job
from machi.messaging.models import Thread
from machi.notifications.models import Notice
from machi.payments.models import Payout
from machi.portfolio.models import Piece
from machi.profiles.completeness import percents_sql
from machi.proposals.models import Proposal
from machi.shared.japanese import folded
from machi.simulation.crowd import pages, tales, work
from machi.taxonomy.marks import marks_of
from machi.taxonomy.models import Topic

BUSY_CONTRACTS, BUSY_NOTICES, BUSY_LETTERS = 60, 200, 200
OPEN_DAYS = 45                                      # how long ago the oldest open post was published
ADDRESS, CONTACT, PLACE = "東京都港区みなと1-2-3", "info@example.jp", "自宅など、どこでも"


def fill(db: psycopg.Connection, *, workers: int, jobs: int, seed: int, now: datetime.datetime) -> dict[str, int]:
    """A town with so many workers and open posts, and a contract for every other worker, but at most twenty for each open post. In one
    transaction. Returns rows by their kind.
    """
    with db.transaction():
        db.execute("SET LOCAL idle_in_transaction_session_timeout = 0")     # a million lives take a while to think up
        crowd = Crowd(db, Random(seed), now, workers=workers, jobs=jobs)
        crowd.fill()
    return crowd.made


@dataclass
class Crowd:
    """The numbers of the rows of each kind are known before they are written, so that rows can name one another."""

    db: psycopg.Connection
    random: Random
    now: datetime.datetime
    workers: int
    jobs: int
    topics: dict[str, int] = field(default_factory=dict)
    applied: dict[int, int] = field(default_factory=dict)       # open post -> how many applied
    percents: dict[int, int] = field(default_factory=dict)      # worker -> how much of their page is written
    kinds: dict[int, str] = field(default_factory=dict)         # post of a contract -> its kind of work
    made: Counter = field(default_factory=Counter)              # kind of row -> how many

    @property
    def clients(self) -> int:
        return max(12, self.jobs // 50)

    @property
    def contracts(self) -> int:
        return min(self.workers // 2, 20 * self.jobs)

    def fill(self) -> None:
        self.topics = self._topics_there()
        new = {name: pk for pk, name in self._numbered(Topic, [name for name in tales.TOPICS if name not in self.topics])}
        self._copy(Topic, ({"id": pk, "name": name, "folded": folded(name), "brought_at": self.now,
                            "marks": tales.array(marks_of([name], []))} for name, pk in new.items()))
        self.topics |= new
        self.worker = self._reserve(User, self.workers)
        self.client_user = self._reserve(User, self.clients)
        self.party = self._reserve(Party, self.workers + self.clients)
        self.job = self._reserve(Job, self.jobs + self.contracts)
        self.contract = self._reserve(Contract, self.contracts)
        for model, rows in (
                (User, self._people()), (Party, self._parties()), (Membership, self._memberships())):
            self._copy(model, rows)
        self._pages()
        proposals = list(self._applications())
        self._copy(Job, self._posts())
        self._copy(Proposal, proposals)
        self._work()
        self._copy(Notice, self._notices())

    def _topics_there(self) -> dict[str, int]:
        """Topics that the town knows already, or that lead to one it knows."""
        there = dict(self.db.execute("SELECT folded, coalesce(merged_into_id, id) FROM taxonomy_topic WHERE folded = ANY (%s)",
                                     ([folded(name) for name in tales.TOPICS],)).fetchall())
        return {name: there[folded(name)] for name in tales.TOPICS if folded(name) in there}

    # ---- people ---------------------------------------------------------------------------------
    def _people(self) -> Iterator[dict]:
        for at, pk in enumerate((*self.worker, *self.client_user)):
            yield {"id": pk, "email": f"crowd{pk}@example.jp", "password": "!",
                   "display_name": tales.name(self.random) if at else pages.BUSY_NAME,
                   "joined_at": self.now - datetime.timedelta(days=at % 400)}

    def _parties(self) -> Iterator[dict]:
        for at, person in enumerate((*self.worker, *self.client_user)):
            gives = {"name": tales.client_name(self.random), "address": ADDRESS, "contact": CONTACT, "trade": "company",
                     "has_employees": True, "is_withholding_agent": at % 2 == 0} if at >= self.workers else {}
            yield {"id": self.party[at], "person_id": person, **gives}

    def _memberships(self) -> Iterator[dict]:
        for at, person in enumerate((*self.worker, *self.client_user)):
            yield {"party_id": self.party[at], "user_id": person, "joined_at": self.now, **dict.fromkeys(
                (f"is_{power}" for power in Power), True)}

    def _pages(self) -> None:
        """What people wrote about themselves, and how much of their page that is: applications say it."""
        skills = [code for (code,) in self.db.execute("SELECT code FROM taxonomy_skill ORDER BY position")]
        pieces = self._reserve(Piece, pages.pieces_of(self.workers))
        writers = pages.Writers(self.worker, pieces, self.topics, skills, self.random, self.now)
        for model, rows in pages.ROWS.items():
            self._copy(model, rows(writers))
        self.percents = dict(self.db.execute(f"SELECT user_id, percent FROM ({percents_sql()}) AS page WHERE user_id BETWEEN %s AND %s",
                                             (self.worker[0], self.worker[-1])).fetchall())

    # ---- posts ----------------------------------------------------------------------------------
    def _posts(self) -> Iterator[dict]:
        step = datetime.timedelta(days=OPEN_DAYS) / self.jobs
        for at in range(self.jobs):
            yield self._post(self.job[at], self.random.randrange(self.clients), self.now - step * (self.jobs - at),
                             proposals_count=self.applied.get(self.job[at], 0))
        then = self.now - datetime.timedelta(days=80)
        for at in range(self.contracts):
            post = self._post(self.job[self.jobs + at], self._client_of(at), then, state="awarded", seats_count=1, newcomer_seats_count=0,
                              seats_taken=1, seats_accepted=1, proposals_count=1, closed_at=then + datetime.timedelta(days=3))
            self.kinds[post["id"]] = post["category_id"]
            yield post

    def _post(self, pk: int, client: int, published: datetime.datetime, **columns) -> dict:
        category, topic, title, body, marks = tales.job_text(self.random)
        seats, rare, today = self.random.choice((1, 1, 1, 2, 3)), self.random.random(), self.now.date()
        row = {
            "id": pk, "client_id": self.party[self.workers + client], "state": "open", "title": title, "body": body,
            "outcome": self.random.choice(tales.OUTCOMES), "category_id": category, "topic_id": self.topics[topic], "place": PLACE,
            "client_name": f"{tales.PLACES[client % len(tales.PLACES)]}の会", "client_address": ADDRESS, "client_contact": CONTACT,
            "is_client_withholding_agent": (self.workers + client) % 2 == 0,
            "reward_yen": self.random.choice((3_000, 5_000, 8_000, 10_000, 15_000, 30_000, 50_000, 120_000)),
            "minutes_estimate": 60, "plan": "[]",
            "closes_on": today + datetime.timedelta(days=self.random.randint(1, 30)),
            "due_on": today + datetime.timedelta(days=self.random.randint(35, 60)),
            "seats_count": seats, "newcomer_seats_count": int(rare < 0.3), "sync": "none" if rare < 0.7 else "weekly",
            "ai": self.random.choice(Job.AI.values), "drafted_at": published, "changed_at": published, "published_at": published,
            "acted_at": published, **columns}
        facts = marks_of_facts(category=category, **{name: row[name] for name in (
            "sync", "reward_yen", "newcomer_seats_count", "published_at")})
        return row | {"pairs": tales.array(sorted(marks | facts))}

    def _applications(self) -> Iterator[dict]:
        """Two open posts for each worker, forty for the busy one; every post knows how many applied."""
        for pk in self.worker:
            for job in self.random.sample(range(self.jobs), min(self.jobs, 40 if pk == self.worker[0] else 2)):
                self.applied[self.job[job]] = self.applied.get(self.job[job], 0) + 1
                sent = self.now - datetime.timedelta(hours=self.random.randint(1, 20))
                yield {"job_id": self.job[job], "worker_id": pk, "state": "submitted", "written_percent": self.percents[pk],
                       "message": self.random.choice(tales.LETTERS), "drafted_at": sent, "saved_at": sent, "submitted_at": sent}

    # ---- work -----------------------------------------------------------------------------------
    def _client_of(self, contract: int) -> int:
        return 0 if contract < BUSY_CONTRACTS else 1 if contract == BUSY_CONTRACTS else 2 + contract % (self.clients - 2)

    def _worker_of(self, contract: int) -> int:
        return self.worker[0 if contract < BUSY_CONTRACTS else 1 if contract == BUSY_CONTRACTS else 2 + contract % (self.workers - 2)]

    def _work(self) -> None:
        """Contracts as they are: one in three runs, the others ended well. The busy one's first contract runs."""
        proposals, offers = self._reserve(Proposal, self.contracts), self._reserve(Offer, self.contracts)
        milestones, threads = self._reserve(Milestone, self.contracts), self._reserve(Thread, self.contracts)
        done = [at for at in range(self.contracts) if at % 3 and at != BUSY_CONTRACTS]
        payouts = dict(zip(done, self._reserve(Payout, len(done)), strict=True))
        everything = [work.Story(
            at=at, now=self.now, job=self.job[self.jobs + at], category=self.kinds[self.job[self.jobs + at]], contract=self.contract[at],
            worker=self._worker_of(at), client=self.client_user[self._client_of(at)],
            party=self.party[self.workers + self._client_of(at)], proposal=proposals[at], offer=offers[at], milestone=milestones[at],
            thread=threads[at], payout=payouts.get(at), percent=self.percents[self._worker_of(at)],
            letters=BUSY_LETTERS if at == 0 else 2 + at % 4) for at in range(self.contracts)]
        for model, rows in work.ROWS.items():
            self._copy(model, (row for story in everything for row in rows(story)))

    def _notices(self) -> Iterator[dict]:
        for at, pk in enumerate((*self.worker, *self.client_user)):
            for number in range(BUSY_NOTICES if at in (0, self.workers) else 2):
                made = self.now - datetime.timedelta(hours=number + 1)
                yield {"user_id": pk, "kind": "contract.message", "about": f"contract:{self.contract[0]}", "created_at": made,
                       "words": Json({"sender_person": tales.name(self.random), "job": "会報を読みやすく直す"}),
                       "mailed_at": made, "read_at": made if number % 2 else None}

    # ---- COPY -----------------------------------------------------------------------------------
    def _reserve(self, model: type[Model], count: int) -> range:
        """So many numbers that nobody else will be given."""
        if not count:
            return range(0)
        first, last = self.db.execute(
            "SELECT min(n), max(n) FROM (SELECT nextval(pg_get_serial_sequence(%s, 'id')) AS n FROM generate_series(1, %s)) AS taken",
            (model._meta.db_table, count)).fetchone()
        return range(first, last + 1)

    def _numbered(self, model: type[Model], values: Iterable) -> Iterator[tuple]:
        values = list(values)
        return zip(self._reserve(model, len(values)), values, strict=True)

    def _copy(self, model: type[Model], rows: Iterable[dict]) -> None:
        """Columns that a row does not name get what the model gives them. A number that is not named is given by the table."""
        rows = iter(rows)
        if (first := next(rows, None)) is None:
            return
        fields = [f for f in model._meta.local_concrete_fields if f.attname in first or not (f.primary_key or f.has_db_default())]
        given = [(f.attname, f.get_default()) for f in fields]
        columns = sql.SQL(", ").join(sql.Identifier(f.column) for f in fields)
        with self.db.cursor().copy(sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(model._meta.db_table), columns)) as copy:
            for row in itertools.chain((first,), rows):
                copy.write_row([row.get(name, default) for name, default in given])
                self.made[model.__name__] += 1
