"""`make test` itself: what is missing fails and is named, and what never ends has failed."""
import os
import pathlib
import subprocess
import sys

import pytest

from tests import run


def test_a_missing_browser_fails_and_is_never_skipped(tmp_path):
    done = subprocess.run([sys.executable, "-m", "tests.run", "house"], cwd=run.ROOT, text=True, capture_output=True,
                          env=os.environ | {"PATH": str(tmp_path)})

    assert done.returncode == 1 and "skipped" not in done.stdout
    assert "Missing for the tests: chromium, hledger, Japanese fonts. Install them" in done.stdout
    assert done.stdout.endswith("0 passed, 1 failed\n")


@pytest.mark.parametrize("page", ["README.md", "README.ja.md"])
def test_whoever_reads_about_the_town_reads_what_its_tests_need(page):
    told = (run.ROOT / page).read_text()

    assert [program for program in (*run.NEEDED, "npm") if program not in told.lower()] == []


@pytest.mark.parametrize(("platform", "apt", "words"), [
    ("linux", "/usr/bin/apt-get", "sudo apt install chromium"), ("darwin", None, "brew install"),
    ("linux", None, "as this system does it")])
def test_how_to_install_what_is_missing_fits_the_system(monkeypatch, platform, apt, words):
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(run.shutil, "which", lambda program: apt if program == "apt-get" else None)

    assert words in run.how_to_install()


def test_tests_that_hang_after_their_report_have_failed(monkeypatch, capsys):
    def hang(asked, timeout):
        report = next(word.partition("=")[2] for word in asked if word.startswith("--junitxml"))
        pathlib.Path(report).write_text('<testsuites><testsuite tests="3" failures="0" errors="0" skipped="0"/></testsuites>')
        raise subprocess.TimeoutExpired(asked, timeout)
    monkeypatch.setattr(run.subprocess, "run", hang)

    assert run.run_pytest("crash", ["tests/crash"]) == (2, 1, 0)
    assert "something in it never ends" in capsys.readouterr().out


def test_every_folder_that_is_named_is_there():
    assert [folder for folders in run.ELSEWHERE.values() for folder in folders if not (run.ROOT / "tests" / folder).is_dir()] == []
