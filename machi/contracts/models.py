"""Offers, contracts, milestones and deliveries."""
from django.conf import settings
from django.db import models
from django.db.models import Q

from machi.accounts.models import Party
from machi.accounts.powers import READS_WORK
from machi.contracts.lifecycle import ContractState, DateState, MilestoneState, OfferState
from machi.files.models import File
from machi.jobs.models import Job
from machi.proposals.models import Proposal
from machi.shared import clock
from machi.shared.labels import Labelled
from machi.shared.money import Yen
from machi.shared.privacy import BUSINESS, PRIVATE, TECHNICAL


class OfferQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(Q(worker=user) | Q(client__in=Party.objects.acting_for(user, *READS_WORK)))

    def locked(self):
        return self.select_for_update(of=("self",)).order_by("pk")


class Offer(Labelled, models.Model):
    """A client asks one worker, with terms that cannot change any more (お願い)."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="offers", db_comment=TECHNICAL)
    job = models.ForeignKey(Job, models.PROTECT, related_name="offers", db_comment=TECHNICAL)
    client = models.ForeignKey(Party, models.PROTECT, related_name="+", db_comment=BUSINESS)
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="offers", db_comment=BUSINESS)
    version = models.PositiveIntegerField(default=1, db_comment=TECHNICAL)
    terms = models.JSONField(db_comment=BUSINESS)
    terms_hash = models.CharField(max_length=64, db_comment=TECHNICAL)
    state = models.CharField(max_length=10, choices=OfferState, default=OfferState.OPEN, db_comment=TECHNICAL)
    takes_newcomer_seat = models.BooleanField(db_comment=TECHNICAL)
    offered_at = models.DateTimeField(db_comment=TECHNICAL)
    answer_by = models.DateTimeField(db_comment=TECHNICAL)
    answered_at = models.DateTimeField(null=True, db_comment=TECHNICAL)

    objects = OfferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal"], condition=Q(state="open"), name="one_open_offer"),
            models.UniqueConstraint(fields=["proposal", "version"], name="offer_version"),
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
    job = models.ForeignKey(Job, models.PROTECT, related_name="contracts", db_comment=TECHNICAL)
    client = models.ForeignKey(Party, models.PROTECT, related_name="contracts", db_comment=BUSINESS)
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="contracts", db_comment=BUSINESS)
    title = models.CharField(max_length=80, db_comment=BUSINESS)
    state = models.CharField(max_length=16, choices=ContractState, default=ContractState.PENDING_FUNDING, db_comment=TECHNICAL)
    formed_at = models.DateTimeField(db_comment=TECHNICAL)
    fund_by = models.DateTimeField(db_comment=TECHNICAL)
    ended_at = models.DateTimeField(null=True, db_comment=TECHNICAL)

    objects = ContractQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(name="contract_ended_iff_over", condition=(
            Q(state__in=["completed", "void"], ended_at__isnull=False) | Q(state__in=["pending_funding", "active"], ended_at=None)))]
        indexes = [models.Index(fields=["worker", "-id"], name="contract_worker"),
                   models.Index(fields=["client", "-id"], name="contract_client"),
                   models.Index(fields=["fund_by"], condition=Q(state="pending_funding"), name="contract_unfunded")]

    @property
    def terms(self) -> dict:
        return self.offer.terms

    @property
    def reference(self) -> str:
        return f"contract:{self.pk}"


class MilestoneQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(Q(contract__worker=user) | Q(contract__client__in=Party.objects.acting_for(user)))

    def locked(self):
        return self.select_for_update(of=("self",)).order_by("pk")


class Milestone(Labelled, models.Model):
    """One step of a contract with its own money and clocks (区切り). This form of work has exactly one."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="milestones", db_comment=TECHNICAL)
    number = models.PositiveSmallIntegerField(default=1, db_comment=TECHNICAL)
    state = models.CharField(max_length=10, choices=MilestoneState, default=MilestoneState.AGREED, db_comment=TECHNICAL)
    price_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)                     # excluding tax
    held_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)                      # including tax: what lies in escrow
    due_on = models.DateField(db_comment=BUSINESS)
    pay_on = models.DateField(db_comment=BUSINESS)
    acceptance_days = models.PositiveSmallIntegerField(db_comment=BUSINESS)
    revisions_count = models.PositiveSmallIntegerField(db_comment=BUSINESS)             # allowed by the terms
    revisions_used = models.PositiveSmallIntegerField(default=0, db_comment=TECHNICAL)
    funded_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    delivered_at = models.DateTimeField(null=True, db_comment=TECHNICAL)                # the last delivery
    first_delivered_at = models.DateTimeField(null=True, db_comment=TECHNICAL)          # on time or not: the first counts
    accept_by = models.DateTimeField(null=True, db_comment=TECHNICAL)                   # then the town accepts
    accepted_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    was_accepted_by_town = models.BooleanField(default=False, db_comment=TECHNICAL)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "number"], name="milestone_number"),
            models.CheckConstraint(name="milestone_price", condition=Q(price_yen__gt=0, held_yen__gte=models.F("price_yen"))),
            models.CheckConstraint(name="milestone_funded_iff_held", condition=(
                Q(state__in=["agreed", "void"], funded_at=None)
                | Q(state__in=["funded", "delivered", "accepted"], funded_at__isnull=False))),
            models.CheckConstraint(name="milestone_clock_iff_delivered", condition=(
                Q(state="delivered", accept_by__isnull=False, delivered_at__isnull=False)
                | Q(state="accepted", accept_by=None, delivered_at__isnull=False)
                | Q(state__in=["agreed", "funded", "void"], accept_by=None))),
            models.CheckConstraint(name="milestone_accepted_at_iff_accepted", condition=(
                Q(state="accepted", accepted_at__isnull=False) | ~Q(state="accepted") & Q(accepted_at=None))),
            models.CheckConstraint(name="milestone_revisions", condition=Q(revisions_used__lte=models.F("revisions_count"))),
        ]
        indexes = [models.Index(fields=["accept_by"], condition=Q(state="delivered"), name="milestone_accept_by")]

    @property
    def held(self) -> Yen:
        return Yen(self.held_yen)

    @property
    def reference(self) -> str:
        return f"milestone:{self.pk}"

    @property
    def was_on_time(self) -> bool | None:
        """Was the first delivery in time? Unknown before it."""
        return None if self.first_delivered_at is None else clock.day_of(self.first_delivered_at) <= self.due_on


