"""The methods of crowd-kit as opponents, where it is installed: uv pip install crowd-kit.

It is no dependency of the project, not even of its tests: it draws half a gigabyte after it (transformers, pyarrow, pandas,
scikit-learn). Without it the plain opponents (plainly.py) stand alone, and the result says so.
"""
import sys
import time
from collections.abc import Callable, Iterator

try:
    import pandas
    from crowdkit.aggregation import GLAD, MACE, ROVER, DawidSkene, MajorityVote, Wawa
    METHODS: dict[str, Callable] = {
        "crowd-kit MajorityVote": MajorityVote, "crowd-kit Wawa": Wawa, "crowd-kit DawidSkene": lambda: DawidSkene(n_iter=100),
        "crowd-kit GLAD": GLAD, "crowd-kit MACE": lambda: MACE(random_state=0)}
    TEXTS: dict[str, Callable] = {"crowd-kit ROVER": lambda: ROVER(str.split, " ".join)}
except ImportError:
    METHODS, TEXTS = {}, {}

INSTALLED = bool(METHODS)


def answers(methods: dict[str, Callable], rows: list[tuple], column: str = "label") -> Iterator[tuple[str, dict[str, str]]]:
    """Each method that runs, and its answer to each item. One that stumbles over the libraries of today is told of and left out."""
    for name, method in methods.items():
        begin = time.process_time()
        try:
            answer = method().fit_predict(pandas.DataFrame(rows, columns=["task", "worker", column]))
        except Exception as fault:                  # whatever another library may raise
            print(f"{name} does not run here: {str(fault)[:120]}", file=sys.stderr)
            continue
        print(f"{name} took {time.process_time() - begin:.1f} s", file=sys.stderr)
        yield name, {str(item): str(value) for item, value in answer.items()}
