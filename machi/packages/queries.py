"""Questions about service packages."""
from typing import NamedTuple

from django.db.models import QuerySet

from machi.jobs.index import needed_for
from machi.packages.models import AT_MOST, Package
from machi.shared.question import Question

PAGE, PAGES_AT_MOST = 20, 50                        # nobody turns a thousandth page: whoever looks for more says more words


class PackageRow(NamedTuple):
    """What a list shows of a package: values only."""

    pk: int
    title: str
    category: str
    worker: str
    price_yen: int
    days_count: int
    state: str


_COLUMNS = ("pk", "title", "category", "worker__display_name", "price_yen", "days_count", "state")


class Found(NamedTuple):
    """One page of a search, and whether there is another."""

    rows: list[PackageRow]
    number: int
    has_more: bool


def search_packages(words: str = "", category: str = "", *, page: int = 1) -> Found:
    """Open packages that hold all the words, the newest first: one question. They are not counted, so that a million are no slower."""
    number = min(max(1, page), PAGES_AT_MOST)
    found = Package.objects.for_everybody()
    if needed := needed_for(words):
        found = found.filter(pairs__contains=sorted(needed))
    if category:
        found = found.filter(category=category)
    start = (number - 1) * PAGE
    rows = [PackageRow(*row) for row in found.order_by("-opened_at", "-pk").values_list(*_COLUMNS)[start:start + PAGE + 1]]
    return Found(rows[:PAGE], number, len(rows) > PAGE and number < PAGES_AT_MOST)


_of_somebody = Question(lambda worker: Package.objects.for_everybody().filter(worker=worker).order_by("-opened_at", "-pk")
                        .values_list(*_COLUMNS)[:AT_MOST])


def open_packages_of(worker: int) -> list[PackageRow]:
    """What stands on somebody's public page."""
    return [PackageRow(*row) for row in _of_somebody(worker)]


def about_packages(worker: int) -> list:
    """What `open_packages_of` asks, for `asked_together`."""
    return [_of_somebody.about(worker)]


def own_packages(user) -> QuerySet[Package]:
    """Everything somebody has prepared, the newest first."""
    return Package.objects.filter(worker=user).select_related("category").order_by("-pk")

