"""Several transcripts of one recording against gold: the mean of 100 * max(0, 1 - WER) (matching: at least 92.8).

Both sides are compared as plain texts (small letters, no punctuation), since that is what gold is. Nothing is learned from gold.
"""
import time

from rapidfuzz.distance import Levenshtein

from bench.quality import crowdkit
from bench.quality.data import interval, place, rows
from machi.tasks.quality.transcripts import aggregate, distance, plain

GOAL = 92.8


def measure(arguments: list[str]) -> dict:
    folder = place(arguments, "crowd_transcripts")
    said = rows(folder / "responses.csv", "task", "performer", "output")
    truth = {item: plain(text).split() for item, text in rows(folder / "truth.csv", "task", "output")}
    begin = time.process_time()
    ours = {item: one.text for item, one in aggregate(said).items.items()}
    seconds = time.process_time() - begin
    opponents = {"first answer": {item: text for item, _worker, text in said[::-1]}, "medoid, all alike": _medoids(said)}
    clean = [(item, worker, plain(text)) for item, worker, text in said]
    opponents |= dict(crowdkit.answers(crowdkit.TEXTS, clean, column="text"))
    scores = _scores(ours, truth)
    figure = sum(scores) / len(scores)
    return {"measure": "transcripts", "figure": round(figure, 2), "ci": interval(scores), "unit": "mean of 100 * max(0, 1 - WER)",
            "goal": GOAL, "holds": figure >= GOAL,
            "sets": {folder.name: {"figure": round(figure, 2), "items": len(scores), "texts": len(said), "seconds": round(seconds, 2)}},
            "opponents": {name: {"figure": round(sum(_scores(answers, truth)) / len(truth), 2), "ci": interval(_scores(answers, truth))}
                          for name, answers in opponents.items()},
            "crowd_kit": "installed" if crowdkit.INSTALLED else "not installed: plain opponents only"}


def _scores(answers: dict[str, str], truth: dict[str, list[str]]) -> list[float]:
    return [100 * max(0.0, 1 - Levenshtein.distance(plain(answers.get(item, "")).split(), words) / max(1, len(words)))
            for item, words in truth.items()]


def _medoids(said: list[tuple]) -> dict[str, str]:
    """The text nearest to the others, whoever they are from."""
    by_item: dict[str, list[str]] = {}
    for item, _worker, text in said:
        by_item.setdefault(item, []).append(text)
    return {item: min(texts, key=lambda one: sum(distance(plain(one), plain(other)) for other in texts)) for item, texts in by_item.items()}
