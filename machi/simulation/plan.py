"""When everything of the story happens: one list of moments, in the order of time, the same on every run of one day."""
import datetime
import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass

from machi.shared import clock
from machi.simulation.contests import Contest
from machi.simulation.story import Client, Job, Person, Proposal, Story, Work
from machi.simulation.weeks import deeds_of

OFFICE = (9, 10, 11, 13, 14, 15, 16, 17)            # o'clock at which clients see to things
ANY = (6, 9, 10, 13, 14, 16, 20, 21, 22, 23)        # and at which people work from home
FAR = ("agreed", "funded", "delivered", "changes", "again", "accepted")     # how far a piece of work can be
ROUND = datetime.time(9, 5)                         # once a day the town does what is due by the clock
LATER_EACH_DAY = datetime.timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happens: a deed of deeds.py, by people named by their keys, about a post named by its title."""

    at: datetime.datetime
    deed: str
    about: tuple = ()


def moments(story: Story, today: datetime.date) -> list[Moment]:
    """Everything that happens before this day, in the order of time. Raises ValueError for what would lie in the future."""
    plan = _Plan(today)
    for person in story.people.values():
        plan.arrive(person)
    for client in story.clients:
        plan.describe(client)
        for job in client.jobs:
            plan.live(job)
    for contest in story.contests:
        plan.hold(contest)
    for batch in story.batches:
        plan.add(batch.published, OFFICE, "open_batch", batch.key)
        for number, bundle in enumerate(batch.bundles):
            plan.add(bundle.day, ANY, "do_bundle", batch.key, number)
    for piece in story.pieces:
        plan.add(piece.day, ANY, "show_piece", piece.person, piece.title)
    for package in story.packages:
        plan.add(package.day, ANY, "prepare", package.person, package.title)
    first = min(moment.at for moment in plan.moments)
    plan.go_round(clock.day_of(first))
    midnight = datetime.datetime.combine(today, datetime.time(), clock.JAPAN)
    if late := [moment for moment in plan.moments if moment.at >= midnight]:
        raise ValueError(f"this would happen in the future: {late[0]}")
    return sorted(plan.moments, key=lambda moment: (moment.at, moment.deed, str(moment.about)))


class _Plan:
    def __init__(self, today: datetime.date):
        self.today = today
        self.moments: list[Moment] = []

    def add(self, day: int, hours: tuple[int, ...], deed: str, *about) -> None:
        """On a day, at an hour that is always the same for this deed."""
        self.moments.append(Moment(self.at(day, _time(hours, deed, *about)), deed, about))

    def at(self, day: int, time: datetime.time) -> datetime.datetime:
        return datetime.datetime.combine(self.today + datetime.timedelta(days=day), time, clock.JAPAN)

    def arrive(self, person: Person) -> None:
        self.add(person.joined, ANY, "arrive", person.key)
        for number, account in enumerate(person.accounts):
            self.add(account[0], ANY, "name_account", person.key, number)
        for duty in person.duties:
            self.add(person.joined + 1, OFFICE, "give_duty", person.key, duty)

    def describe(self, client: Client) -> None:
        self.add(client.person.joined + 1, OFFICE, "describe", client.person.key)
        for member in client.members:
            self.add(member.came - 1, OFFICE, "invite", client.person.key, member.person.key)
            self.add(member.came, OFFICE, "come_in", client.person.key, member.person.key)

    def live(self, job: Job) -> None:
        """From the first line of a post to the last word about it."""
        if job.published is None:
            self.add(job.drafted, OFFICE, "draft", job.title)
            return
        self.add(job.published, OFFICE, "post", job.title)
        for proposal, day in _days_of_arrival(job):
            self.add(day, ANY, "sketch" if proposal.then == "draft" else "apply", job.title, proposal.worker)
            self.answer(job, proposal, day)
        if job.ended is not None:
            self.add(job.ended, OFFICE, "end_choosing", job.title)

    def answer(self, job: Job, proposal: Proposal, applied: int) -> None:
        names = job.title, proposal.worker
        chosen = job.chosen if proposal.chosen is None else proposal.chosen
        if proposal.then == "withdrawn":
            self.add(applied + 1, ANY, "withdraw", *names)
        if proposal.then == "not_chosen":
            self.add(chosen + 3, OFFICE, "decline", *names)
        if proposal.then in ("offered", "refused", "work"):
            self.add(chosen, OFFICE, "offer_it", *names)
            if proposal.other_due is not None or proposal.other_reward is not None:
                self.add(chosen + 1, OFFICE, "change_offer", *names)
        if proposal.then == "refused":
            self.add(chosen + 2, ANY, "refuse", *names)
        if proposal.work:
            self.work(sorted(_steps(job, proposal.work, chosen), key=lambda step: step[0]), names)
            for day, hours, deed, *about in deeds_of(proposal.work.weeks, chosen, self.today):
                time = hours if isinstance(hours, datetime.time) else _time(hours, deed, *names, *about, day)
                self.moments.append(Moment(self.at(day, time), deed, (*names, *about)))

    def work(self, steps: list[tuple], names: tuple[str, str]) -> None:
        """From the agreement to the last word: what falls on one day happens in the order in which it is told."""
        if steps[0][2] != "agree":
            raise ValueError(f"before the agreement of {names}: {steps[0]}")
        for day, told in itertools.groupby(steps, key=lambda step: step[0]):
            told = list(told)
            times = sorted(_time(hours, deed, *names, *about) for _day, hours, deed, *about in told)
            for time, (_day, _hours, deed, *about) in zip(times, told, strict=True):
                self.moments.append(Moment(self.at(day, time), deed, (*names, *about)))

    def hold(self, contest: Contest) -> None:
        """A contest, from its pot to its prizes."""
        if contest.published is None:
            self.add(contest.drafted, OFFICE, "draft_contest", contest.title)
            return
        self.add(contest.published, OFFICE, "open_contest", contest.title)
        for number, entry in enumerate(contest.entries):
            self.add(entry.day, ANY, "enter_contest", contest.title, number)
        for number, (_who, asked, _words, answered, answer) in enumerate(contest.questions):
            self.add(asked, ANY, "ask_about", contest.title, number)
            if answer:
                self.add(answered, OFFICE, "answer_about", contest.title, number)
        if contest.judged is not None:
            self.add(contest.judged, OFFICE, "award_contest", contest.title)

    def go_round(self, first: datetime.date) -> None:
        """The town's own clock, from the first day on. Each round is a little later in the day than the one before: what a round begins
        ("seven days from now") is then over in a round, however many seconds either of them takes.
        """
        days = (self.today - first).days
        for number in range(-days, 0):
            self.moments.append(Moment(self.at(number, ROUND) + (days + number) * LATER_EACH_DAY, "go_round"))


def _steps(job: Job, work: Work, chosen: int) -> Iterator[tuple]:
    """Day, hours, deed and what else it needs, for everything that follows an offer."""
    went = FAR.index(work.until)
    yield chosen + 2, ANY, "agree"
    if went >= FAR.index("funded"):
        yield chosen + 3, OFFICE, "fund"
    for number, (day, who, _text) in enumerate(work.letters):
        yield day, OFFICE if who == "client" else ANY, "write_letter", number
    for number, (asked, _who, _later, _words, agreed) in enumerate(work.dates):
        yield asked, ANY, "ask_for_date", number
        if agreed:
            yield agreed, OFFICE, "agree_on_date", number
    if went >= FAR.index("delivered"):
        yield from _delivery(job, work, went)


def _delivery(job: Job, work: Work, went: int) -> Iterator[tuple]:
    """From the first delivery to the last word."""
    delivered = job.due - 2 if work.delivered is None else work.delivered
    again = delivered + 4
    accepted = (again if work.changes else delivered) + 2 if work.accepted is None else work.accepted
    yield delivered, ANY, "hand_over", 1
    if work.changes and went >= FAR.index("changes"):
        yield delivered + 2, OFFICE, "ask_changes"
    if work.changes and went >= FAR.index("again"):
        yield again, ANY, "hand_over", 2
    if went == FAR.index("accepted"):
        yield accepted, OFFICE, "accept"
        if work.thanks:
            yield accepted + 1, OFFICE, "thank"
        if work.client_says:
            yield accepted + 2, OFFICE, "review", "client"
        if work.worker_says:
            yield accepted + 3, ANY, "review", "worker"


def _time(hours: tuple[int, ...], *deed) -> datetime.time:
    dice = random.Random(repr(deed))
    return datetime.time(dice.choice(hours), dice.randrange(60), dice.randrange(60))


def _days_of_arrival(job: Job) -> Iterator[tuple[Proposal, int]]:
    """The proposals of a post with their days: those that name none are spread over the time in which it was open."""
    last = min(job.closes, -1 if job.chosen is None else job.chosen - 1, -1)
    count = len(job.proposals) + 1
    for number, proposal in enumerate(job.proposals, 1):
        yield proposal, proposal.day if proposal.day is not None else job.published + max(1, (last - job.published) * number // count)
