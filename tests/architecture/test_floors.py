"""The floors, the plan of a room, the vault: each contract of import-linter holds, and breaks when its plant is put in.

A plant is one file in a copy of the house. The contract beside it, and no other, must name it.
"""
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.reading import PYPROJECT, ROOT, rooms

PLANTS = [
    # contract,   the planted file,              its import: both must be named as one forbidden arrow
    ("floors",    "machi/jobs/planted.py",       "machi.contracts.queries"),       # up
    ("floors",    "machi/payments/planted.py",   "machi.profiles.models"),         # beside
    ("floors",    "machi/tasks/planted.py",      "machi.contracts.queries"),       # beside, in the middle
    ("floors",    "machi/background/planted.py", "machi.web.urls"),                # up, on the roof
    ("floors",    "machi/cli/planted.py",        "machi.web.urls"),                # beside, on the roof
    ("floors",    "machi/shared/planted.py",     "machi.accounts.models"),
    ("floors",    "machi/kitchen/__init__.py",   "machi.shared.clock"),            # a room without a floor
    ("room-plan", "machi/jobs/facts.py",         "machi.jobs.models"),
    ("room-plan", "machi/jobs/policies.py",      "machi.jobs.queries"),
    ("room-plan", "machi/jobs/queries.py",       "machi.jobs.actions"),
    ("web",       "machi/web/frame/planted.py",  "machi.web.pages.accounts.views"),
    ("vault",     "machi/contracts/planted.py",  "machi.ledger.queries"),
    ("config",    "machi/shared/planted.py",     "config.settings"),
    ("roof",      "machi/web/pages/planted.py",  "machi.simulation.queries"),
    ("roof",      "machi/cli/planted.py",        "machi.background.schedule"),
]
SPELLED = re.compile(r"""(?<=["'])(machi(?:\.\w+)*)\.(\w+)(?=[:"'])""")        # "machi.jobs.queries.found", "machi.cli.serve:main"
SPELLED_PLANTS = [
    # contract, the planted file,                     what it spells,                           the arrow
    ("floors",  "machi/jobs/planted.py",              'import_string("machi.contracts.queries.room")', "machi.contracts.queries"),
    ("floors",  "machi/jobs/planted.py",              "import_module('machi.web.urls')",        "machi.web.urls"),
    ("floors",  "machi/background/planted.py",        'PLACE = "machi.simulation.filling:fill"', "machi.simulation.filling"),
    ("vault",   "machi/contracts/planted.py",         'import_module("machi.ledger.queries")',  "machi.ledger.queries"),
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """The house once more: its Python files and the contracts. A name in a string is an arrow like an import, and becomes one."""
    place = tmp_path_factory.mktemp("house")
    for folder in ("machi", "config"):
        shutil.copytree(ROOT / folder, place / folder, ignore=lambda here, names: [
            name for name in names if not name.endswith(".py") and not (Path(here) / name).is_dir()])
    for path in (place / "machi").rglob("*.py"):
        path.write_text(spelled_out(path.read_text()))
    shutil.copy(ROOT / "pyproject.toml", place)
    return place


def spelled_out(text: str) -> str:
    """With an import of each module that is named in a string: for import_string, include, logging or whatever may follow it."""
    return "\n".join([text, *(f"from {package} import {name}" for package, name in SPELLED.findall(text)), ""])


def broken_contracts(house: Path) -> tuple[set[str], str]:
    """The ids of the contracts that do not hold, and what import-linter says."""
    run = subprocess.run([Path(sys.executable).parent / "lint-imports", "--no-cache", "--no-logo"], cwd=house,
                         capture_output=True, text=True, env={"PYTHONPATH": str(house), "COLUMNS": "200"})
    says = re.sub(r"\s+", " ", re.sub(r"\x1b\[[0-9;]*m", "", run.stdout + run.stderr))
    contracts = PYPROJECT["tool"]["importlinter"]["contracts"]
    kept = {one["id"] for one in contracts if f"{one['name']} KEPT" in says}
    broken = {one["id"] for one in contracts if f"{one['name']} BROKEN" in says}
    assert kept | broken == {one["id"] for one in contracts}, says
    return broken, says


def test_all_contracts_hold():
    broken, says = broken_contracts(ROOT)

    assert broken == set(), says


def test_all_contracts_hold_for_names_in_strings_too(copy):
    broken, says = broken_contracts(copy)

    assert broken == set(), says


@pytest.mark.parametrize(("contract", "file", "spells", "imported"), SPELLED_PLANTS)
def test_a_contract_breaks_on_a_name_in_a_string(copy, contract, file, spells, imported):
    planted = copy / file
    planted.write_text(spelled_out(spells))
    try:
        broken, says = broken_contracts(copy)
    finally:
        planted.unlink()

    assert contract in broken and f"{file.removesuffix('.py').replace('/', '.')} -> {imported}" in says, says


@pytest.mark.parametrize(("contract", "file", "imported"), PLANTS)
def test_a_contract_breaks_on_its_plant(copy, contract, file, imported):
    planted = copy / file
    before = planted.read_text() if planted.exists() else None
    planted.parent.mkdir(exist_ok=True)
    planted.write_text(f"{before or ''}\nimport {imported}\n")
    try:
        broken, says = broken_contracts(copy)
    finally:
        planted.unlink() if before is None else planted.write_text(before)
        if not any(planted.parent.iterdir()):
            planted.parent.rmdir()

    assert broken == {contract}, says
    module = file.removesuffix(".py").replace("/", ".")
    assert (f"{module} -> {imported}" if "__init__" not in module else module.removesuffix(".__init__")) in says


def test_every_contract_has_its_plant():
    assert {contract for contract, *_plant in PLANTS} == {one["id"] for one in PYPROJECT["tool"]["importlinter"]["contracts"]}


def test_every_room_stands_on_a_floor():
    assert "shared" in rooms() and len(rooms()) > 15
