"""Questions about a person's own way. Ask them only for that very person."""
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, OuterRef, When
from django.db.models.functions import Coalesce

from machi.accounts.models import User
from machi.journey.models import Answer, Question, Target, Wish
from machi.profiles.models import PrivateConditions, WorkingConditions
from machi.proposals.models import Proposal
from machi.shared.question import Question as Asked

A_WEEK = 7                          # days of slack for somebody who may have to leave suddenly, and named no number


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person wishes for, in the order of the list; whether they have ever sent an application; how many days of slack they want
    before a due date, which they said on their page for themselves alone (F66); and when they can work.
    """

    wishes: tuple[str, ...] = ()
    has_applied: bool = False
    slack_days: int = 0
    is_busy_by_day: bool = False        # the hours they chose on their page hold no weekday daytime

    @property
    def own_hours(self) -> bool:
        """Do they work beside something else (F09): because they wish for it, or by the hours they chose?"""
        return self.is_busy_by_day or Wish.Kind.BESIDE in self.wishes


_standing = Asked(lambda user: User.objects.filter(pk=user).order_by("pk").values_list(
    ArraySubquery(Wish.objects.filter(user=OuterRef("pk")).order_by("pk").values("kind")),
    Exists(Proposal.objects.filter(worker=OuterRef("pk"), submitted_at__isnull=False)),
    ArraySubquery(PrivateConditions.objects.filter(user=OuterRef("pk")).order_by("pk").values_list(
        Coalesce("slack_days", Case(When(may_leave_suddenly=True, then=A_WEEK), default=0)))),
    Exists(WorkingConditions.objects.filter(user=OuterRef("pk")).exclude(bands=[]).exclude(bands__contains=[WorkingConditions.Band.DAY]))))


def standing_of(user) -> Standing:
    """One question."""
    for wishes, has_applied, slack_days, is_busy_by_day in _standing(user.pk):
        return Standing(tuple(kind for kind in Wish.Kind.values if kind in wishes), has_applied, sum(slack_days), is_busy_by_day)
    return Standing()


def target_of(user) -> Target | None:
    """A person's own goal for a month."""
    return Target.objects.filter(user=user).first()


def wishes_of(user) -> tuple[str, ...]:
    """What a person wishes for; nobody who is not signed in wishes for anything here."""
    return standing_of(user).wishes if user.is_authenticated else ()


def own_hours(user) -> bool:
    """Are posts with a fixed hour marked for this person? For nobody who is not signed in."""
    return user.is_authenticated and standing_of(user).own_hours


def answers_of(user) -> dict[str, str]:
    """Question -> answer, in the order of the questions; what was passed over is empty, what was not asked yet is missing."""
    kept = dict(Answer.objects.filter(user=user).order_by("pk").values_list("question", "text"))
    return {question: kept[question] for question in Question.values if question in kept}
