"""`machi screen`: an operator tries a pack on texts of their own, without a database."""
import json
import subprocess
import sys

import pytest

from machi.cli import main, screen
from machi.cli.environment import ROOT

BAD = "応募できるのは35歳までの方です。"


@pytest.fixture
def texts(tmp_path):
    def written(*lines, encoding="utf-8") -> str:
        path = tmp_path / "texts.jsonl"
        path.write_bytes(b"\n".join(line if isinstance(line, bytes) else (
            line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)).encode(encoding) for line in lines) + b"\n")
        return str(path)
    return written


def told(capsysbinary) -> tuple[list[dict], str]:
    out, err = capsysbinary.readouterr()
    return [json.loads(line) for line in out.decode().splitlines()], err.decode()


def test_each_text_is_answered_in_one_line_for_programs(texts, capsysbinary):
    file = texts({"id": "1", "text": BAD}, {"id": 2, "text": "35歳の主人公の小説の校正です。"})

    assert screen.main(["--where", "job", "--file", file, "--json"]) == 0

    (bad, good), err = told(capsysbinary)
    assert bad["id"] == "1" and bad["flag"] is True and "age.limit" in bad["rules"]
    assert "年齢で働く人を分けません" in bad["advice"][0] and "35歳まで" in bad["advice"][0]
    assert good == {"id": 2, "flag": False, "rules": [], "advice": []} and not err


def test_a_table_is_for_people(texts, capsysbinary):
    assert screen.main(["--where", "job", "--file", texts({"id": "7", "text": BAD})]) == 0

    out = capsysbinary.readouterr().out.decode()
    assert "! 7" in out and "age.limit (stop)" in out and "1 read, 1 flagged" in out


@pytest.mark.parametrize("line", [
    "{", "[]", "3", '{"id": "1"}', '{"text": "x"}', '{"id": "1", "text": 3}', '{"id": [], "text": "x"}', '{"id": true, "text": "x"}',
    "[" * 90_000, "NaN", b"\xff\xfe\xfd", '{"id": "1", "text": null}'])
def test_a_line_that_cannot_be_read_is_named_and_the_others_are_read(texts, capsysbinary, line):
    file = texts({"id": "1", "text": BAD}, line, "", {"id": "3", "text": BAD})

    assert screen.main(["--where", "job", "--file", file, "--json"]) == 1

    rows, err = told(capsysbinary)
    assert [row["id"] for row in rows] == ["1", "3"] and "line 2 " in err and "Traceback" not in err


def test_a_huge_line_is_passed_over_and_never_held(texts, capsysbinary, monkeypatch):
    monkeypatch.setattr(screen, "LONGEST", 200)
    file = texts({"id": "1", "text": "あ" * 5_000}, {"id": "2", "text": BAD})

    assert screen.main(["--where", "job", "--file", file, "--json"]) == 1

    rows, err = told(capsysbinary)
    assert [row["id"] for row in rows] == ["2"] and "line 1 is longer than" in err


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_file_of_another_program_is_read(texts, capsysbinary, encoding):
    assert screen.main(["--where", "job", "--file", texts({"id": "1", "text": BAD}, encoding=encoding), "--json"]) == 0

    assert told(capsysbinary)[0][0]["flag"] is True


def test_half_a_letter_and_strange_signs_are_answered(texts, capsysbinary):
    file = texts('{"id": "\\ud800", "text": "\\ud800\\u0000𠮷"}')

    assert screen.main(["--where", "message", "--file", file, "--json"]) == 0

    assert told(capsysbinary)[0][0] == {"id": "\ud800", "flag": False, "rules": [], "advice": []}


@pytest.mark.parametrize(("wish", "sentence"), [
    (["--where", "job", "--file", "/nowhere/x.jsonl"], "cannot be read: No such file"),
    (["--where", "job", "--file", "/"], "cannot be read: Is a directory"),
    (["--where", "job", "--file", __file__, "--pack", "/nowhere/pack.toml"], "The pack /nowhere/pack.toml cannot be read"),
    (["--where", "job", "--file", __file__, "--pack", __file__], "is no TOML"),
    (["--where", "job", "--file", __file__, "--on", "someday"], "it should be a day like 2026-12-01"),
    (["--where", "job", "--file", __file__, "--on", "1999-01-01"], "No pack is as old as 1999-01-01"),
])
def test_what_cannot_be_tried_is_said_in_a_sentence(capsys, wish, sentence):
    assert screen.main(wish) == 2

    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize("wish", [["--file", "x"], ["--where", "letter", "--file", "x"], ["--where", "job"],
                                  ["--where", "job", "--file", "x", "--pack", "y", "--on", "2026-12-01"]])
def test_a_wrong_call_says_how_it_is_called(monkeypatch, capsys, wish):
    monkeypatch.setattr(sys, "argv", ["machi", "screen", *wish])

    with pytest.raises(SystemExit) as end:
        main.main()
    assert end.value.code == 2 and "machi screen" in capsys.readouterr().err


def test_a_file_that_is_utf_16_is_named(tmp_path, capsys):
    (tmp_path / "x.jsonl").write_text('{"id": "1", "text": "x"}', encoding="utf-16")

    assert screen.main(["--where", "job", "--file", str(tmp_path / "x.jsonl")]) == 2
    assert "save it as UTF-8" in capsys.readouterr().err


def test_it_runs_without_a_database_and_makes_no_town(texts, tmp_path):
    home = tmp_path / "town"
    environment = {"PATH": "/usr/bin:/bin", "MACHI_HOME": str(home), "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}

    command = ["-m", "machi.cli.main", "screen", "--where", "job", "--json", "--file", texts({"id": "1", "text": BAD})]
    ran = subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True)

    assert ran.returncode == 0 and json.loads(ran.stdout)["flag"] is True and ran.stderr == "" and not home.exists()
