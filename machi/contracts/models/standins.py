"""Who goes on with the work if its worker suddenly cannot (交代の人). Agreed by all three before it is needed."""
from django.conf import settings
from django.db import models
from django.db.models import Q

from machi.accounts.models import Party
from machi.accounts.powers import READS_WORK
from machi.contracts.lifecycle import StandInState
from machi.contracts.models.agreed import Contract
from machi.shared.privacy import BUSINESS, PRIVATE, TECHNICAL

OPEN, OVER = ("asked", "ready"), ("took_over", "declined", "withdrawn", "lapsed")


class StandInQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(Q(person=user) | Q(contract__worker=user) | Q(contract__client__in=Party.objects.acting_for(user, *READS_WORK)))

    def locked(self):
        return self.select_for_update(of=("self",)).order_by("pk")


class StandIn(models.Model):
    """The worker names somebody who would go on; they and the client agree. Once called, the stand-in answers an offer (Offer.stand_in),
    and goes on in a contract of their own. Nobody is asked why: there is no place to say it.
    """

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="stand_ins", db_comment=TECHNICAL)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_comment=BUSINESS)
    kept_percent = models.PositiveSmallIntegerField(db_comment=BUSINESS)                # of the step that is under way, for the worker
    state = models.CharField(max_length=10, choices=StandInState, default=StandInState.ASKED, db_comment=TECHNICAL)
    asked_at = models.DateTimeField(db_comment=TECHNICAL)
    person_agreed_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    client_agreed_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    client_agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_comment=BUSINESS)
    ended_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    note = models.CharField(max_length=2000, blank=True, db_comment=PRIVATE)            # the worker's, to whoever goes on
    addition = models.JSONField(null=True, db_comment=BUSINESS)
    addition_hash = models.CharField(max_length=64, blank=True, db_comment=TECHNICAL)

    objects = StandInQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract"], condition=Q(state__in=OPEN), name="one_open_stand_in"),
            models.CheckConstraint(name="stand_in_kept_percent", condition=Q(kept_percent__range=(10, 90))),
            models.CheckConstraint(name="stand_in_ended_iff_over", condition=(
                Q(state__in=OPEN, ended_at=None) | Q(state__in=OVER, ended_at__isnull=False))),
            models.CheckConstraint(name="stand_in_ready_iff_agreed", condition=(
                Q(state__in=["ready", "took_over"], person_agreed_at__isnull=False, client_agreed_at__isnull=False)
                | ~Q(state__in=["ready", "took_over"]))),
            models.CheckConstraint(name="stand_in_addition_iff_took_over", condition=(
                Q(state="took_over", addition__isnull=False) & ~Q(addition_hash="")
                | ~Q(state="took_over") & Q(addition__isnull=True, addition_hash=""))),
        ]

    @property
    def reference(self) -> str:
        return f"stand_in:{self.pk}"

    @property
    def is_ready(self) -> bool:
        return self.state == StandInState.READY

    @property
    def has_taken_over(self) -> bool:
        return self.state == StandInState.TOOK_OVER

    @property
    def is_open(self) -> bool:
        return self.state in OPEN
