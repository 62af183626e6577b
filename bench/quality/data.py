"""Where the data lies, and how sure a mean is. The data is read where it lies and never copied: most of it carries no licence."""
import csv
import pathlib

import numpy as np

NEIGHBOUR = pathlib.Path(__file__).resolve().parents[2].parent / "shared" / "data"
RESAMPLES = 2_000


def place(arguments: list[str], folder: str) -> pathlib.Path:
    """--test DIR, or --data DIR, or shared/data beside the project: DIR is what holds the folder, or the folder itself."""
    named = [arguments[arguments.index(flag) + 1] for flag in ("--test", "--data") if flag in arguments[:-1]]
    data = pathlib.Path(named[0]) if named else NEIGHBOUR
    found = data / folder if (data / folder).is_dir() else data
    if not found.is_dir():
        raise SystemExit(f"no data at {found}: name its folder with --data DIR")
    return found


def rows(path: pathlib.Path, *columns: str) -> list[tuple[str, ...]]:
    """The named columns of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [tuple(row[column] for column in columns) for row in csv.DictReader(file)]


def interval(*sets: list[float]) -> list[float]:
    """95 % of the mean over sets of their means, by drawing items anew within each set (the sets stay)."""
    chance = np.random.default_rng(7)
    means = np.zeros(RESAMPLES)
    for one in sets:
        scores = np.array(one)
        means += [scores[chance.integers(0, len(scores), len(scores))].mean() for _ in range(RESAMPLES)]
    return [round(float(end), 4) for end in np.quantile(means / len(sets), (0.025, 0.975))]
