"""The demo town as it is written down: invented people, clients, their posts, and what became of each.

data/people/*.toml      who lives here, a file per kind of craft
data/clients/*.toml     a file per client: who they are, and one [[jobs]] after the other with all that was said about it
data/contests.toml      contests, and what was handed in
data/batches.toml       micro-tasks, and who took a bundle of them
data/pieces.toml        what some of them show on their pages
data/packages.toml      services some of them have prepared
data/town.toml          the people worth being, with a line each

Days are whole numbers counted from the day on which the town is made: 0 is that day, -30 a month before it. Nothing here
knows the database; a name or a key that does not fit is a TypeError when the files are read.
"""
import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path

from machi.simulation import batches, contests
from machi.simulation.batches import Tasks
from machi.simulation.contests import Contest
from machi.simulation.weeks import Week

HOME = "demo.machi.example"
DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody of the town. The lists are lines of their page, in the order of the arguments of profiles.actions."""

    key: str
    name: str
    joined: int
    language: str = ""
    reading: str = ""
    headline: str = ""
    about: str = ""
    conditions: str = ""
    strengths: tuple = ()               # statement, evidence, hand_me
    hobbies: tuple = ()                 # topic, years, depth, note
    careers: tuple = ()                 # role, years, category, note
    skills: tuple = ()                  # name, level, years (-1: not said)
    certificates: tuple = ()            # name, issuer, year (0: not said)
    languages: tuple = ()               # name, level
    hours: int | None = None
    bands: tuple = ()
    blocks: tuple = ()
    channels: tuple = ()
    alone: tuple = (False, 0)           # may leave suddenly, days of slack (0: not said): what nobody else sees
    pay: tuple = ()                     # yen, per, tax, is it shown
    available: tuple = ()               # open | resting | the day from which; may clients write first
    wishes: tuple = ()                  # about work, for their own eyes
    answers: tuple = ()                 # question of the strength finder, answer
    accounts: tuple = ()                # day, bank, branch, number, holder: a later one mends an earlier one
    duties: tuple = ()                  # what the town asked them to do, the day after they came (accounts.roles)

    @property
    def email(self) -> str:
        return f"{self.key}@{HOME}"


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A piece of work on somebody's page (作品), with a picture from drawings.py, a text, a link, or nothing but words."""

    person: str
    day: int
    title: str
    part: str
    category: str = ""
    topics: tuple = ()
    years_ago: int | None = None
    shown: str = "everybody"
    link: str = ""
    drawing: str = ""                   # a function of drawings.py
    alt: str = ""


@dataclass(frozen=True, kw_only=True)
class Package:
    """A service somebody has prepared and opened (用意したサービス)."""

    person: str
    day: int
    title: str
    body: str
    needs: str = ""
    category: str
    price_yen: int
    days_count: int
    revisions_count: int = 2
    place: str = "自宅など、どこでも"
    sync: str = "none"
    sync_note: str = ""
    ai: str = "declared"
    rights: str = "transferred"


