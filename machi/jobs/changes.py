"""What changes on a post that is out: what stood there, what stands there, and what may not change once somebody has applied."""
import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from machi.jobs import plans
from machi.shared.errors import DomainError

# What a reader of a post relies on, and what it is called on the page (ids of the catalogue).
LABELS = {
    "title": "job.title.label", "body": "job.body.label", "outcome": "job.outcome.label",
    "category": "job.category.label", "topic": "job.topic.label", "place": "job.place.label",
    "reward_yen": "job.reward.label", "listed_yen": "job.listed.label", "rate_yen": "job.rate.label",
    "weekly_hours": "job.weekly_hours.label", "weeks_count": "job.weeks.label",
    "minutes_estimate": "job.hours.label",
    "closes_on": "job.closes_on.label", "due_on": "job.due_on.label", "plan": "job.plan",
    "acceptance_days": "job.acceptance.label", "revisions_count": "job.revisions.label",
    "seats_count": "job.seats.label", "newcomer_seats_count": "job.newcomer_seats.label",
    "channels": "job.channels.label", "block_minutes": "job.block.label", "slack_days": "job.slack.label",
    "sync": "job.sync.label", "sync_note": "job.sync_note.label", "ai": "job.ai.label",
    "rights": "job.rights.label"}
# Once somebody has applied: never less, never earlier, never more to do for the same money.
NEVER_LESS = ("slack_days", "reward_yen", "rate_yen", "weekly_hours", "weeks_count", "seats_count", "newcomer_seats_count")
NEVER_EARLIER = ("due_on",)
NEVER_MORE = ("revisions_count", "listed_yen", "acceptance_days")
NEVER_OTHER = ("category",)                             # whether tax is withheld follows from it
ALWAYS_BETTER = {"rights": "licensed", "sync": "none"}  # what may replace the other answers, and is replaced by none of them


_SPELLED = {"sync": "job.sync", "ai": "job.ai", "rights": "job.rights"}       # whose values are words of the catalogue
LONGEST = 80                                        # of a text, in a notice


class Change(NamedTuple):
    """The columns that differ, with what stood there and what stands there."""

    before: dict
    after: dict


def standing(job) -> dict:
    """What a post says, in values that JSON knows."""
    said = {name: getattr(job, name) for name in LABELS if name not in ("category", "topic")}
    said |= {"category": job.category_id, "topic": job.topic and job.topic.name}
    return {name: value.isoformat() if isinstance(value, datetime.date) else value if isinstance(value, (int, list)) else str(value or "")
            for name, value in said.items()}


def between(before: dict, after: dict) -> Change | None:
    """What differs; nothing when everything stands as it stood."""
    names = [name for name in LABELS if before[name] != after[name]]
    return Change({name: before[name] for name in names}, {name: after[name] for name in names}) if names else None


def check(job, change: Change) -> None:
    """Whoever applied, applied to what they read: nothing of that becomes worse for them. Raises DomainError."""
    if not job.proposals_count:
        return
    for name, old in change.before.items():
        if job.is_hourly and name == "reward_yen":      # the money of a full week: its rate and its hours are looked at
            continue
        new, field = change.after[name], {"field": _(LABELS[name])}
        if name in NEVER_LESS and new < old:
            raise DomainError(_("job.change.never_less") % field)
        if name in NEVER_EARLIER and new < old:
            raise DomainError(_("job.change.never_earlier") % field)
        if name in NEVER_MORE and (new or 0) > (old or 0):
            raise DomainError(_("job.change.never_more") % field)
        if name in NEVER_OTHER or ALWAYS_BETTER.get(name) == old:
            raise DomainError(_("job.change.never_other") % field)
        if name == "plan" and not old:              # every step but the last would be due earlier than what they applied to
            raise DomainError(_("job.change.no_plan"))
        if name == "plan" and plans.is_worse(plans.read(old), plans.read(new)):
            raise DomainError(_("job.change.plan"))


def as_gap(name: str, value, gap: str) -> dict:
    """One value as the gap of a notice: it is written in the language of whoever reads it (notifications.words)."""
    if value in ("", None, []):
        return {f"{gap}_word": "change.nothing"}
    if name == "channels":
        return {f"{gap}_words": [f"job.channel.{one}" for one in value]}
    if name == "block_minutes":
        return {f"{gap}_word": f"job.block.{value}"}
    if name == "minutes_estimate":
        return {f"{gap}_minutes": value}
    if name in _SPELLED:
        return {f"{gap}_word": f"{_SPELLED[name]}.{value}"}
    if name == "plan":
        return {f"{gap}_word": "job.plan"}
    ending = next((ending for ending in ("_yen", "_on") if name.endswith(ending)), "")
    return {f"{gap}{ending}": value if ending or not isinstance(value, str) else value[:LONGEST]}
