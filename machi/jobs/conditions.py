"""How the work goes beside its hours (働き方): by which ways people talk, in how long a stretch, and how much room the due date has."""
from django.utils.translation import gettext as _

from machi.jobs.models import Job


def channels_said(channels: list[str]) -> str:
    """文字、声: in the order of the form."""
    return _("list.and").join(str(Job.Channel(one).label) for one in Job.Channel.values if one in channels)


def block_said(minutes: int | None) -> str:
    return str(Job.Block(minutes).label) if minutes else _("job.block.any")


def slack_said(days: int) -> str:
    return _("job.slack.days") % {"n": days} if days else _("job.slack.none")
