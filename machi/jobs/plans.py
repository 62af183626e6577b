"""A piece of work in several steps (区切り): each with its own part of the reward and its own day."""
import datetime
import itertools
from collections.abc import Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from machi.notifications.words import yen
from machi.shared import clock
from machi.shared.money import Yen

FEWEST, MOST = 2, 12                    # a step a month, for a year
LEAST = 100                                         # yen of one step, without tax


class Step(NamedTuple):
    """One step. `price_yen` excludes tax."""

    title: str
    price_yen: Yen
    due_on: datetime.date


def written(steps: list[Step]) -> list[dict]:
    """The steps as the post keeps them."""
    return [{"title": step.title, "price_yen": int(step.price_yen), "due_on": step.due_on.isoformat()} for step in steps]


def read(plan: list[dict]) -> list[Step]:
    """The steps a post keeps."""
    return [Step(step["title"], Yen(step["price_yen"]), datetime.date.fromisoformat(step["due_on"])) for step in plan]


def monthly(count: int, reward_yen: int, due_on: datetime.date, closes_on: datetime.date | None = None) -> list[Step]:
    """The same work every month: so many steps, a month apart, the last one due with the whole; each with the same part of the reward,
    the last with what is left over. A day that a month does not have is its last. Steps that would lie before anybody is chosen are
    left out.
    """
    after = max(clock.today(), closes_on or clock.today())
    days = [day for day in (clock.months_away(due_on, -back) for back in reversed(range(count))) if day > after]
    part = reward_yen // len(days) if days else 0
    prices = [part] * (len(days) - 1) + [reward_yen - part * (len(days) - 1)] if days else []
    return [Step(_("plan.monthly.title") % {"n": number}, Yen(price), day)
            for number, (price, day) in enumerate(zip(prices, days, strict=True), 1)]


def is_monthly(steps: Sequence[Step]) -> bool:
    """Do these steps repeat the same work every month? Each costs the same (the last with what is left over), and about a month lies
    between two: when a whole plan was moved by some days, months are no longer alike to the day.
    """
    if len(steps) < FEWEST:
        return False
    part, days = steps[0].price_yen, [step.due_on for step in steps]
    is_same = all(step.price_yen == part for step in steps[:-1]) and 0 <= steps[-1].price_yen - part < len(steps)
    return is_same and all(26 <= (later - earlier).days <= 33 for earlier, later in zip(days, days[1:], strict=False))


def months_on(days: Sequence[datetime.date], count: int, *, after: datetime.date) -> list[datetime.date]:
    """The next days of work that was due on these days, a month apart: after that day, and after today. At the end of a month it keeps
    its day: the 31st is the 28th in February, and the 31st again in March.
    """
    last, after = days[-1], max(after, clock.today())
    is_month_end = (last + datetime.timedelta(days=1)).day == 1
    first = datetime.date(last.year, 1, max(day.day for day in days) if is_month_end else last.day)     # January has every day
    later = (clock.months_away(first, last.month - 1 + number) for number in itertools.count(1))
    return list(itertools.islice((day for day in later if day > after), count))


def fitted(plan: Sequence[Step], *, due_on: datetime.date, reward: Yen) -> list[Step]:
    """The steps for another last day or another sum: all days move alike, each step keeps its share of the sum."""
    whole, later = sum(step.price_yen for step in plan), due_on - plan[-1].due_on
    prices = [Yen(int(step.price_yen) * int(reward) // whole) for step in plan]
    prices[-1] += reward - sum(prices)
    return [Step(step.title, price, step.due_on + later) for step, price in zip(plan, prices, strict=True)]


def followed(plan: list[dict], *, reward_yen: int | None, due_on: datetime.date | None, closes_on: datetime.date | None) -> list[dict]:
    """The steps of a post whose last day or sum was changed. They stay as they are where a step would become too small, or would be
    due before anybody is chosen: then whoever writes is told what does not go together.
    """
    if not (plan and reward_yen and due_on):
        return plan
    steps = fitted(read(plan), due_on=due_on, reward=Yen(reward_yen))
    is_possible = min(step.price_yen for step in steps) >= LEAST and (closes_on is None or steps[0].due_on > closes_on)
    return written(steps) if is_possible else plan


def is_divisible(job) -> bool:
    """Into steps. Whoever applied to work in one piece applied to its one day: from then on only what is divided is divided anew."""
    return job.form == job.Form.PROJECT and bool(job.plan or not job.proposals_count)


def first_day(plan: list[dict], due_on: datetime.date) -> datetime.date:
    """The first day on which something is due."""
    return read(plan)[0].due_on if plan else due_on


def is_worse(before: Sequence[Step], after: Sequence[Step]) -> bool:
    """For whoever applied: fewer steps, one that is due earlier, or less money at an earlier step."""
    if len(after) < len(before) or any(new.due_on < old.due_on for old, new in zip(before, after, strict=False)):
        return True
    return any(new.price_yen < old.price_yen for old, new in zip(before[:-1], after, strict=False))


def faults(steps: list[Step], reward_yen: int | None, due_on: datetime.date | None, closes_on: datetime.date | None) -> list[str]:
    """What does not go together: too few steps or too many, parts that do not add up, days that do not rise from the closing day of the
    post to the due date.
    """
    if not steps:
        return []
    if not FEWEST <= len(steps) <= MOST:
        return [_("plan.count") % {"least": FEWEST, "most": MOST}]
    found, days = [], [step.due_on for step in steps]
    whole = sum(step.price_yen for step in steps)
    if reward_yen and whole != reward_yen:
        found.append(_("plan.sum") % {"sum": yen(whole), "reward": yen(reward_yen)})
    if closes_on and days[0] <= closes_on:
        found.append(_("plan.first_day"))
    if any(later <= earlier for earlier, later in zip(days, days[1:], strict=False)):
        found.append(_("plan.days_rise"))
    if due_on and days[-1] != due_on:
        found.append(_("plan.last_day"))
    return found
