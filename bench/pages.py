"""What a page costs, against a bare view that answers the same bytes through the same middleware (engine.md: promises of `pages`).

Public pages twice: from the store of a few seconds, and drawn afresh. Signed-in pages as a person of whom the town knows
much: forty applications, sixty contracts, two hundred notices, five lines in every section of their page. CPU time of this
process, by turns; the database is another process, so what it does is seen in the last figures only: the time on the wall
with many posts, against that with few. How often a page asks is also counted of the fullest page there can be, with thirty
lines in every section; what that one costs stands beside the others, without a promise.

Three signed-in pages also against the same pages through model instances and Django's templates (bench/peer), after it was seen
that they are the same: every tag, every link, every word.
"""
import sys
from dataclasses import dataclass
from time import perf_counter

from django.db import connections
from django.test.utils import CaptureQueriesContext

from bench import ground  # first: from here on Django runs in the town of the bench
from bench.asking import Page, program
from bench.contest import contest_of
from bench.measure import Result, by_turns, ratio, report, size
from bench.peer.alike import must_be_alike
from bench.room import room_of
from machi.accounts.models import User
from machi.contracts.lifecycle import MilestoneState
from machi.contracts.models import Contract
from machi.jobs.lifecycle import JobState
from machi.jobs.models import Job
from machi.simulation.crowd.pages import FULLEST

FEW, MANY = 10_000, 100_000
FEW_ENTRIES, MANY_ENTRIES = 25, 1_000
STORY_ROWS = 500
QUERIES_AT_MOST = 12
KEPT, FRESH, SIGNED_IN, GROWTH = 0.5, 4.0, 2.5, 1.5      # times the bare view: at most
BARE = "the same bytes from a bare view"
PEERS = ("home", "my page", "contract room")         # the pages that are also made the obvious way
PEER, SLOWER = "models and Django templates", 3.0    # times our page: at least


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of the first story, by their names."""

    public: dict[str, Page]
    signed_in: dict[str, Page]

    @property
    def every(self) -> dict[str, Page]:
        return self.public | self.signed_in


def pages(*, busy: bool = True, state: str = MilestoneState.DELIVERED) -> Pages:
    """As the busiest worker of the town sees them, or one of whom it knows little; the room of a contract in this state."""
    contract = Contract.objects.filter(milestones__state=state).order_by("pk" if busy else "-pk").first()
    worker, job = contract.worker, Job.objects.filter(state=JobState.OPEN).select_related("client__person").order_by("pk").first()
    return Pages(
        {"front": Page("/"), "job list": Page("/jobs/"), "job": Page(f"/jobs/{job.pk}/"),
         "public profile": Page(f"/people/{worker.pk}/")},
        {"home": Page("/home/", worker), "my page": Page("/me/", worker), "contract room": Page(f"/contracts/{contract.pk}/", worker),
         "job wizard": Page(f"/jobs/{job.pk}/write/reward/", job.client.person)})


def fullest() -> dict[str, Page]:
    """The page with as many lines as a page takes."""
    worker = User.objects.filter(email__startswith="crowd").order_by("pk")[FULLEST]
    return {"public profile": Page(f"/people/{worker.pk}/"), "my page": Page("/me/", worker)}


def main(arguments: list[str]) -> bool:
    many = size(arguments, MANY)
    few, large = ground.town(jobs=FEW), ground.town(jobs=many)
    with large.here():
        results = [*public_pages(many), *signed_in_pages(many), *through_models(many), *galleries(), *long_rooms()]
    return report("pages", [*results, *questions(few, large, many), *growth(few, large, many)], arguments)


def public_pages(jobs: int) -> list[Result]:
    """From the store at least twice as many in a second of the processor as the bare view, drawn afresh at least a quarter."""
    kept, fresh, bare = program(store=True), program(store=False), program(store=False, answers="bench.asking")
    results = []
    for name, page in pages().public.items():
        page.keep_for_bare(fresh)
        results += [
            against(bare, kept, page, f"{name}, kept", jobs, "at least 2 times as many", KEPT),
            against(bare, fresh, page, f"{name}, afresh", jobs, "at least 1/4 as many", FRESH)]
    return results


def signed_in_pages(jobs: int) -> list[Result]:
    """Never kept: at least 0.4 times as many as the bare view."""
    ours, bare = program(store=True), program(store=True, answers="bench.asking")
    results = []
    for name, page in pages().signed_in.items():
        page.keep_for_bare(ours)
        results.append(against(bare, ours, page, name, jobs, "at least 0.4 times as many", SIGNED_IN))
    return [*results, *the_fullest(jobs)]


def gallery_pages(entries: int) -> dict[str, Page]:
    """The gallery of a contest with so many entries, as its client sees it: where it begins, and where it ends."""
    job = contest_of(entries)
    client, address = job.client.person, f"/jobs/{job.pk}/gallery/"
    return {"contest gallery": Page(address, client), "contest gallery, the last page": Page(f"{address}?page=999", client),
            "contest, choosing": Page(f"/jobs/{job.pk}/prizes/", client)}


def galleries() -> list[Result]:
    """With a thousand entries: against the bare view, and as many questions as with twenty-five."""
    ours, bare, results = program(store=True), program(store=True, answers="bench.asking"), []
    for name, page in gallery_pages(MANY_ENTRIES).items():
        page.keep_for_bare(ours)
        promise = ("at least 1/4 as many", FRESH) if "gallery" in name else ("(as measured)", float("inf"))
        results.append(against(bare, ours, page, name, MANY_ENTRIES, *promise))
    counts: dict[str, list[int]] = {}
    for entries in (MANY_ENTRIES, FEW_ENTRIES):
        count_questions(gallery_pages(entries), program(store=False), counts)
    return [*results, *few_questions(counts, MANY_ENTRIES)]


def long_rooms() -> list[Result]:
    """The room of a contract in which five hundred things happened, and as many letters were written: what is new, and then all of it."""
    ours, bare, results = program(store=True), program(store=True, answers="bench.asking"), []
    contract = room_of(STORY_ROWS)
    address = f"/contracts/{contract.pk}/"
    newest, whole = Page(address, contract.worker), Page(f"{address}?story=all&letters=all", contract.worker)
    for name, page, promise in (
            ("contract room, a long story", newest, ("at least 0.4 times as many", SIGNED_IN)),
            ("contract room, all of a long story", whole, ("(as measured)", float("inf")))):
        page.keep_for_bare(ours)
        results.append(against(bare, ours, page, name, STORY_ROWS, *promise))
    counts: dict[str, list[int]] = {}
    little = Contract.objects.filter(milestones__state=MilestoneState.DELIVERED).select_related("worker").order_by("pk")[1]
    for page in (newest, Page(f"/contracts/{little.pk}/", little.worker)):
        count_questions({"contract room, a long story": page}, program(store=False), counts)
    return [*results, *few_questions(counts, STORY_ROWS)]


def the_fullest(jobs: int) -> list[Result]:
    """Drawn afresh, without a promise."""
    ours, bare, results = program(store=False), program(store=False, answers="bench.asking"), []
    for name, page in fullest().items():
        page.keep_for_bare(ours)
        results.append(against(bare, ours, page, f"{name}, the fullest", jobs, "(as measured)", float("inf")))
    return results


def through_models(jobs: int) -> list[Result]:
    """At least three times as many in a second of the processor as the same page through models and Django templates."""
    ours, peer = program(store=True), program(store=True, answers="bench.peer.urls")
    for busy in (False, True):
        for name in PEERS:
            page = pages(busy=busy).signed_in[name]
            must_be_alike(name, page.text(ours), page.text(peer))
    results = []
    for name in PEERS:
        page = pages().signed_in[name]
        theirs, mine = by_turns(lambda p=page: p.ask(peer), lambda p=page: p.ask(ours))
        times, spread = ratio(theirs, mine)
        results.append(Result(f"{name}: peer", jobs, round(theirs.p50, 3), "ms", f"ours; {PEER}", times, spread,
                              "at least 3 times as many as the peer", times >= SLOWER, ground.memory_mb()))
    return results


def against(bare, ours, page: Page, name: str, jobs: int, promise: str, at_most: float) -> Result:
    mine, least = by_turns(lambda: page.ask(ours), lambda: page.ask(bare))
    times, spread = ratio(mine, least)
    return Result(name, jobs, round(mine.p50, 3), "ms", BARE, times, spread, promise, times <= at_most, ground.memory_mb())


def questions(few: ground.Town, large: ground.Town, jobs: int) -> list[Result]:
    """How often a page asks the database: at most twelve times, and as often for much as for little."""
    ours, counts = program(store=False), {}
    for town, busy in ((large, True), (few, True), (few, False)):
        with town.here():
            paid = pages(busy=busy, state=MilestoneState.ACCEPTED).signed_in["contract room"]
            count_questions({**pages(busy=busy).every, "contract room, paid": paid, **fullest()}, ours, counts)
    return few_questions(counts, jobs)


def count_questions(asked: dict[str, Page], ours, counts: dict[str, list[int]]) -> None:
    """Add to each page's name how often it asks now."""
    for name, page in asked.items():
        page.ask(ours)
        with CaptureQueriesContext(connections["default"]) as questions:
            page.ask(ours)
        counts.setdefault(name, []).append(len(questions))


