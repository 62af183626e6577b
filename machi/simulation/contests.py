"""Contests of the demo town: what was asked for, who handed in what, and who was chosen. Days are counted as in story.py."""
from dataclasses import dataclass

from django.core.files.uploadedfile import SimpleUploadedFile

from machi.files.storing import stored
from machi.jobs import actions as jobs
from machi.jobs.contests import pot_of
from machi.jobs.models import Job
from machi.proposals import actions as proposals
from machi.proposals.entries import Entry
from machi.simulation import drawings


@dataclass(frozen=True, kw_only=True)
class Made:
    """What somebody made for a contest."""

    worker: str
    day: int
    title: str
    text: str = ""
    drawing: str = ""                   # a function of drawings.py
    is_draft: bool = False


@dataclass(frozen=True, kw_only=True)
class Contest:
    """A contest and all that became of it."""

    title: str
    client: str
    category: str
    topic: str
    body: str
    prizes: tuple[int, ...]
    hours: int
    takes: str
    closes: int
    published: int | None = None        # none: still a draft
    drafted: int | None = None
    judged: int | None = None
    winners: tuple[tuple[int, str], ...] = ()       # prize, who
    questions: tuple = ()               # who, day, words, day of the answer, answer (empty: none yet)
    entries: tuple[Made, ...] = ()


def read(rows: list[dict]) -> tuple[Contest, ...]:
    """The contests as they are written down."""
    return tuple(_contest(dict(row)) for row in rows)


def _contest(row: dict) -> Contest:
    entries = tuple(Made(**entry) for entry in row.pop("entries", ()))
    winners = tuple(sorted((int(prize), worker) for prize, worker in row.pop("winners", {}).items()))
    questions = tuple(map(tuple, row.pop("questions", ())))
    return Contest(entries=entries, winners=winners, questions=questions, **row | {
        "prizes": tuple(row["prizes"]), "body": row["body"].strip()})


class ContestDeeds:
    """What people do in a contest. Stands beside the other deeds of a life."""

    def contest(self, title: str) -> Contest:
        return next(contest for contest in self.story.contests if contest.title == title)

    def contest_post(self, title: str) -> Job:
        return Job.objects.select_related("client", "contest").get(title=title, client=self.party(self.contest(title).client))

    def draft_contest(self, title: str) -> Job:
        told = self.contest(title)
        return jobs.draft_job(
            client=self.party(told.client), by=self.somebody_comes_by(told.client), form=Job.Form.CONTEST, title=title, body=told.body,
            category=self.kinds[told.category], topic=told.topic, closes_on=self.day(told.closes), ai=Job.AI.DECLARED,
            prizes_yen=list(told.prizes), hours=told.hours, takes=told.takes)

    def open_contest(self, title: str) -> None:
        job = self.draft_contest(title)
        proposals.open_contest(job=job, by=self.somebody_comes_by(self.contest(title).client), pot=pot_of(job.contest))

    def enter_contest(self, title: str, number: int) -> None:
        """Somebody hands in what they made, or leaves it as a draft."""
        told = self.contest(title).entries[number]
        worker = self.somebody_comes_by(told.worker)
        entry = proposals.begin_entry(job=self.contest_post(title), by=worker)
        words = {"title": told.title, "text": told.text, "ai_note": "使っていません"}
        if told.is_draft:
            proposals.save_entry(entry=entry, by=worker, **words)
            return
        drawn = [SimpleUploadedFile(f"{told.drawing}.png", drawings.drawn(told.drawing))] if told.drawing else []
        with stored(drawn) as files:
            proposals.hand_in(entry=entry, by=worker, files=files, **words)

    def ask_about(self, title: str, number: int) -> None:
        who, _day, words, _answered, _answer = self.contest(title).questions[number]
        jobs.ask(job=self.contest_post(title), by=self.somebody_comes_by(who), words=words)

    def answer_about(self, title: str, number: int) -> None:
        _who, _day, words, _answered, answer = self.contest(title).questions[number]
        jobs.answer(question=self.contest_post(title).questions.get(words=words), by=self.somebody_comes_by(self.contest(title).client),
                    words=answer)

    def award_contest(self, title: str) -> None:
        told, job = self.contest(title), self.contest_post(title)
        numbers = {entry.worker_id: entry.number for entry in Entry.objects.filter(job=job, number__isnull=False).order_by("number")}
        proposals.award(job=job, by=self.somebody_comes_by(told.client),
                        winners={prize: numbers[self.person(who).pk] for prize, who in told.winners})
