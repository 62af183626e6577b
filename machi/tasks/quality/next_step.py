"""What becomes of an item whose answers were put together: it is agreed on, one more is asked, or a person looks at it."""
from enum import Enum

BROKEN = 2                                          # flags


class Step(Enum):
    """What happens next. Nothing here pays or refuses anybody."""

    AGREED = "agreed"
    ASK = "ask one more"
    PERSON = "a person looks"


def next_step(*, confidence: float, answers_count: int, threshold: float, wanted: int, most: int, budget_count: int,
              flags: int = 0) -> Step:
    """By the confidence of the answer (or the agreement, where it is a text or boxes), both 0 to 1, and the batch's own numbers.

    Each item is asked `wanted` times, which is paid from the start. Where the answers disagree one more is asked at a time, up to
    `most`, while the batch has a budget for further answers (`budget_count`: how many are left; ask for the least sure items
    first); then a person looks. Two workers who flag an item as broken are believed at once: the next would only lose minutes.
    """
    if flags >= BROKEN:
        return Step.PERSON
    if answers_count < wanted:
        return Step.ASK
    if confidence >= threshold and answers_count > 0:
        return Step.AGREED
    return Step.ASK if answers_count < most and budget_count > 0 else Step.PERSON
