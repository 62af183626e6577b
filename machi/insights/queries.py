"""Numbers of the town, read only."""
import datetime
from dataclasses import dataclass

from machi.insights.models import BandFigure
from machi.shared.question import Question

BANDS = (0, 50, 70, 90)                             # percent from which a band begins, up to the next
PEOPLE_AT_LEAST = 30                                # fewer say nothing about anybody else, and might show who they are


@dataclass(frozen=True, slots=True)
class Band:
    """People whose page was written from here to there (percent), and what became of their applications."""

    start: int
    end: int
    people_count: int
    proposals_count: int
    chosen_count: int
    known_count: int

    @property
    def is_enough(self) -> bool:
        return self.people_count >= PEOPLE_AT_LEAST

    @property
    def percent(self) -> int | None:
        """Of the applications, how many of a hundred led to a request. None where there are too few people to say.

        Never more than is so: a hundred are all of them. What is below one has words of its own (`is_under_one`).
        """
        if not self.is_enough:
            return None
        whole = self.chosen_count == self.proposals_count
        return 100 if whole else min(99, round(100 * self.chosen_count / self.proposals_count))

    @property
    def is_under_one(self) -> bool:
        """Some were asked, and fewer than one of a hundred: that is not nobody."""
        return 0 < 100 * self.chosen_count < self.proposals_count


@dataclass(frozen=True, slots=True)
class Chances:
    """The figures of the newest night."""

    day: datetime.date
    bands: tuple[Band, ...]

    @property
    def is_enough(self) -> bool:
        """There is something to show."""
        return any(band.is_enough for band in self.bands)

    @property
    def best(self) -> Band:
        """The band of the fullest pages."""
        return self.bands[-1]


_newest = Question(lambda: BandFigure.objects.order_by("-day", "from_percent").values_list(
    "day", "from_percent", "people_count", "proposals_count", "chosen_count", "known_count")[:len(BANDS)])


def about_chances() -> list:
    """What `chances` asks, for `asked_together`."""
    return [_newest.about()]


def chances() -> Chances | None:
    """What became of applications, by how much of a page was written. None before the first night."""
    figures = _newest()
    if not figures:
        return None
    ends = [*(start - 1 for start in BANDS[1:]), 100]
    return Chances(figures[0][0], tuple(Band(start, end, *counts) for end, (_day, start, *counts) in zip(ends, figures, strict=True)))
