"""What one side wishes and both must agree on: another due date, other terms, a part of the money, an end. Once agreed, each carries
its addition to the terms: numbered, fingerprinted, and tied to the fingerprint before it. The terms of the offer never change.
"""
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from machi.contracts.lifecycle import WishState
from machi.contracts.models.agreed import Contract, Milestone
from machi.shared.labels import Labelled
from machi.shared.privacy import BUSINESS, PRIVATE, TECHNICAL


class Side(models.TextChoices):
    """One of the two who agreed."""

    CLIENT = "client"
    WORKER = "worker"


class WishQuerySet(models.QuerySet):
    def locked(self):
        return self.select_for_update(of=("self",)).order_by("pk")


class Wish(models.Model):
    """What both kinds have: who asked and when, how it ended, and once it is agreed the addition to the terms."""

    side = models.CharField(max_length=6, choices=Side, db_comment=TECHNICAL)           # who asked
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_comment=BUSINESS)
    state = models.CharField(max_length=10, choices=WishState, default=WishState.ASKED, db_comment=TECHNICAL)
    asked_at = models.DateTimeField(db_comment=TECHNICAL)
    ended_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_comment=BUSINESS)
    version = models.PositiveSmallIntegerField(null=True, db_comment=TECHNICAL)         # of the agreed ones: 1, 2, 3
    addition = models.JSONField(null=True, db_comment=BUSINESS)
    addition_hash = models.CharField(max_length=64, blank=True, db_comment=TECHNICAL)

    objects = WishQuerySet.as_manager()

    class Meta:
        abstract = True


ENDED_IFF_OVER = (Q(state="asked", ended_at=None)
                  | Q(state__in=["agreed", "kept", "answered", "withdrawn", "lapsed"], ended_at__isnull=False))
ADDITION_IFF_AGREED = (Q(state="agreed", version__isnull=False, addition__isnull=False, agreed_by__isnull=False) & ~Q(addition_hash="")
                       | ~Q(state="agreed") & Q(version=None, addition__isnull=True, agreed_by=None, addition_hash=""))


class DateRequest(Wish):
    """One side wishes for another due date (納品日の相談). Nobody is asked why: there is no place to say it."""

    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="date_requests", db_comment=TECHNICAL)
    wished_on = models.DateField(db_comment=BUSINESS)
    words = models.CharField(max_length=200, blank=True, db_comment=PRIVATE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["milestone"], condition=Q(state="asked"), name="one_open_date_request"),
            models.UniqueConstraint(fields=["milestone", "version"], name="date_addition_version"),
            models.CheckConstraint(name="date_request_ended_iff_over", condition=ENDED_IFF_OVER),
            models.CheckConstraint(name="date_addition_iff_agreed", condition=ADDITION_IFF_AGREED),
        ]
        indexes = [models.Index(fields=["wished_on"], condition=Q(state="asked"), name="date_request_open")]


class ChangeOrder(Labelled, Wish):
    """One side wishes for something about the whole contract that both must sign (条件の相談): other terms for the steps that are not
    funded yet, a part of the money of a step, or the end of the contract.
    """

    class Kind(models.TextChoices):
        TERMS = "terms", _("change.kind.terms")     # `steps`: those that are not funded, as they should be; `words`: what else changes
        PART = "part", _("change.kind.part")        # `parts`: of one step the worker gets so much, the rest goes back (一部検収・取り消し)
        END = "end", _("change.kind.end")           # `parts`: of each step whose money is held; the others will not be (契約を終える)

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="change_orders", db_comment=TECHNICAL)
    kind = models.CharField(max_length=5, choices=Kind, db_comment=TECHNICAL)
    words = models.CharField(max_length=1000, blank=True, db_comment=PRIVATE)
    steps = models.JSONField(default=list, db_comment=BUSINESS)                         # [{title, price_yen, due_on}]
    months_count = models.PositiveSmallIntegerField(null=True, db_comment=BUSINESS)     # so many months more: `steps` are only these
    parts = models.JSONField(default=list, db_comment=BUSINESS)                         # [{number, price_yen}], excluding tax
    answer_by = models.DateTimeField(db_comment=TECHNICAL)

    @property
    def called(self) -> str:
        """What is asked, in a few words."""
        return _("go_on.kind") % {"n": self.months_count} if self.months_count else str(self.get_kind_display())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract"], condition=Q(state="asked"), name="one_open_change_order"),
            models.UniqueConstraint(fields=["contract", "version"], name="change_addition_version"),
            models.CheckConstraint(name="change_order_ended_iff_over", condition=ENDED_IFF_OVER),
            models.CheckConstraint(name="change_addition_iff_agreed", condition=ADDITION_IFF_AGREED),
        ]
        indexes = [models.Index(fields=["answer_by"], condition=Q(state="asked"), name="change_order_open")]