@dataclass(frozen=True, kw_only=True)
class Work:
    """A proposal that was chosen and agreed to: how far it went, and what was written on the way."""

    until: str = "accepted"             # agreed | funded | delivered | changes | again | accepted
    delivered: int | None = None        # day; otherwise two days before the day of delivery
    accepted: int | None = None         # day; otherwise two days after the last delivery
    text: str = ""                      # what was handed over
    file: str = ""                      # and as a file of this name
    ai_note: str = ""
    changes: str = ""                   # what the client asked to change, a point a line
    again: str = ""                     # what was handed over the second time
    letters: tuple = ()                 # day, "client" or "worker", text
    dates: tuple = ()                   # day, who asked, how many days later the due date shall be, words, day of the yes (0: not answered)
    client_says: tuple = ()             # yes | perhaps | no, text
    worker_says: tuple = ()
    thanks: str = ""
    weeks: tuple[Week, ...] = ()        # of work by the hour, which goes until "agreed" and then by weeks


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What somebody wrote about a post, and what came of it."""

    worker: str
    text: str
    day: int | None = None
    then: str = "waiting"               # waiting | draft | withdrawn | not_chosen | offered | refused | work
    reason: str = "topic"               # when not chosen
    words: str = ""
    chosen: int | None = None           # day of the offer, when it is not the post's
    other_due: int | None = None        # the client changed the offer: another day of delivery,
    other_reward: int | None = None     # another reward
    work: Work | None = None


@dataclass(frozen=True, kw_only=True)
class Job:
    """A post and all that became of it."""

    title: str
    client: str
    category: str
    published: int | None = None        # none: still a draft
    body: str = ""
    reward: int | None = None
    closes: int | None = None
    due: int | None = None
    topic: str = ""
    outcome: str = ""
    place: str = "自宅など、どこでも"
    sync: str = "none"
    sync_note: str = ""
    ai: str = "declared"
    rights: str = "transferred"
    seats: int = 1
    newcomers: int = 0
    rate: int | None = None             # by the hour: an hour without tax, hours in a week at most, how many weeks
    weekly_hours: int | None = None
    weeks: int | None = None
    plan: tuple = ()                    # its steps: what is finished, reward, day
    acceptance_days: int = 7
    revisions: int = 2
    drafted: int | None = None
    chosen: int | None = None           # day of the offers
    ended: int | None = None            # day on which the client ended the choosing,
    reason: str = "topic"               # for this reason,
    words: str = ""                     # in these words
    proposals: tuple[Proposal, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Member:
    """Somebody who was invited into an organisation, and what they do there."""

    person: Person
    powers: tuple[str, ...]
    came: int                           # day


@dataclass(frozen=True, kw_only=True)
class Client:
    """A party that gives work, and the person who acts for it. With members it is an organisation, which that person made."""

    person: Person
    name: str
    address: str
    contact: str
    trade: str
    has_employees: bool
    is_withholding_agent: bool
    jobs: tuple[Job, ...]
    members: tuple[Member, ...] = ()


@dataclass(frozen=True)
class Story:
    """Everybody and everything, in a fixed order."""

    people: dict[str, Person]
    clients: tuple[Client, ...]
    worth_being: tuple[tuple[str, str], ...]        # key of a person, what can be done as them
    pieces: tuple[Piece, ...] = ()
    contests: tuple[Contest, ...] = ()
    packages: tuple[Package, ...] = ()
    batches: tuple[Tasks, ...] = ()

    @property
    def jobs(self) -> list[Job]:
        return [job for client in self.clients for job in client.jobs]


@functools.cache
def story() -> Story:
    """Read all files. Raises TypeError or ValueError for what does not fit together."""
    people = [_person(row) for file in _files("people") for row in file["people"]]
    clients = tuple(_client(file) for file in _files("clients"))
    everybody = [*people, *(client.person for client in clients),
                 *(member.person for client in clients for member in client.members)]
    told = Story({person.key: person for person in everybody}, clients,
                 tuple((row["person"], row["line"]) for row in _read(DATA / "town.toml")["worth_being"]),
                 tuple(Piece(**_clean(row)) for row in _read(DATA / "pieces.toml")["pieces"]),
                 contests.read(_read(DATA / "contests.toml")["contests"]),
                 tuple(Package(**_clean(row)) for row in _read(DATA / "packages.toml")["packages"]),
                 batches.read(_read(DATA / "batches.toml")["batches"]))
    _check(told, len(everybody))
    return told


def _client(file: dict) -> Client:
    party = dict(file["client"])
    person = _person(party.pop("person"))
    members = tuple(Member(person=_person(row.pop("person")), **_clean(row)) for row in party.pop("members", ()))
    jobs = tuple(_job(row, person.key) for row in file["jobs"])
    return Client(person=person, jobs=jobs, members=members, **party)


def _job(row: dict, client: str) -> Job:
    proposals = tuple(_proposal(proposal) for proposal in row.pop("proposals", ()))
    return Job(client=client, proposals=proposals, **_clean(row))


def _proposal(row: dict) -> Proposal:
    work = row.pop("work", None)
    if work is not None:
        weeks = tuple(Week(**_clean(week)) for week in work.pop("weeks", ()))
        row |= {"work": Work(**_clean(work), weeks=weeks), "then": "work"}
    return Proposal(**_clean(row))


def _person(row: dict) -> Person:
    return Person(**_clean(row))


def _clean(row: dict) -> dict:
    """Texts without the line breaks at their ends, lists as tuples."""
    return {name: value.strip() if isinstance(value, str) else tuple(map(tuple, value)) if value and isinstance(value, list)
            and isinstance(value[0], list) else tuple(value) if isinstance(value, list) else value for name, value in row.items()}


def _files(folder: str) -> list[dict]:
    return [_read(path) for path in sorted((DATA / folder).glob("*.toml"))]


def _read(path: Path) -> dict:
    with open(path, "rb") as file:
        return tomllib.load(file)


def _check(told: Story, people_count: int) -> None:
    if len(told.people) != people_count:
        raise ValueError("two people have the same key")
    titles = [job.title for job in told.jobs]
    if len(set(titles)) != len(titles):
        raise ValueError("two posts have the same title")
    named = {proposal.worker for job in told.jobs for proposal in job.proposals} | {key for key, _line in told.worth_being} | {
        piece.person for piece in told.pieces} | {package.person for package in told.packages} | {
        bundle.worker for batch in told.batches for bundle in batch.bundles}
    if strangers := named - told.people.keys():
        raise ValueError(f"nobody is called {', '.join(sorted(strangers))}")
