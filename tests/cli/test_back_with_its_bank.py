"""A town whose money lies at a real bank is brought back: its files, its books, the batch that is at the bank, and nobody who has left."""
import json
import pathlib
import shutil

import pytest

from machi.cli.postgres import Server
from tests import database
from tests.cli.towns import Town, a_folder, inside, run

ACCOUNT = {"from": "2024-01-01", "source": "contract with the bank", "profile": "generic", "bank_code": "0005", "branch_code": "001",
           "kind": "1", "number": "1234567", "holder": "街の会", "holder_kana": "マチノカイ", "payer_code": "1234567890"}


@pytest.fixture
def town():
    with a_folder() as folder:
        home = folder / "home"
        home.mkdir()
        database.copy_template("data", to=Server(home))
        (home / "account.json").write_text(json.dumps({"account": [ACCOUNT]}))
        made = Town(home, MACHI_BACKUPS=str(folder / "backups"), MACHI_MONEY_MODE="bank", MACHI_MONEY_BASIS="agent_receipt")
        yield made
        made.kill_all()


@pytest.fixture
def new():
    with a_folder() as folder:
        yield folder / "new"
        Server(folder / "new").stop()


def test_a_town_by_bank_comes_back_with_its_batch_and_moves_no_yen_until_somebody_has_looked(town, new):
    gone = inside(town, "join('kanari-name')")["pk"]
    before = inside(town, "pay_by_bank()")
    assert before["payouts"] == ["sending"] and before["batch"][1:] == [1, 497_750] and len(before["file"]) == 64
    done = run(town, "backup", "--keys", new.parent / "keys")
    assert done.returncode == 0, done
    place = pathlib.Path(done.stdout.partition(":")[0])
    inside(town, f"leave({gone})")
    shutil.move(town.home, town.home.with_name("lost"))     # the machine is lost; the backups and the list beside them are left
    try:
        done = run(town, "restore", place, "--into", new, "--keys", new.parent / "keys")
    finally:
        shutil.move(town.home.with_name("lost"), town.home)
    assert done.returncode == 0, done
    assert "erased once more: 1" in done.stdout and "every rule of money holds" in done.stdout

    back = inside(town, "look_by_bank()", home=new)
    assert back == before | {"file": "money stands still"} and back["files"] and all(back["files"].values())
    assert inside(town, "look()", home=new)["people"][str(gone)] != "kanari-name"
    assert run(town, "check-invariants", home=new).returncode == 0
    assert run(town, "resume-money", home=new).returncode == 0
    assert inside(town, "look_by_bank()", home=new) == before, "the same file, to the byte: the bank is told nothing twice"
    after = inside(town, "bring_statement()", home=new)

    assert after["payouts"] == ["paid"] and after["books"][:len(before["books"])] == before["books"]
    assert run(town, "check-invariants", home=new).returncode == 0
