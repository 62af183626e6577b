"""Labels of several workers against gold: the share of gold items that is right, mean over sets (matching: at least 0.830).

Nothing is learned from gold, so there is nothing to fit on folds: `--fit` may be named and is not read. Against each set stands
the plain majority, which nothing may fall behind by more than 2 points.
"""
import pathlib
import time
from collections.abc import Callable

from bench.quality import crowdkit, plainly
from bench.quality.data import interval, place, rows
from machi.tasks.quality.labels import aggregate

GOAL, BEHIND = 0.830, -0.02
PLAIN: dict[str, Callable] = {
    "majority": plainly.majority, "Wawa": plainly.wawa, "Dawid-Skene": plainly.dawid_skene,
    "Dawid-Skene, prior 4": lambda said: plainly.dawid_skene(said, prior=4.0)}


def measure(arguments: list[str]) -> dict:
    folder = place(arguments, "crowd_labels")
    sets = sorted(path.parent for path in folder.glob("**/label.csv") if (path.parent / "truth.csv").exists())
    if not sets:
        raise SystemExit(f"no set with label.csv and truth.csv in {folder}")
    each = {one.name: _set(one) for one in sets}
    scores: dict[str, list[list[float]]] = {}
    for one in each.values():
        for name, hits in one["hits"].items():
            scores.setdefault(name, []).append(hits)
    ours = scores.pop("ours")
    worst = min(_mean(one["hits"]["ours"]) - _mean(one["hits"]["majority"]) for one in each.values())
    figure = _mean([_mean(hits) for hits in ours])
    return {"measure": "labels", "figure": round(figure, 4), "ci": interval(*ours), "unit": "share of gold items, mean over sets",
            "goal": GOAL, "worst_against_majority": round(worst, 4), "holds": figure >= GOAL and worst >= BEHIND,
            "sets": {name: _told(one) for name, one in each.items()},
            "opponents": {name: {"figure": round(_mean([_mean(hits) for hits in all_hits]), 4), "ci": interval(*all_hits)}
                          for name, all_hits in scores.items()},
            "crowd_kit": "installed" if crowdkit.INSTALLED else "not installed: plain opponents only"}


def _set(folder: pathlib.Path) -> dict:
    said, truth = rows(folder / "label.csv", "item", "worker", "label"), dict(rows(folder / "truth.csv", "item", "truth"))
    begin = time.process_time()
    read = aggregate(said)
    seconds = time.process_time() - begin
    hits = {"ours": [float(item in read.items and read.items[item].label == label) for item, label in truth.items()]}
    for name, method in PLAIN.items():
        shares = method(said)
        hits[name] = [plainly.right(shares, item, label) for item, label in truth.items()]
    for name, answer in crowdkit.answers(crowdkit.METHODS, said):
        hits[name] = [float(answer.get(item) == label) for item, label in truth.items()]
    return {"hits": hits, "seconds": seconds, "weighed": read.weighed, "labels": len(said)}


def _told(one: dict) -> dict:
    hits = one["hits"]
    gain = [ours - most for ours, most in zip(hits["ours"], hits["majority"], strict=True)]
    return {"figure": round(_mean(hits["ours"]), 4), "ci": interval(hits["ours"]), "against_majority": round(_mean(gain), 4),
            "against_majority_ci": interval(gain), "weighed": one["weighed"], "labels": one["labels"], "gold": len(gain),
            "seconds": round(one["seconds"], 2), "opponents": {name: round(_mean(all_hits), 4) for name, all_hits in hits.items()
                                                                if name != "ours"}}


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
