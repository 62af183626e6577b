"""`machi backup` and `machi restore`: a town that is brought back is the town that was copied, to the yen and to the byte."""
import contextlib
import datetime
import errno
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import pytest

from machi.cli import backup, copies, restore
from machi.cli.environment import ROOT, Environment, Refused
from machi.cli.postgres import Server
from machi.cli.postgres_account import find_programs
from tests import database
from tests.cli.towns import Town, a_folder, inside, run

PAGE = ROOT / "docs/operations/backup.ja.md"
SECRET = "kJ8s-dLq02mXz7Pw_4rTb9VnYc6HgEaU"


@contextlib.contextmanager
def money_moving(town: Town):
    """How many entries the last one who was told of them knows."""
    command = ["manage", "shell", "-v0", "-c", "from tests.cli import moving; moving.move()"]
    process = subprocess.Popen([sys.executable, "-m", "machi.cli.main", *command], cwd=ROOT, env=town.environment, stdout=subprocess.PIPE,
                               text=True)
    try:
        yield lambda: int(process.stdout.readline())
    finally:
        for child in town.processes("moving.move"):
            os.kill(child, 9)
        process.wait()
        process.stdout.close()


@pytest.fixture(scope="module")
def town():
    """One town of its own for all these tests; its tables are a copy of the migrated ones."""
    with a_folder() as folder:
        home = folder / "home"
        home.mkdir()
        database.copy_template("data", to=Server(home))
        made = Town(home, MACHI_BACKUPS=str(folder / "backups"))
        (home / "keys").mkdir()
        (home / "keys" / ("ab" * 32)).write_bytes(b"kanari-key-of-sealed-papers-32by")
        (home / "fees.json").write_text('{"fee": []}')
        yield made
        made.kill_all()


@pytest.fixture(scope="module")
def copied(town):
    """A backup of the resting town."""
    done = run(town, "backup")
    assert done.returncode == 0, done
    return pathlib.Path(done.stdout.partition(":")[0])


@pytest.fixture
def here(town, monkeypatch):
    """The same settings in this process."""
    for name in [name for name in os.environ if name.startswith("MACHI_")]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("MACHI_HOME", str(town.home))
    monkeypatch.setenv("MACHI_BACKUPS", town.environment["MACHI_BACKUPS"])
    return Environment()


@pytest.fixture
def new(tmp_path_factory):
    """An empty folder that every account may enter."""
    with a_folder() as folder:
        yield folder / "new"
        Server(folder / "new").stop()


def test_a_town_that_lives_comes_back_to_the_yen_and_to_the_byte(town, new):
    gone = inside(town, "join('kanari-name')")["pk"]
    stays = inside(town, "join('ここに残る人', 2)")["pk"]
    keys = new.parent / "keys"
    with money_moving(town) as count:
        count()
        sealed = inside(town, "seal()")
        before = count()
        done = run(town, "backup", "--keys", keys)
        after = len(inside(town, "look()")["entries"])
        while count() <= after:                             # money went on all the time
            pass
    assert done.returncode == 0, done
    place = pathlib.Path(done.stdout.partition(":")[0])
    assert json.loads((place / "manifest.json").read_text())["seal"]["digest"] == sealed["digest"]
    inside(town, f"leave({gone})")
    now = inside(town, "look()")
    shutil.move(town.home, town.home.with_name("lost"))     # only the backups are left, and the list beside them
    try:
        done = run(town, "restore", place, "--into", new, "--keys", keys)
    finally:
        shutil.move(town.home.with_name("lost"), town.home)

    assert done.returncode == 0, done
    assert "erased once more: 1" in done.stdout and "every rule of money holds" in done.stdout and (new / "money-stopped").exists()
    back = inside(town, "look()", home=new)
    assert before <= len(back["entries"]) <= after and back["entries"] == now["entries"][:len(back["entries"])]
    assert back["files"] and all(back["files"].values()), "every row has its file"
    assert set(back["bank"]) <= set(now["bank"])
    assert back["people"][str(gone)] != "kanari-name" and back["people"][str(stays)] == "ここに残る人"
    assert "kanari-name" not in _dump(new) and (keys / ("ab" * 32)).read_bytes() == (new / "keys" / ("ab" * 32)).read_bytes()
    assert run(town, "check-invariants", home=new).returncode == 0
    assert run(town, "replay-erasures", home=new).stdout == "erased once more: 0\n"
    resumed = run(town, "resume-money", home=new)
    assert "lifted: the town was restored from a backup" in resumed.stdout and resumed.returncode == 0
    with money_moving(Town(new)) as count:
        assert count() > len(back["entries"]), "the town goes on"


def _dump(home: pathlib.Path) -> str:
    server = Server(home)
    server.ensure_running()
    try:
        return subprocess.run([find_programs()[server.version()] / "pg_dump", server.url()], capture_output=True, text=True,
                              check=True).stdout
    finally:
        server.leave()


