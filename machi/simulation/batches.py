"""Micro-tasks of the demo town: what was asked about, who took a bundle, and how they answered. Days are counted as in story.py."""
import csv
import datetime
import io
import random
from dataclasses import dataclass

from django.core.files.uploadedfile import SimpleUploadedFile

from machi.files.storing import store_table
from machi.shared import clock
from machi.simulation.signs import packed
from machi.tasks import actions as tasks
from machi.tasks.actions.publishing import asked_for
from machi.tasks.models import Answer, Batch, Slots
from machi.tasks.prices import slots_wanted

TEXT, KEY, GOLD, WHY = "声", "番号", "答え", "わけ"
PICTURE, SHOWN = "画像", "説明"
TRIED = 3                                           # items that the client's own people answer first


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """Somebody takes a bundle, and is right so often."""

    worker: str
    day: int
    minutes: int
    right_percent: int


@dataclass(frozen=True, kw_only=True)
class Tasks:
    """A batch with one question, and all that became of it."""

    key: str
    title: str
    client: str
    category: str
    topic: str
    body: str
    guide: str
    question: str
    options: tuple[str, ...]
    price: int
    seconds: int
    answers: int
    threshold: int
    published: int
    rows: tuple[tuple[str, ...], ...]               # text, what is true of it: only this file knows; of a picture what signs.py draws, too
    golds: tuple[tuple[str, str, str], ...] = ()    # text, answer, why
    good: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()
    newcomers: bool = False
    bundles: tuple[Bundle, ...] = ()

    @property
    def form(self) -> dict:
        shown = {"kind": "image", "name": "sign", "column": PICTURE, "label": PICTURE, "alternative": SHOWN} if self.signs else {
            "kind": "cell", "name": "text", "column": TEXT, "label": TEXT}
        return {"version": 1, "parts": [shown, {"kind": "choice", "name": "about", "label": self.question, "options": list(self.options)}]}

    @property
    def signs(self) -> dict[str, str]:
        """The names of the pictures, and what is drawn on each."""
        return {f"{number:03}.png": more[0] for number, (_text, _about, *more) in enumerate(self.rows, 1) if more}

    @property
    def truth(self) -> dict[str, str]:
        """By the number of an item."""
        return {f"{number:03}": about for number, (_text, about, *_more) in enumerate(self.rows, 1)} | {
            f"g{number}": about for number, (_text, about, _why) in enumerate(self.golds, 1)}

    @property
    def examples(self) -> list[dict]:
        return [{"text": text, "is_good": is_good} for is_good, texts in ((True, self.good), (False, self.bad)) for text in texts]

    def file(self) -> SimpleUploadedFile:
        """As a client's own program would write it."""
        out = io.StringIO()
        if self.signs:
            lines = [(KEY, PICTURE, SHOWN), *((name[:3], name, row[0]) for name, row in zip(self.signs, self.rows, strict=True))]
        else:
            rows = [(f"{number:03}", text, "", "") for number, (text, _about) in enumerate(self.rows, 1)]
            golds = [(f"g{number}", text, about, why) for number, (text, about, why) in enumerate(self.golds, 1)]
            lines = [(KEY, TEXT, GOLD, WHY), *rows, *golds]
        csv.writer(out).writerows(lines)
        return SimpleUploadedFile(f"{self.key}.csv", out.getvalue().encode())


def read(rows: list[dict]) -> tuple[Tasks, ...]:
    """The batches as they are written down."""
    return tuple(_tasks(dict(row)) for row in rows)


def _tasks(row: dict) -> Tasks:
    bundles = tuple(Bundle(**dict(zip(("worker", "day", "minutes", "right_percent"), one, strict=True))) for one in row.pop("bundles"))
    lists = {name: tuple(tuple(one) if isinstance(one, list) else one for one in row.pop(name, ()))
             for name in ("options", "rows", "golds", "good", "bad")}
    return Tasks(bundles=bundles, **lists, **{name: value.strip() if isinstance(value, str) else value for name, value in row.items()})


class TaskDeeds:
    """What people do with micro-tasks. Stands beside the other deeds of a life."""

    def tasks(self, key: str) -> Tasks:
        return next(one for one in self.story.batches if one.key == key)

    def batch(self, key: str) -> Batch:
        return Batch.objects.select_related("client").get(title=self.tasks(key).title, client=self.party(self.tasks(key).client))

    def open_batch(self, key: str) -> None:
        """From a file to people who may take it, as the way on the pages leads."""
        told, by = self.tasks(key), self.somebody_comes_by(self.tasks(key).client)
        has_golds = {"gold_column": GOLD, "why_column": WHY} if told.golds else {}
        batch = tasks.draft_batch(
            client=self.party(told.client), by=by, title=told.title, body=told.body, category=self.kinds[told.category], topic=told.topic,
            price_yen=told.price, answers_each=told.answers, most_each=told.answers + 2, threshold_percent=told.threshold,
            gold_percent=10 if told.golds else 0, is_for_newcomers=told.newcomers)
        tasks.bring_file(batch=batch, by=by, file=store_table(told.file(), "text"), key_column=KEY, **has_golds)
        tasks.take_in_files()
        batch.refresh_from_db()
        tasks.save_form(batch=batch, by=by, said=told.form, guide=told.guide, examples=told.examples)
        if told.signs:
            parcel = SimpleUploadedFile(f"{told.key}.zip", packed(told.signs))
            tasks.bring_media(batch=batch, by=by, files_=[store_table(parcel, "zip")])
            tasks.take_in_media()
        for _item in range(TRIED):
            tasks.note_trial(batch=batch, by=by, seconds=told.seconds)
        batch.refresh_from_db()
        wanted = sum(slots_wanted(batch, items=len(told.rows), golds=len(told.golds)))
        tasks.publish_batch(batch=batch, by=by, amount=asked_for(batch, Slots.Why.PUBLISH, wanted, batch.price_yen))

    def do_bundle(self, key: str, number: int) -> None:
        """Somebody answers all of a bundle, each answer in about its time."""
        told, one = self.tasks(key), self.tasks(key).bundles[number]
        worker, dice = self.somebody_comes_by(one.worker), random.Random(f"{key} {number}")
        bundle = tasks.take_bundle(batch=self.batch(key), by=worker, minutes=one.minutes)
        later = datetime.timedelta()
        for answer in Answer.objects.filter(bundle=bundle).select_related("item").order_by("position"):
            seconds = dice.randint(told.seconds * 2 // 3, told.seconds * 4 // 3)
            later += datetime.timedelta(seconds=seconds)
            known = told.truth[answer.item.key]
            said = known if dice.random() * 100 < one.right_percent else dice.choice([other for other in told.options if other != known])
            with clock.moved(by=later):
                tasks.give_answer(answer=answer, by=worker, posted={"a.about": [said]}, seconds=seconds)
        with clock.moved(by=later):
            tasks.finish_bundle(bundle=bundle, by=worker)
