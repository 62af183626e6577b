"""Comparisons of two at a time, made into one scale: the model of Bradley and Terry (1952) with a prior.

The chance that a is preferred to b is strength(a) / (strength(a) + strength(b)). Everything begins with one win and one loss
against a thing of strength 1, so that what always won is not endlessly strong and what was never compared lies in the middle
(a gamma prior, Caron and Doucet 2012). Found by the steps of Hunter (2004), each of which makes what was said likelier.
"""
from collections.abc import Hashable, Iterable, Mapping

import numpy as np

PRIOR = 1.0                                         # wins, and losses, against a thing of strength 1
ROUNDS, MOVED = 1_000, 1e-9


def aggregate(rows: Iterable[tuple[Hashable, Hashable, Hashable]], weights: Mapping | None = None) -> dict[Hashable, float]:
    """Rows are (worker, better, worse), in any order. Strengths, above 0, strongest first; 1 is the middle."""
    rows = sorted(rows)
    things = sorted({thing for _worker, *both in rows for thing in both})
    at = {thing: number for number, thing in enumerate(things)}
    won = np.zeros((len(things), len(things)))
    for worker, better, worse in rows:
        won[at[better], at[worse]] += (weights or {}).get(worker, 1.0)
    met, wins, strength = won + won.T, won.sum(axis=1) + PRIOR, np.ones(len(things))
    for _ in range(ROUNDS):
        before, strength = strength, wins / ((met / (strength[:, None] + strength)).sum(axis=1) + 2 * PRIOR / (strength + 1))
        if np.abs(np.log(strength / before)).max(initial=0) < MOVED:
            break
    return {things[one]: float(strength[one]) for one in np.lexsort((np.arange(len(things)), -strength))}


def chance(one: float, other: float) -> float:
    """How likely a thing of one strength is preferred to one of the other, 0 to 1."""
    return one / (one + other)
