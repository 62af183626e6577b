"""One side asks the other to talk and is answered in words: about the price (価格の協議), about what would help (配慮の相談)."""
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from machi.contracts.models.agreed import Contract
from machi.contracts.models.wishes import Side, WishQuerySet
from machi.shared.privacy import BUSINESS, PRIVATE, TECHNICAL


class Talk(models.Model):
    """What was asked, when, and how it was answered. The database lets nothing of it be changed later (sql/talks.sql): only the words
    leave, with whoever wrote them. A yes changes no terms by itself: both sign a change for that.
    """

    class About(models.TextChoices):
        PRICE = "price"
        CARE = "care"

    class Answer(models.TextChoices):
        YES = "yes"
        NO = "no"

    class Help(models.TextChoices):                     # what would help; nobody is asked why
        DAYS = "days", _("talk.help.days")
        HOURS = "hours", _("talk.help.hours")
        TALKING = "talking", _("talk.help.talking")
        AMOUNT = "amount", _("talk.help.amount")

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="talks", db_comment=TECHNICAL)
    about = models.CharField(max_length=5, choices=About, db_comment=TECHNICAL)
    side = models.CharField(max_length=6, choices=Side, db_comment=TECHNICAL)           # who asked
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_comment=BUSINESS)
    asked_at = models.DateTimeField(db_comment=TECHNICAL)
    words = models.TextField(max_length=1000, blank=True, db_comment=PRIVATE)
    helps = models.JSONField(default=list, db_comment=PRIVATE)                          # some of Help
    wished_yen = models.PositiveBigIntegerField(null=True, db_comment=BUSINESS)         # of the next step, without tax
    answer = models.CharField(max_length=3, choices=Answer, blank=True, db_comment=BUSINESS)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_comment=BUSINESS)
    answered_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    answer_words = models.TextField(max_length=1000, blank=True, db_comment=PRIVATE)

    objects = WishQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "about"], condition=Q(answer=""), name="one_open_talk"),
            models.CheckConstraint(name="care_is_asked_by_the_worker", condition=~Q(about="care") | Q(side="worker", wished_yen=None)),
            models.CheckConstraint(name="talk_answered_iff_answer", condition=(
                Q(answer="", answered_at=None, answered_by=None, answer_words="")
                | Q(answer__in=["yes", "no"], answered_at__isnull=False, answered_by__isnull=False)))]

    @property
    def is_open(self) -> bool:
        return not self.answer

    @property
    def help_words(self) -> list[str]:
        """What would help, in words."""
        return [str(self.Help(code).label) for code in self.helps]