def few_questions(counts: dict[str, list[int]], jobs: int) -> list[Result]:
    """Counted for much first, then for less."""
    return [Result(f"{name}: questions", jobs, most, "questions", "12", round(most / QUERIES_AT_MOST, 2), [min(asked), most],
                   "at most 12, and no more for much than for little", most <= QUERIES_AT_MOST and asked[0] <= min(asked))
            for name, asked in counts.items() for most in [max(asked)]]


def growth(few: ground.Town, large: ground.Town, jobs: int) -> list[Result]:
    """On the wall, so that the database is seen: how the slowest of a hundred looks grow with the number of posts."""
    ours, results = program(store=False), []
    with few.here():
        small = pages().every
    with large.here():
        big = pages().every

    def asked(town: ground.Town, page: Page):
        with town.here():
            page.ask(ours)
    for name in big:
        many, little = by_turns(lambda n=name: asked(large, big[n]), lambda n=name: asked(few, small[n]), clock=perf_counter)
        _times, spread = ratio(many, little)
        times = round(many.p95 / little.p95, 2)
        results.append(Result(f"{name}: growth", jobs, round(many.p95, 2), "ms at p95", f"{FEW:,} posts", times, spread,
                              f"at most {GROWTH} times", times <= GROWTH))
    return results


if __name__ == "__main__":
    sys.exit(0 if main(sys.argv[1:]) else 1)
