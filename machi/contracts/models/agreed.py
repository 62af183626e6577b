"""What was offered and agreed: offers, contracts and their steps."""
import datetime

from django.conf import settings
from django.db import models
from django.db.models import DateField, ExpressionWrapper, F, Q
from django.db.models.functions import TruncDate

from machi.accounts.models import Party
from machi.accounts.powers import READS_WORK
from machi.contracts.lifecycle import CLOSED, RUNNING, ContractState, MilestoneState, OfferState
from machi.jobs.models import Job
from machi.packages.models import Package
from machi.payments.fees import Settlement
from machi.proposals.models import Proposal
from machi.shared import clock
from machi.shared.labels import Labelled
from machi.shared.money import Yen
from machi.shared.privacy import BUSINESS, TECHNICAL
from machi.taxonomy.models import Category

# Work begins with a post and an application to it, or with a service that its worker had prepared (ADR 25).
OF_A_POST = Q(job__isnull=False, package=None)
OF_A_PACKAGE = Q(job=None, package__isnull=False)


class OfferQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(Q(worker=user) | Q(client__in=Party.objects.acting_for(user, *READS_WORK)))

    def locked(self):
        return self.select_for_update(of=("self",)).order_by("pk")


class Offer(Labelled, models.Model):
    """A client asks one worker, with terms that cannot change any more (お願い)."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, null=True, related_name="offers", db_comment=TECHNICAL)
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="offers", db_comment=TECHNICAL)
    package = models.ForeignKey(Package, models.PROTECT, null=True, related_name="offers", db_comment=TECHNICAL)
    order_key = models.CharField(max_length=40, blank=True, db_comment=TECHNICAL)       # the form of an order: sent twice, it is one
    client = models.ForeignKey(Party, models.PROTECT, related_name="+", db_comment=BUSINESS)
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="offers", db_comment=BUSINESS)
    version = models.PositiveIntegerField(default=1, db_comment=TECHNICAL)
    terms = models.JSONField(db_comment=BUSINESS)
    terms_hash = models.CharField(max_length=64, db_comment=TECHNICAL)
    state = models.CharField(max_length=10, choices=OfferState, default=OfferState.OPEN, db_comment=TECHNICAL)
    takes_newcomer_seat = models.BooleanField(db_comment=TECHNICAL)
    # to whoever stands in for the worker of a contract that goes on: to take it over from here (ADR 27)
    stand_in = models.ForeignKey("contracts.StandIn", models.PROTECT, null=True, related_name="offers", db_comment=TECHNICAL)
    offered_at = models.DateTimeField(db_comment=TECHNICAL)
    answer_by = models.DateTimeField(db_comment=TECHNICAL)
    answered_at = models.DateTimeField(null=True, db_comment=TECHNICAL)

    objects = OfferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal"], condition=Q(state="open"), name="one_open_offer"),
            models.UniqueConstraint(fields=["proposal", "version"], name="offer_version"),
            models.UniqueConstraint(fields=["client", "order_key"], condition=~Q(order_key=""), name="ordered_once"),
            models.UniqueConstraint(fields=["stand_in"], condition=Q(state="open"), name="called_once"),
            models.CheckConstraint(name="offer_of_a_post_or_a_package", condition=(
                OF_A_POST & Q(proposal__isnull=False, order_key="", stand_in=None)
                | OF_A_PACKAGE & Q(proposal=None, takes_newcomer_seat=False, version=1, stand_in=None) & ~Q(order_key="")
                | (OF_A_POST | OF_A_PACKAGE) & Q(stand_in__isnull=False, proposal=None, takes_newcomer_seat=False, order_key=""))),
            models.CheckConstraint(name="offer_answered_iff_over", condition=(
                Q(state="open", answered_at=None)
                | Q(state__in=["accepted", "refused", "expired", "replaced"], answered_at__isnull=False))),
        ]
        indexes = [models.Index(fields=["answer_by"], condition=Q(state="open"), name="offer_running_out")]

    @property
    def is_replaced(self) -> bool:
        """Did other terms take its place?"""
        return self.state == OfferState.REPLACED

    @property
    def reference(self) -> str:
        return f"offer:{self.pk}"


class ContractQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(Q(worker=user) | Q(client__in=Party.objects.acting_for(user)))

    def locked(self):
        return self.select_for_update(of=("self",)).order_by("pk")


class Contract(Labelled, models.Model):
    """A client and a worker have agreed on terms (契約). Neither can change them alone."""

    offer = models.OneToOneField(Offer, models.PROTECT, related_name="contract", db_comment=TECHNICAL)
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="contracts", db_comment=TECHNICAL)
    package = models.ForeignKey(Package, models.PROTECT, null=True, related_name="contracts", db_comment=TECHNICAL)
    category = models.ForeignKey(Category, models.PROTECT, related_name="+", db_comment=BUSINESS)
    client = models.ForeignKey(Party, models.PROTECT, related_name="contracts", db_comment=BUSINESS)
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="contracts", db_comment=BUSINESS)
    form = models.CharField(max_length=8, choices=Job.Form, default=Job.Form.PROJECT, db_comment=BUSINESS)
    title = models.CharField(max_length=80, db_comment=BUSINESS)
    takes_over = models.OneToOneField("self", models.PROTECT, null=True, related_name="taken_over_by", db_comment=TECHNICAL)
    state = models.CharField(max_length=16, choices=ContractState, default=ContractState.PENDING_FUNDING, db_comment=TECHNICAL)
    formed_at = models.DateTimeField(db_comment=TECHNICAL)
    fund_by = models.DateTimeField(null=True, db_comment=TECHNICAL)             # the next step's money is waited for until then
    ended_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    check_ins_off_at = models.DateTimeField(null=True, db_comment=TECHNICAL)    # the worker is not asked how it goes
    is_monthly = models.BooleanField(default=False, db_default=False, db_comment=BUSINESS)      # the same work every month (retainers.py)
    told_of_last = models.PositiveSmallIntegerField(null=True, db_comment=TECHNICAL)    # the step that both know to be its last month

    objects = ContractQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(name="contract_ended_iff_over", condition=(
            Q(state__in=["completed", "ended", "void"], ended_at__isnull=False)
            | Q(state__in=["pending_funding", "active", "passed_on"], ended_at=None))),
            models.CheckConstraint(name="contract_of_a_post_or_a_package", condition=OF_A_POST | OF_A_PACKAGE)]
        indexes = [models.Index(fields=["worker", "-id"], name="contract_worker"),
                   models.Index(fields=["client", "-id"], name="contract_client"),
                   models.Index(fields=["fund_by"], condition=Q(state__in=["pending_funding", "active"]), name="contract_unfunded"),
                   models.Index(fields=["id"], condition=Q(is_monthly=True, ended_at=None), name="contract_monthly"),
                   models.Index(fields=["category", "-id"], condition=Q(state="completed"), name="contract_finished_of_kind")]

    @property
    def terms(self) -> dict:
        return self.offer.terms

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None

    @property
    def goes_on(self) -> bool:
        """May the two still agree on something? Not when it is over, nor when somebody else goes on with the work."""
        return not self.is_over and self.state != ContractState.PASSED_ON

    @property
    def is_hourly(self) -> bool:
        """Is it paid by the hour, each step a week with its record?"""
        return self.form == Job.Form.HOURLY

    @property
    def reference(self) -> str:
        return f"contract:{self.pk}"


class MilestoneQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(Q(contract__worker=user) | Q(contract__client__in=Party.objects.acting_for(user)))

    def locked(self):
        return self.select_for_update(of=("self",)).order_by("pk")


class Milestone(Labelled, models.Model):
    """One step of a contract with its own money and clocks (区切り); work in one piece has one. Its money was frozen when both agreed."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="milestones", db_comment=TECHNICAL)
    number = models.PositiveSmallIntegerField(default=1, db_comment=TECHNICAL)
    title = models.CharField(max_length=80, blank=True, db_comment=BUSINESS)            # empty: the whole work
    state = models.CharField(max_length=10, choices=MilestoneState, default=MilestoneState.AGREED, db_comment=TECHNICAL)
    price_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)                     # excluding tax
    held_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)                      # all the client pays: what lies in escrow
    fee_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)
    fee_tax_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)
    withheld_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)
    client_fee_yen = models.PositiveBigIntegerField(default=0, db_default=0, db_comment=BUSINESS)       # beside the price
    client_fee_tax_yen = models.PositiveBigIntegerField(default=0, db_default=0, db_comment=BUSINESS)
    before_yen = models.PositiveBigIntegerField(default=0, db_comment=BUSINESS)         # price of the earlier steps: fees go on from there
    refunded_yen = models.PositiveBigIntegerField(default=0, db_comment=BUSINESS)       # of what was held
    due_on = models.DateField(db_comment=BUSINESS)
    pay_on = models.DateField(db_comment=BUSINESS)
    acceptance_days = models.PositiveSmallIntegerField(db_comment=BUSINESS)
    revisions_count = models.PositiveSmallIntegerField(db_comment=BUSINESS)             # allowed by the terms
    slack_days = models.PositiveSmallIntegerField(default=0, db_default=0, db_comment=BUSINESS)         # so late it is still in time
    revisions_used = models.PositiveSmallIntegerField(default=0, db_comment=TECHNICAL)
    funded_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    delivered_at = models.DateTimeField(null=True, db_comment=TECHNICAL)                # the last delivery
    first_delivered_at = models.DateTimeField(null=True, db_comment=TECHNICAL)          # on time or not: the first counts
    accept_by = models.DateTimeField(null=True, db_comment=TECHNICAL)                   # then the town accepts
    accepted_at = models.DateTimeField(null=True, db_comment=TECHNICAL)                 # or settled: the worker's part is theirs
    was_accepted_by_town = models.BooleanField(default=False, db_comment=TECHNICAL)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "number"], name="milestone_number"),
            models.CheckConstraint(name="milestone_price", condition=Q(price_yen__gt=0, held_yen__gte=models.F("price_yen"))),
            models.CheckConstraint(name="milestone_funded_iff_held", condition=(
                Q(state__in=["agreed", "void"], funded_at=None)
                | Q(state__in=["funded", "delivered", "disputed", "passed_on", "accepted", "settled", "refunded"],
                    funded_at__isnull=False))),
            models.CheckConstraint(name="milestone_clock_iff_delivered", condition=(
                Q(state="delivered", accept_by__isnull=False, delivered_at__isnull=False) | ~Q(state="delivered") & Q(accept_by=None))),
            models.CheckConstraint(name="milestone_accepted_at_iff_earned", condition=(
                Q(state__in=["accepted", "settled"], accepted_at__isnull=False)
                | ~Q(state__in=["accepted", "settled"]) & Q(accepted_at=None))),
            models.CheckConstraint(name="milestone_refunded_as_its_state_says", condition=(
                Q(state="refunded", refunded_yen=models.F("held_yen"))
                | Q(state="settled", refunded_yen__gt=0, refunded_yen__lt=models.F("held_yen"))
                | ~Q(state__in=["refunded", "settled"]) & Q(refunded_yen=0))),
            models.CheckConstraint(name="milestone_revisions", condition=Q(revisions_used__lte=models.F("revisions_count"))),
        ]
        indexes = [models.Index(fields=["accept_by"], condition=Q(state="delivered"), name="milestone_accept_by")]

    @property
    def held(self) -> Yen:
        return Yen(self.held_yen)

    @property
    def money(self) -> Settlement:
        """Both sides' money of this step, as it was agreed."""
        tax_yen = self.held_yen - self.price_yen - self.client_fee_yen - self.client_fee_tax_yen
        return Settlement(*map(Yen, (self.price_yen, tax_yen, self.fee_yen, self.fee_tax_yen, self.withheld_yen,
                                     self.client_fee_yen, self.client_fee_tax_yen)))

    @property
    def reference(self) -> str:
        return f"milestone:{self.pk}"

    @property
    def is_unfunded(self) -> bool:
        """Agreed, and nothing is held for it yet: its terms may still become others."""
        return self.state == MilestoneState.AGREED

    @property
    def is_running(self) -> bool:
        """Does its money lie in escrow?"""
        return self.state in RUNNING

    @property
    def is_closed(self) -> bool:
        return self.state in CLOSED

    @property
    def in_time_until(self) -> datetime.date:
        """The last day on which work is in time: the due day, and the days by which the client said it may be later (納品日のゆとり).
        `LATE` asks the same of the database.
        """
        return self.due_on + datetime.timedelta(days=self.slack_days)

    @property
    def was_on_time(self) -> bool | None:
        """Was the first delivery in time? Unknown before it."""
        return None if self.first_delivered_at is None else clock.day_of(self.first_delivered_at) <= self.in_time_until


# Of a step: its first delivery came after the last day on which it was in time. Unknown before it.
LATE = Q(due_on__lt=ExpressionWrapper(TruncDate("first_delivered_at", tzinfo=clock.JAPAN) - F("slack_days"), DateField()))
