"""How the tests of the house read it: its files, its floors, and what a piece of code does."""
import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def files(*folders: str, endings: tuple[str, ...] = (".py",)) -> Iterator[Path]:
    """Every written file of these folders, except what Django generates."""
    for folder in folders:
        yield from sorted(path for path in (ROOT / folder).rglob("*")
                          if path.suffix in endings and not {"migrations", "__pycache__"} & set(path.parts))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def heights() -> dict[str, int]:
    """Each room and how high it stands, from the contract of the floors: shared lowest."""
    floors = next(contract for contract in PYPROJECT["tool"]["importlinter"]["contracts"] if contract["id"] == "floors")["layers"]
    return {room.strip(" ()"): -depth for depth, line in enumerate(floors) for room in line.split("|")}


def rooms() -> list[str]:
    """The rooms that exist today."""
    return [room for room in heights() if (ROOT / "machi" / room).is_dir()]


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Functions and methods, not the ones inside other functions."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
        elif isinstance(node, ast.ClassDef):
            yield from (inner for inner in node.body if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef))
