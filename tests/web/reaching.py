"""Which functions lead to a given one, read from the source: by name, through imports and the doors of packages."""
import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
Place = tuple[str, str]                             # module, name


@cache
def source(module: str) -> ast.Module | None:
    path = ROOT / module.replace(".", "/")
    file = next((file for file in (path.with_suffix(".py"), path / "__init__.py") if file.exists()), None)
    return ast.parse(file.read_text()) if file else None


@cache
def known(module: str) -> dict[str, Place]:
    """What each name of a module stands for: something of its own, of another module, or (with no name) a whole module."""
    found = {}
    for node in ast.walk(source(module)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("machi"):
            for one in node.names:
                inner = f"{node.module}.{one.name}"
                found[one.asname or one.name] = (inner, "") if source(inner) else (node.module, one.name)
    return found | {name: (module, name) for node in source(module).body for name in names_of(node)}


def names_of(node: ast.stmt) -> list[str]:
    """What a statement of a module defines: a function, a class, a table of functions."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)]


def settled(place: Place) -> Place:
    """Where it is really written: a package hands on what its files hold."""
    module, name = place
    if source(module) is None:
        return place
    onward = known(module).get(name, place)
    return place if onward == place else settled(onward)


@cache
def used_by(module: str, name: str) -> frozenset[Place]:
    """Everything that this one names."""
    found, names = set(), known(module)
    for node in (inner for body in source(module).body if name in names_of(body) for inner in ast.walk(body)):
        if isinstance(node, ast.Name) and node.id in names:
            found.add(settled(names[node.id]))
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and names.get(node.value.id, ("", "x"))[1] == "":
            found.add(settled((names[node.value.id][0], node.attr)))
    return frozenset(found - {(module, name)})


def reaches(place: Place, goal: Place, seen: set | None = None) -> bool:
    seen = set() if seen is None else seen
    if place in seen or not place[1] or source(place[0]) is None:
        return False
    seen.add(place)
    return any(used == goal or reaches(used, goal, seen) for used in used_by(*place))