class Delivery(models.Model):
    """Work handed over (納品): a text, files, or both, and a word on the use of AI when the terms ask for it."""

    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="deliveries", db_comment=TECHNICAL)
    round = models.PositiveSmallIntegerField(db_comment=TECHNICAL)                      # 1, then one more after each revision
    text = models.TextField(max_length=50_000, blank=True, db_comment=PRIVATE)
    ai_note = models.CharField(max_length=300, blank=True, db_comment=PRIVATE)
    minutes_spent = models.PositiveIntegerField(null=True, blank=True, db_comment=PRIVATE)     # as the worker says; never shown
    delivered_at = models.DateTimeField(db_comment=TECHNICAL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["milestone", "round"], name="delivery_round")]


class DeliveryFile(models.Model):
    """A file of a delivery."""

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="files", db_comment=TECHNICAL)
    file = models.OneToOneField(File, models.PROTECT, related_name="delivery_file", db_comment=TECHNICAL)


class RevisionRequest(models.Model):
    """The client asks for changes (直し), counted by the terms; the reason stays in writing."""

    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="revision_requests", db_comment=TECHNICAL)
    round = models.PositiveSmallIntegerField(db_comment=TECHNICAL)
    points = models.TextField(max_length=3000, db_comment=PRIVATE)                      # one point a line
    asked_at = models.DateTimeField(db_comment=TECHNICAL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["milestone", "round"], name="revision_round")]

    @property
    def points_count(self) -> int:
        return max(1, len([line for line in self.points.splitlines() if line.strip()]))


class DateRequestQuerySet(models.QuerySet):
    def locked(self):
        return self.select_for_update(of=("self",)).order_by("pk")


class DateRequest(models.Model):
    """One side wishes for another due date (納品日の相談). Nobody is asked why: there is no place to say it.

    Once agreed it carries the addition to the terms: numbered, fingerprinted and tied to the fingerprint before it. The terms
    of the offer stay as they are.
    """

    class Side(models.TextChoices):
        CLIENT = "client"
        WORKER = "worker"

    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="date_requests", db_comment=TECHNICAL)
    side = models.CharField(max_length=6, choices=Side, db_comment=TECHNICAL)           # who asked
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_comment=BUSINESS)
    wished_on = models.DateField(db_comment=BUSINESS)
    words = models.CharField(max_length=200, blank=True, db_comment=PRIVATE)
    state = models.CharField(max_length=10, choices=DateState, default=DateState.ASKED, db_comment=TECHNICAL)
    asked_at = models.DateTimeField(db_comment=TECHNICAL)
    ended_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_comment=BUSINESS)
    version = models.PositiveSmallIntegerField(null=True, db_comment=TECHNICAL)         # of the agreed ones: 1, 2, 3
    addition = models.JSONField(null=True, db_comment=BUSINESS)
    addition_hash = models.CharField(max_length=64, blank=True, db_comment=TECHNICAL)

    objects = DateRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["milestone"], condition=Q(state="asked"), name="one_open_date_request"),
            models.UniqueConstraint(fields=["milestone", "version"], name="date_addition_version"),
            models.CheckConstraint(name="date_request_ended_iff_over", condition=(
                Q(state="asked", ended_at=None)
                | Q(state__in=["agreed", "kept", "answered", "withdrawn", "lapsed"], ended_at__isnull=False))),
            models.CheckConstraint(name="date_addition_iff_agreed", condition=(
                Q(state="agreed", version__isnull=False, addition__isnull=False, agreed_by__isnull=False) & ~Q(addition_hash="")
                | ~Q(state="agreed") & Q(version=None, addition__isnull=True, agreed_by=None, addition_hash=""))),
        ]
        indexes = [models.Index(fields=["wished_on"], condition=Q(state="asked"), name="date_request_open")]
