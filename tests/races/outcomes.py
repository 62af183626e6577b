"""What a race is judged by: one wins, the others are refused in words, and nothing else happens."""
import os
from collections import Counter

from machi.shared.errors import DomainError

ROUNDS = range(40 if "MACHI_LONG" in os.environ else 8)
WON, REFUSED = "won", "refused"


def outcomes(answers) -> Counter:
    """How many won and how many were refused in words; anything else is a failure of the town."""
    broken = [answer for answer in answers if isinstance(answer, Exception) and not isinstance(answer, DomainError)]
    assert broken == [], broken
    return Counter(REFUSED if isinstance(answer, DomainError) else WON for answer in answers)
