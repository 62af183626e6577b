"""What a run of every day leaves out, by a rule: of several that are alike one, in turn. The long run (MACHI_LONG=1) takes all."""
import os
from collections.abc import Sequence

LONG = "MACHI_LONG" in os.environ


def in_turn(number: int, several: Sequence) -> list:
    """One of them for the test with this number, so that its neighbours take the others; all of them in the long run."""
    return list(several) if LONG or not several else [several[number % len(several)]]
