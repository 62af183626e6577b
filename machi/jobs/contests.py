"""Contests (コンペ): a form of work in which people are chosen by what they made. What a contest has beside its post."""
import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from machi.jobs.lifecycle import JobState as S
from machi.payments.fees import Rates, Settlement, prize_settlement, rates, rates_in, small_prize
from machi.shared import clock
from machi.shared.labels import Labelled
from machi.shared.lifecycle import Lifecycle
from machi.shared.money import Yen
from machi.shared.privacy import PUBLIC, TECHNICAL

# A contest goes its own way through the same states: nobody takes a seat, and only the clock closes it.
CONTEST_LIFECYCLE = Lifecycle({
    (S.DRAFT, "publish"): S.OPEN,                       # with its pot
    (S.DRAFT, "edit"): S.DRAFT,
    (S.OPEN, "close"): S.CLOSED,
    (S.OPEN, "call_off"): S.ENDED,                      # nobody has handed anything in
    (S.CLOSED, "award"): S.AWARDED,
    (S.CLOSED, "settle"): S.ENDED,                      # no entry, or no choice: the pot goes back, or is split
})

PRIZES_AT_MOST = 10
LEAST_PRIZE, LEAST_SHARE = Yen(1_000), Yen(100)         # a share below that would be a joke on whoever worked for it (ADR: splitting a pot)
JUDGED_WITHIN = datetime.timedelta(days=14)             # after the closing day; then the town splits the pot
SEEN_FOR = datetime.timedelta(days=30)                  # after the end a client may look at what was not chosen, and no longer


class Contest(Labelled, models.Model):
    """The prizes of a contest, what is handed in, and what lies in its pot."""

    class Takes(models.TextChoices):        # 出してもらうもの
        FILES = "files", _("contest.takes.files")       # 画像やファイル
        TEXT = "text", _("contest.takes.text")          # 文章
        EITHER = "either", _("contest.takes.either")    # どちらでも

    job = models.OneToOneField("jobs.Job", models.PROTECT, related_name="contest", db_comment=TECHNICAL)
    prizes_yen = ArrayField(models.PositiveBigIntegerField(), default=list, blank=True, db_comment=PUBLIC)    # excluding tax
    takes = models.CharField(max_length=6, choices=Takes, blank=True, db_comment=PUBLIC)
    hours = models.PositiveSmallIntegerField(null=True, db_comment=PUBLIC)              # how long one entry takes, as the client believes
    entries_count = models.PositiveIntegerField(default=0, db_comment=PUBLIC)           # handed in, and not taken back
    last_number = models.PositiveIntegerField(default=0, db_comment=TECHNICAL)
    pot_yen = models.PositiveBigIntegerField(null=True, db_comment=PUBLIC)              # what was put in escrow, with tax
    opened_on = models.DateField(null=True, db_comment=TECHNICAL)
    rates = models.JSONField(null=True, db_comment=TECHNICAL)                           # of that day: they hold until the end
    settled_at = models.DateTimeField(null=True, db_comment=TECHNICAL)                  # the pot is empty

    class Meta:
        constraints = [
            models.CheckConstraint(name="contest_prizes", condition=Q(prizes_yen__len__lte=PRIZES_AT_MOST)),
            models.CheckConstraint(name="contest_open_is_whole", condition=Q(pot_yen=None, opened_on=None, settled_at=None) | Q(
                pot_yen__gt=0, opened_on__isnull=False, prizes_yen__len__gte=1, hours__gte=1) & ~Q(takes="")),
            models.CheckConstraint(name="contest_hours", condition=Q(hours=None) | Q(hours__gte=1, hours__lte=200)),
        ]

    @property
    def prizes(self) -> list[Yen]:
        return [Yen(int(prize)) for prize in self.prizes_yen]

    @property
    def total(self) -> Yen:
        """All prizes together, excluding tax."""
        return Yen(sum(self.prizes))

    @property
    def most_entries(self) -> int:
        """As many as the pot could still be split among, LEAST_SHARE each."""
        return int(pot_of(self)) // int(money_of(self, LEAST_SHARE).client_pays)

    @property
    def is_full(self) -> bool:
        return self.entries_count >= self.most_entries


def pot_of(contest: Contest) -> Yen:
    """What the client puts in escrow: every prize with its tax."""
    return Yen(sum(money_of(contest, prize).client_pays for prize in contest.prizes))


def money_of(contest: Contest, price: Yen, *, is_withheld: bool = False, at_once: Yen | None = None) -> Settlement:
    """Both sides' money of one prize or share, by the rates of the day on which the contest opened."""
    by, small = rates_of(contest)
    return prize_settlement(by, price, small=small, is_withheld=is_withheld, at_once=price if at_once is None else at_once)


def rates_of(contest: Contest) -> tuple[Rates, Yen]:
    """The rates of a contest, and up to which sum nothing is withheld from a prize."""
    if contest.rates:
        return rates_in(contest.rates), Yen(contest.rates["small_prize"])
    on = contest.opened_on or clock.today()
    return rates(on, "contest"), small_prize(on)


def judged_by(closes_on: datetime.date) -> datetime.datetime:
    """The last moment in which the client may choose."""
    return clock.end_of(closes_on + JUDGED_WITHIN)
