"""Questions about a person's own way. Ask them only for that very person."""
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, OuterRef, When
from django.db.models.functions import Coalesce

from machi.accounts.models import User
from machi.journey.models import Answer, Question, Wish
from machi.profiles.models import PrivateConditions
from machi.proposals.models import Proposal
from machi.shared.question import Question as Asked

A_WEEK = 7                          # days of slack for somebody who may have to leave suddenly, and named no number


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person wishes for, in the order of the list; whether they have ever sent an application; and how many days of slack
    they want before a due date, which they said on their page for themselves alone (F66).
    """

    wishes: tuple[str, ...] = ()
    has_applied: bool = False
    slack_days: int = 0


_standing = Asked(lambda user: User.objects.filter(pk=user).order_by("pk").values_list(
    ArraySubquery(Wish.objects.filter(user=OuterRef("pk")).order_by("pk").values("kind")),
    Exists(Proposal.objects.filter(worker=OuterRef("pk"), submitted_at__isnull=False)),
    ArraySubquery(PrivateConditions.objects.filter(user=OuterRef("pk")).order_by("pk").values_list(
        Coalesce("slack_days", Case(When(may_leave_suddenly=True, then=A_WEEK), default=0))))))


def standing_of(user) -> Standing:
    """One question."""
    for wishes, has_applied, slack_days in _standing(user.pk):
        return Standing(tuple(kind for kind in Wish.Kind.values if kind in wishes), has_applied, sum(slack_days))
    return Standing()


def wishes_of(user) -> tuple[str, ...]:
    """What a person wishes for; nobody who is not signed in wishes for anything here."""
    return standing_of(user).wishes if user.is_authenticated else ()


def answers_of(user) -> dict[str, str]:
    """Question -> answer, in the order of the questions; what was passed over is empty, what was not asked yet is missing."""
    kept = dict(Answer.objects.filter(user=user).order_by("pk").values_list("question", "text"))
    return {question: kept[question] for question in Question.values if question in kept}
