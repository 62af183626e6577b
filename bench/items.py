"""A client's file of a million rows becomes items, against COPY of the very rows into a table alike, by turns in one run: the file is read
twice, looked at and then taken in, so all that Python does stands on one side. What the town holds meanwhile is bounded.

    python -m bench.items [--size 1M] [--json]
"""
import pathlib
import shutil
import sys
import tempfile
import time

import psycopg
from django.core.files.uploadedfile import TemporaryUploadedFile

from bench import ground
from bench.copying import Twin
from bench.measure import Result, Times, ratio, report, size
from machi.accounts.models import Party
from machi.files.storing import store_table
from machi.tasks import actions
from machi.tasks.models import Batch

TURNS, MOST_MB = 3, 300
SAID = ("駅から近くて、店の人がていねいでした。", "少し待ちましたが、味はとてもよかったです。", "Nice and quiet. I will come again.",
        "子どもといっしょに行きました。いすが低くて助かりました。", "値段のわりに、思ったより量が少なかったです。")


def main(arguments: list[str]) -> bool:
    rows = size(arguments, 1_000_000)
    town = ground.town(jobs=1_000, seed=2)
    before = ground.memory_mb()
    taken_in, copied, memory = [], [], 0
    with town.here(), psycopg.connect(ground.server.url(database=town.name), autocommit=True) as root:
        twin = Twin(root, {"tasks_item": "id"}, has_keys=True)
        for turn in range(TURNS + 1):
            count = rows if turn else min(rows, 1_000)
            brought = _brought(_draft(), count)
            twin.ready()
            begin = time.perf_counter()
            actions.take_in_files()
            took = (time.perf_counter() - begin) * 1000
            brought.refresh_from_db()
            assert brought.rows_count == count, brought.fault or brought.faults[:3]
            memory = max(memory, ground.memory_mb())
            if turn:                                # the first one warms up
                taken_in.append(took)
                copied.append(twin.copied())
    speed, spread = ratio(Times(copied), Times(taken_in))
    return report("items", [
        Result("items: taken in from a file", rows, round(rows * 1000 / Times(taken_in).p50), "rows/s", "COPY of the same rows", speed,
               spread, "at least 0.5", speed >= 0.5, memory),
        Result("items: memory of whoever reads", rows, memory, "MB", "before the file was read", round(memory / before, 2), [1.0, 1.0],
               f"at most {MOST_MB}", memory <= MOST_MB, memory),
    ], arguments)


def _draft() -> Batch:
    party = Party.objects.filter(person__isnull=False).exclude(address="").order_by("pk").first()
    return actions.draft_batch(client=party, by=party.person)


def _brought(batch: Batch, rows: int):
    """A file as it arrives, in pieces on the disk."""
    with tempfile.TemporaryDirectory() as place:
        path = pathlib.Path(place) / "items.csv"
        with path.open("w", encoding="utf-8") as file:
            file.write("番号,口コミ,星\n")
            file.writelines(f"K{number:07},{SAID[number % 5]},{number % 5 + 1}\n" for number in range(rows))
        upload = TemporaryUploadedFile("items.csv", "text/csv", path.stat().st_size, "utf-8")
        with path.open("rb") as file:
            shutil.copyfileobj(file, upload.file)
        upload.file.seek(0)
    return actions.bring_file(batch=batch, by=batch.client.person, file=store_table(upload, "text"), key_column="番号")


if __name__ == "__main__":
    sys.exit(0 if main(sys.argv[1:]) else 1)
