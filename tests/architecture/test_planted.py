"""The planted bugs of `make planted`: each still fits the code of today and names a test that is there; and the tool itself can fail."""
import pathlib
import re
import subprocess

import pytest

from tools import planted

ONE = """<testsuites><testsuite><testcase name="t">{}</testcase></testsuite></testsuites>"""
WANTED = 40                                             # trust.md 3.4


def answer(status: int = 1, said: str = "") -> subprocess.CompletedProcess:
    return subprocess.CompletedProcess([], status, said, "")


def test_there_are_enough_and_each_is_named_once():
    plants = planted.plants()

    assert len(plants) >= WANTED and len({plant.name for plant in plants}) == len(plants)
    assert {f"M{number}" for number in range(1, 13)} <= {word for plant in plants for word in re.findall(r"M\d+", plant.design)}


@pytest.mark.parametrize("plant", planted.plants(), ids=lambda plant: plant.file.stem)
def test_a_plant_fits_the_code_of_today_and_its_killer_is_there(plant):
    assert planted.does_apply(plant) == ""
    file, _colons, test = plant.killer.partition("::")
    assert f"def {test.partition('[')[0]}(" in (planted.ROOT / file).read_text()


def test_a_patch_that_does_not_fit_or_does_not_say_what_it_is_is_named(tmp_path):
    file = tmp_path / "old.patch"
    file.write_text("Name: a\nDesign: M1\nWhat: b\nKiller: c::d\n\ndiff --git a/README.md b/README.md\n--- a/README.md\n+++ b/README.md\n"
                    "@@ -1,1 +1,1 @@\n-nobody wrote this\n+nor this\n")
    (plant,) = planted.plants(tmp_path)
    assert "does not apply" in planted.does_apply(plant)

    file.write_text("Name: a\n\ndiff --git a/README.md b/README.md\n")
    with pytest.raises(ValueError, match=r"old\.patch does not say: Design, What, Killer"):
        planted.plants(tmp_path)


@pytest.mark.parametrize(("status", "inside", "refused", "found"), [
    (1, '<failure message="AssertionError: 1 != 2"/>', "", True), (1, '<failure message="assert 1 == 2"/>', "", True),
    (1, '<failure message="Failed: DID NOT RAISE DomainError"/>', "", True),
    (1, '<error message="failed on teardown with &quot;AssertionError: assert {} == {1}&quot;"/>', "", True),
    (1, '<failure message="django.db.utils.IntegrityError: check"/>', "IntegrityError", True),
    (1, '<failure message="django.db.utils.IntegrityError: check"/>', "", False),
    (1, '<failure message="AssertionError"/>', "IntegrityError", False),
    (1, '<error message="failed on setup with &quot;ImportError&quot;"/>', "", False), (1, '<failure message="NameError: x"/>', "", False),
    (0, "", "", False), (4, "", "", False)])
def test_only_an_assertion_or_the_refusal_that_was_announced_finds_a_bug(status, inside, refused, found):
    assert (planted.verdict(answer(status), ONE.format(inside), refused) == "") is found


def test_a_test_that_never_ran_or_never_ended_finds_nothing():
    assert "no test ran" in planted.verdict(answer(4, "ERROR: not found"), "") and "never ended" in planted.verdict(None, "")


def test_every_patch_is_of_this_town():
    changed = {path for plant in planted.plants() for path in re.findall(r"^\+\+\+ b/(\S+)", plant.file.read_text(), re.M)}

    assert changed and all((pathlib.Path(planted.ROOT) / path).exists() for path in changed)
