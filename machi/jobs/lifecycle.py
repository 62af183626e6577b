"""States of a post."""
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from machi.shared.lifecycle import Lifecycle


class JobState(TextChoices):
    DRAFT = "draft", _("job.state.draft")               # 下書き
    OPEN = "open", _("job.state.open")                  # 募集中
    PAUSED = "paused", _("job.state.paused")            # お休み中: no proposals for now; those that came stand
    CLOSED = "closed", _("job.state.closed")            # 締め切り: choosing goes on
    AWARDED = "awarded", _("job.state.awarded")         # すべての席が決まった
    ENDED = "ended", _("job.state.ended")               # 選考が終わった


S = JobState
JOB_LIFECYCLE = Lifecycle({
    (S.DRAFT, "publish"): S.OPEN,
    (S.DRAFT, "edit"): S.DRAFT,
    (S.OPEN, "edit"): S.OPEN,                           # a new version; whoever applied hears of it
    (S.PAUSED, "edit"): S.PAUSED,
    (S.OPEN, "confirm"): S.OPEN,                        # still open, says the client whom the town has asked
    (S.OPEN, "pause"): S.PAUSED,
    (S.PAUSED, "resume"): S.OPEN,
    (S.PAUSED, "close"): S.CLOSED,
    (S.CLOSED, "reopen"): S.OPEN,                       # with seats left, and a new closing day
    (S.OPEN, "close"): S.CLOSED,
    (S.OPEN, "take_seat"): S.OPEN,
    (S.CLOSED, "take_seat"): S.CLOSED,
    (S.PAUSED, "take_seat"): S.PAUSED,                  # whoever applied before may still be chosen
    (S.OPEN, "free_seat"): S.OPEN,
    (S.PAUSED, "free_seat"): S.PAUSED,
    (S.CLOSED, "free_seat"): S.CLOSED,
    (S.ENDED, "free_seat"): S.ENDED,                    # an offer outlives the choosing, and is then declined
    (S.OPEN, "award"): S.AWARDED,                       # the last seat was accepted
    (S.PAUSED, "award"): S.AWARDED,
    (S.CLOSED, "award"): S.AWARDED,
    (S.OPEN, "end"): S.ENDED,                           # the client ends the choosing with seats left
    (S.PAUSED, "end"): S.ENDED,
    (S.CLOSED, "end"): S.ENDED,
})
