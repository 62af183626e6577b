"""Micro-tasks answered per second by eight people at once on one hot batch, against pgbench's TPC-B on the same server, by turns in one
run. Whoever has answered their bundle takes the next one: what a claim costs is in it. Afterwards no place was given twice.

    python -m bench.tasks [--json]
"""
import io
import sys
from multiprocessing.connection import Connection

from django.core.files.uploadedfile import SimpleUploadedFile

from bench import ground
from bench.clients import CLIENTS, Crowd, go_on, tpcb, tpcb_tables
from bench.measure import Result, Times, ratio, report
from machi.accounts.models import Party, User
from machi.files.storing import store_table
from machi.tasks import actions, invariants
from machi.tasks.models import Answer, Batch, Item, Slots
from machi.tasks.prices import slots_wanted
from machi.taxonomy.models import Category

TURNS, ROWS, EACH = 5, 40_000, 5
FORM = {"version": 1, "parts": [{"kind": "cell", "name": "text", "column": "文"},
                                {"kind": "choice", "name": "feeling", "label": "気持ち", "options": ["よい", "わるい"]}]}


def main(arguments: list[str]) -> bool:
    with ground.town(jobs=1_000, seed=2).here():
        batch = _batch().pk
    tables, rates = tpcb_tables(), {"TPC-B": [], "answers": []}
    crowd = Crowd(_client, batch)
    try:
        for turn in range(TURNS + 1):
            found = {"TPC-B": tpcb(tables), "answers": crowd.rate("answers")}
            for name, rate in found.items() if turn else ():            # the first fills caches
                rates[name].append(rate)
    finally:
        crowd.leave()
    with ground.town(jobs=1_000, seed=2).here():
        given, broken = Answer.objects.filter(batch=batch).exclude(given_at=None).count(), invariants.broken()
        left = sum(Item.objects.filter(batch=batch).values_list("places_free", flat=True))
        taken = Answer.objects.filter(batch=batch).exclude(state="given_back").count()
        over = Batch.objects.select_related("client__person").get(pk=batch)
        actions.move_batch(batch=over, by=over.client.person, move="stop")
    is_exact = not broken and left + taken == ROWS * EACH
    answers = Times(rates["answers"])
    against, spread = ratio(answers, Times(rates["TPC-B"]))
    return report("tasks", [
        Result("tasks: answers with their claims", CLIENTS, round(answers.p50), "answers/s", "pgbench TPC-B, 8 clients", against, spread,
               "at least 0.5", against >= 0.5, ground.memory_mb()),
        Result("tasks: places given twice", given, ROWS * EACH - left - taken, "places", "those that were paid in for", 1.0, [1.0, 1.0],
               "none", is_exact),
    ], arguments)


def _batch() -> Batch:
    """Open, with places for all of them."""
    party = Party.objects.filter(person__isnull=False).exclude(address="").order_by("pk").first()
    data = io.StringIO()
    data.write("番号,文\n")
    data.writelines(f"{number},きょうは{number}回目です\n" for number in range(ROWS))
    client = party.person
    batch = actions.draft_batch(client=party, by=client, title="口コミの気持ち", body="お店の口コミを分けます。", price_yen=5,
                                category=Category.objects.order_by("position").first(), answers_each=EACH, most_each=EACH, gold_percent=0)
    upload = SimpleUploadedFile("items.csv", data.getvalue().encode())
    actions.bring_file(batch=batch, by=client, file=store_table(upload, "text"), key_column="番号")
    actions.take_in_files()
    actions.save_form(batch=batch, by=client, said=FORM, guide="よい気持ちなら「よい」をえらびます。")
    for _ in range(3):
        actions.note_trial(batch=batch, by=client, seconds=10)
    batch.refresh_from_db()
    amount = actions.publishing.asked_for(batch, Slots.Why.PUBLISH, sum(slots_wanted(batch, items=batch.items_count, golds=0)),
                                          batch.price_yen)
    return actions.publish_batch(batch=batch, by=client, amount=amount)


def _client(line: Connection, begin, seed: int, batch: int) -> None:
    with ground.town(jobs=1_000, seed=2).here():
        worker = User.objects.filter(proposals__isnull=False).distinct().order_by("pk")[seed]
        held: list[Answer] = []

        def answer(_name: str) -> None:
            if not held:
                bundle = actions.take_bundle(batch=Batch.objects.get(pk=batch), by=worker, minutes=15)
                held.extend(Answer.objects.filter(bundle=bundle, state="held").order_by("-position"))
            one = held.pop()
            actions.give_answer(answer=one, by=worker, posted={"a.feeling": ["よい"]}, seconds=8)
            if not held:
                actions.finish_bundle(bundle=one.bundle, by=worker)
        go_on(line, begin, answer)


if __name__ == "__main__":
    sys.exit(0 if main(sys.argv[1:]) else 1)