def test_every_command_of_the_page_works_in_its_order(town, new, copied):
    """The page is what an operator has at three in the morning."""
    keys = new.parent / "keys"
    lines = [line for block in re.findall(r"```\n(.*?)```", PAGE.read_text(), re.S) for line in block.splitlines()]
    assert len(lines) == 8
    home = town.home
    for line in lines:
        words = [str({"/srv/machi-backups": copied.parent, "/srv/machi-keys": keys, "/srv/machi-new": new}.get(
            word, copied if copies.NAME.fullmatch(word.rpartition("/")[2]) else word)) for word in line.split()]
        done = run(town, *words[1:], home=home)
        assert words[0] == "machi" and done.returncode == 0, (line, done)
        home = new if words[1] == "restore" else home


def test_what_must_not_lie_in_a_backup_does_not(town, copied):
    (town.home / "mails").mkdir(exist_ok=True)
    inside(town, "look()")
    secret = (town.home / "secret").read_bytes()

    assert {place.name for place in copied.iterdir()} <= {"database", "manifest.json", "fees.json", "erased", "files", "bank"}
    everything = [place.read_bytes() for place in copied.rglob("*") if place.is_file()]
    assert not any(b"kanari-key" in content or secret in content for content in everything)
    assert {place.stat().st_mode & 0o077 for place in [copied, *copied.rglob("*")]} == {0}, "nobody else on this machine reads it"


