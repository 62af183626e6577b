"""Batches of micro-tasks for tests, made through actions as people would."""

from django.core.files.uploadedfile import SimpleUploadedFile

from machi.accounts.queries import party_of
from machi.files.storing import store_table
from machi.tasks.actions import bring_file, draft_batch, note_trial, publish_batch, save_form, take_in_files
from machi.tasks.actions.publishing import asked_for
from machi.tasks.models import Answer, Batch, Slots
from machi.tasks.prices import slots_wanted
from machi.taxonomy.models import Category
from tests.people import a_client

FEELING = {"version": 1, "parts": [{"kind": "cell", "name": "text", "column": "文"},
                                   {"kind": "choice", "name": "feeling", "label": "気持ち", "options": ["よい", "わるい"]}]}


def a_csv(rows: int = 10, golds: int = 0) -> bytes:
    lines = ["番号,文,答え,わけ"]
    lines += [f"{number},きょうは{number}回目です,," for number in range(1, rows + 1)]
    lines += [f"g{number},とてもよい日{number},よい,「よい」とあるから" for number in range(1, golds + 1)]
    return "\n".join(lines).encode()


def an_upload(data: bytes, name: str = "items.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def a_draft(client=None, *, rows: int = 10, golds: int = 0, data: bytes | None = None, form: dict | None = None, seconds: int = 10,
            party=None, **values) -> Batch:
    """With its items, its form, and a trial."""
    client = client or a_client()
    values = {"title": "口コミの気持ち", "body": "お店の口コミを分けます。", "category": Category.objects.order_by("position").first(),
              "price_yen": 5, "answers_each": 3, **values}
    batch = draft_batch(client=party or party_of(client), by=client, **values)
    bring_file(batch=batch, by=client, file=store_table(an_upload(data or a_csv(rows, golds)), "text"), key_column="番号",
               gold_column="答え", why_column="わけ")
    take_in_files()
    save_form(batch=batch, by=client, said=form or FEELING, guide="よい気持ちなら「よい」をえらびます。")
    for _ in range(3):
        note_trial(batch=batch, by=client, seconds=seconds)
    batch.refresh_from_db()
    batch.by = client
    return batch


def price_of(batch: Batch) -> int:
    return asked_for(batch, Slots.Why.PUBLISH, sum(slots_wanted(batch, items=batch.items_count, golds=batch.golds_count)), batch.price_yen)


def a_batch(client=None, **values) -> Batch:
    """Open for everybody."""
    draft = a_draft(client, **values)
    batch = publish_batch(batch=draft, by=draft.by, amount=price_of(draft))
    batch.by = draft.by
    return batch


def held_answers(bundle) -> list[Answer]:
    return list(Answer.objects.filter(bundle=bundle, state="held").order_by("position"))
