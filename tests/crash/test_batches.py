"""kill -9 at every step of a payday by file: what was acknowledged stays, every yen leaves once. The bank is asked, not our books alone."""
import os
from collections import Counter

import pytest

from tests import database
from tests.cli.towns import Town, a_folder
from tests.crash.test_kills import _inside

IS_LONG = os.environ.get("MACHI_LONG") == "1"
PAYDAYS, PEOPLE = (42, 10) if IS_LONG else (4, 4)
LEAST_KILLS, LEAST_OF_A_STAGE = (500, 80) if IS_LONG else (40, 6)


@pytest.fixture
def town():
    with a_folder() as folder:
        made = Town(folder)
        database.copy_template("data", to=made.server)
        yield made
        made.kill_all()


def test_at_whatever_step_of_a_payday_somebody_dies_every_yen_leaves_once(town):
    seed = int.from_bytes(os.urandom(4)) if IS_LONG else 1
    seen = _inside(town, f"paydays.run({PAYDAYS}, {PEOPLE}, seed={seed})")

    said = Counter(stage for stage, _said in seen["acknowledged"])
    print(f"seed {seed}: {sum(seen['kills'].values())} kills {seen['kills']}, {sum(said.values())} acknowledged {dict(said)}")
    assert sum(seen["kills"].values()) >= LEAST_KILLS and min(seen["kills"].values()) >= LEAST_OF_A_STAGE

    numbers, holders, yen = zip(*seen["sent"], strict=True)             # what the bank read in the files, with its own eyes
    assert sorted(numbers) == seen["payouts"] and len(set(holders)) == len(holders) == PAYDAYS * PEOPLE     # nobody twice, nobody forgotten
    assert sum(yen) == sum(seen["expected"].values()) == sum(seen["paid"].values()) and seen["paid"] == seen["expected"]
    assert seen["lines"] == ["matched"] * seen["statement"] and seen["statement"] == PAYDAYS * PEOPLE       # every line once
    assert seen["earned_twice"] == 0 and seen["broken"] == {}

    pks, states, files = zip(*seen["batches"], strict=True)
    assert set(states) == {"given"} and sorted(files) == sorted(seen["files"]) and len(files) == PAYDAYS     # however often they were taken
    for stage, wanted in (("written", files), ("proposed", map(str, pks)), ("approved", map(str, pks)), ("given", map(str, pks))):
        acknowledged = {word for name, word in seen["acknowledged"] if name == stage and not word.startswith("refused")}
        assert acknowledged <= set(wanted), stage                       # 0 lost