def _flip(place: pathlib.Path) -> None:
    content = bytearray(place.read_bytes())
    content[len(content) // 2] ^= 1
    place.write_bytes(content)


@pytest.mark.parametrize("harm, words", [
    (lambda place: _flip(max((place / "database/base").rglob("*"), key=lambda file: file.stat().st_size)), "is damaged"),
    (lambda place: _flip(next((place / "database/pg_wal").glob("0*"))), "is damaged"),
    (lambda place: _flip(place / "fees.json"), "something else: fees.json"),
    (lambda place: (place / "fees.json").unlink(), "something else: fees.json"),
    (lambda place: (place / "database/more").touch(), "something else: database/more"),
    (lambda place: (place / "manifest.json").write_text("{"), "is no whole backup"),
    (lambda place: (place / "manifest.json").unlink(), "is no whole backup"),
    (lambda place: shutil.rmtree(place / "database"), "is no whole backup")])
def test_a_damaged_backup_is_refused_before_anything_is_written(town, copied, new, harm, words):
    place = new.parent / copied.name
    shutil.copytree(copied, place)
    harm(place)

    done = run(town, "restore", place, "--into", new)

    assert done.returncode == 1 and words in done.stderr and "Traceback" not in done.stderr and not new.exists(), done


def test_a_copy_that_the_server_did_not_send_so_is_no_backup(here, town, copied, monkeypatch):
    """What went wrong on the way to the disk is in our own digests too, so PostgreSQL's are asked."""
    whole = copies.base_backup

    def damaged(*arguments):
        whole(*arguments)
        _flip(arguments[-1] / "global/pg_control")
    monkeypatch.setattr(copies, "base_backup", damaged)
    known = set(here.backups.iterdir())

    with pytest.raises(Refused, match="is damaged.*global/pg_control"):
        backup.main([])

    assert set(here.backups.iterdir()) == known, "nothing is left behind"


def test_log_that_is_missing_is_found(town, copied):
    manifest = json.loads((copied / "database/backup_manifest").read_text())
    programs = find_programs()[18]
    later = [part | {"End-LSN": "7F/0"} for part in manifest["WAL-Ranges"]]

    copies._ask_for_log(copied / "database", manifest["WAL-Ranges"], programs)
    with pytest.raises(Refused, match="lacks a part of the database's log"):
        copies._ask_for_log(copied / "database", later, programs)


def test_a_town_is_never_written_over(town, copied, new):
    known = {place.name: place.stat().st_mtime_ns for place in town.home.iterdir()}

    assert "is not empty, and a town is never written over" in run(town, "restore", copied).stderr
    assert known == {place.name: place.stat().st_mtime_ns for place in town.home.iterdir()}
    new.mkdir()
    (new / "letter").touch()
    assert "is not empty" in run(town, "restore", copied, "--into", new).stderr
    (new / "letter").unlink()
    (new / "backups").mkdir()
    assert run(town, "restore", copied, "--into", new).returncode == 0, "backups may lie there"


def test_a_restore_that_is_broken_off_leaves_nothing_and_opens_nothing(here, town, copied, new, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device", str(new / "fees.json"))
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copyfile", full)
        with pytest.raises(Refused, match=r"Nothing was restored: .*fees\.json \(No space left on device\)\."):
            restore.main([str(copied), "--into", str(new)])
    assert not list(new.iterdir())

    (new / "restoring").touch()
    for command in ("check-invariants", "doctor", "up", "backup"):
        said = run(town, command, home=new)
        assert said.returncode and ("was broken off" in said.stderr + said.stdout or "no town" in said.stderr), said


def test_a_disk_that_is_full_is_told_in_one_sentence_and_nothing_is_left(here, town, copied, monkeypatch):
    known = set(here.backups.iterdir())

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device", "fees.json")
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copyfile", full)
        with pytest.raises(Refused, match=r"No backup was made: fees\.json \(No space left on device\)\."):
            backup.main([])
    assert set(here.backups.iterdir()) == known

    done = run(town, "backup", "--to", "/proc/machi")
    assert done.returncode == 1 and done.stderr.count("\n") == 1 and "No backup was made: /proc/machi" in done.stderr


if os.geteuid() == 0:
    def test_a_disk_that_is_really_full_while_the_database_is_copied(town, new):
        new.mkdir()
        script = f'mount -t tmpfs -o size=8m none {new} && {sys.executable} -m machi.cli.main backup --to {new}; echo $?; ls -A {new}'
        done = subprocess.run(["unshare", "-m", "sh", "-c", script], cwd=ROOT, env=town.environment, capture_output=True, text=True)

        assert done.stdout == "1\n" and "so no backup was made" in done.stderr and "No space left on device" in done.stderr, done
        assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("change, words", [
    ({"money_mode": "bank"}, "a town with MACHI_MONEY_MODE=bank and MACHI_DEMO_TOWN=0"),
    ({"is_demo": True}, "MACHI_DEMO_TOWN=1"),
    ({"migrations": ["contracts.9999_tomorrow"]}, "a newer Machi than this one (contracts.9999_tomorrow)")])
def test_a_backup_of_another_kind_of_town_is_refused(town, copied, new, change, words):
    place = new.parent / copied.name
    shutil.copytree(copied, place)
    manifest = json.loads((place / "manifest.json").read_text())
    (place / "manifest.json").write_text(json.dumps(manifest | change))

    done = run(town, "restore", place, "--into", new)

    assert done.returncode == 1 and words in done.stderr and not new.exists(), done


def test_books_without_the_seal_of_the_backup_stay_shut(town, copied, new):
    place = new.parent / copied.name
    shutil.copytree(copied, place)
    manifest = json.loads((place / "manifest.json").read_text())
    (place / "manifest.json").write_text(json.dumps(manifest | {"seal": {"until": "2026-11-01T00:00:00+00:00", "digest": "00"}}))

    done = run(town, "restore", place, "--into", new)

    assert done.returncode == 1 and "do not have the seal" in done.stderr
    assert "was broken off" in run(town, "check-invariants", home=new).stderr


def test_keys_lie_apart_and_a_key_that_was_destroyed_leaves_its_copy(here, town, new):
    assert "would lie in one copy" in run(town, "backup", "--keys", here.backups / "keys").stderr
    assert "would lie in one copy" in run(town, "backup", "--keys", here.backups.parent).stderr

    destroyed, mine = "cd" * 32, new.parent / "keys/notes.txt"
    (town.home / "keys" / destroyed).write_bytes(b"2" * 32)
    copies.mirror_keys(town.home / "keys", new.parent / "keys")
    mine.touch()
    assert (new.parent / "keys" / destroyed).exists()
    (town.home / "keys" / destroyed).unlink()
    copies.mirror_keys(town.home / "keys", new.parent / "keys")

    assert not (new.parent / "keys" / destroyed).exists() and (new.parent / "keys" / ("ab" * 32)).exists() and mine.exists()


def test_old_backups_go_and_the_newest_stays(here, tmp_path, copied):
    def made(days: int) -> pathlib.Path:
        place = tmp_path / (datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=days)).strftime(copies.STAMP)
        place.mkdir()
        (place / "manifest.json").touch()
        return place
    old, older = made(40), made(50)
    (tmp_path / "machi-mine").mkdir()
    assert backup._forget_old(tmp_path, 30) == [older], "the newest is kept, however old"
    young = made(29)
    assert backup._forget_old(tmp_path, 30) == [old]

    assert {place.name for place in tmp_path.iterdir()} == {young.name, "machi-mine"}


def test_only_one_at_a_time_and_what_a_killed_one_left_is_cleared_away(here, town, copied):
    half = here.backups / "machi-20260101T000000Z.half"
    half.mkdir()
    with backup._alone(here.backups):
        assert not half.exists()
        assert "Another backup is being made" in run(town, "backup").stderr


def test_a_town_that_cannot_be_copied_here_says_what_to_do(town, new):
    outside = Town(new, DATABASE_URL="postgresql://machi_app@db.example.jp/machi")

    assert "names a server of your own" in run(outside, "backup").stderr
    assert "leave it out" in run(outside, "restore", new).stderr
    assert "There is no town in" in run(town, "backup", home=new).stderr


def test_the_doctor_says_how_old_the_newest_backup_is(town, copied, tmp_path):
    def doctor(folder):
        return run(Town(town.home, MACHI_BACKUPS=str(folder), MACHI_SECRET=SECRET), "doctor").stdout
    old = tmp_path / (datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=27)).strftime(copies.STAMP)

    assert f"There is no backup in {tmp_path}: run `machi backup`" in doctor(tmp_path)
    old.mkdir()
    (old / "manifest.json").touch()
    assert f"The newest backup, {old}, is 27 hours old: run `machi backup`" in doctor(tmp_path)
    assert "is 0 hours old.\n" in doctor(copied.parent)
    assert "MACHI_BACKUP_DAYS is '0'" in run(Town(town.home, MACHI_BACKUP_DAYS="0"), "doctor").stdout
