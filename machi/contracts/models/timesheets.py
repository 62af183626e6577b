"""The hours of one week, as the worker writes them down (作業の記録). Nothing else is recorded: no screen, no keys, no place."""
import datetime

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from machi.accounts.models import Party
from machi.contracts.models.agreed import Contract, Milestone
from machi.shared import clock
from machi.shared.privacy import BUSINESS, PRIVATE, TECHNICAL

LONGEST = datetime.timedelta(hours=12)              # of one entry: what runs longer was forgotten


class TimesheetQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(Q(contract__worker=user) | Q(contract__client__in=Party.objects.acting_for(user)))

    def locked(self):
        return self.select_for_update(of=("self",)).order_by("pk")


class Timesheet(models.Model):
    """One week of work by the hour, Monday to Sunday in Japan. Its state and its money are those of its step."""

    milestone = models.OneToOneField(Milestone, models.PROTECT, related_name="timesheet", db_comment=TECHNICAL)
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="timesheets", db_comment=TECHNICAL)
    starts_on = models.DateField(db_comment=BUSINESS)
    ends_on = models.DateField(db_comment=BUSINESS)
    rate_yen = models.PositiveIntegerField(db_comment=BUSINESS)                         # one hour, excluding tax
    cap_minutes = models.PositiveSmallIntegerField(db_comment=BUSINESS)
    minutes = models.PositiveSmallIntegerField(default=0, db_comment=BUSINESS)          # the sum of its entries
    billed_minutes = models.PositiveSmallIntegerField(null=True, db_comment=BUSINESS)   # as they were confirmed, by the client or the clock
    submit_by = models.DateTimeField(db_comment=TECHNICAL)                              # then the clock hands it over
    reminded_at = models.DateTimeField(null=True, db_comment=TECHNICAL)                 # the client heard that it is not funded
    worker_told_at = models.DateTimeField(null=True, db_comment=TECHNICAL)              # the worker did, when it had begun

    objects = TimesheetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="week_within_its_cap", condition=Q(minutes__lte=F("cap_minutes"))),
            models.CheckConstraint(name="week_billed_as_recorded", condition=Q(billed_minutes=None) | Q(billed_minutes=F("minutes"))),
            models.CheckConstraint(name="week_has_seven_days", condition=Q(ends_on=F("starts_on") + Value(6))),
            models.UniqueConstraint(fields=["contract", "starts_on"], condition=Q(billed_minutes__isnull=False), name="week_billed_once"),
        ]
        indexes = [models.Index(fields=["submit_by"], condition=Q(billed_minutes=None), name="week_submit_by"),
                   models.Index(fields=["starts_on"], condition=Q(reminded_at=None), name="week_not_reminded"),
                   models.Index(fields=["starts_on"], condition=Q(worker_told_at=None), name="week_worker_not_told")]

    @property
    def left_minutes(self) -> int:
        return self.cap_minutes - self.minutes

    @property
    def begins_at(self) -> datetime.datetime:
        return clock.start_of(self.starts_on)

    @property
    def is_over_at(self) -> datetime.datetime:
        return clock.start_of(self.ends_on + datetime.timedelta(days=1))


class TimeEntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(timesheet__in=Timesheet.objects.visible_to(user))

    def standing(self):
        """Those that count: not taken away."""
        return self.filter(removed_at=None)

    def locked(self):
        return self.select_for_update(of=("self",)).order_by("pk")


class TimeEntry(models.Model):
    """From when until when somebody worked, in whole minutes. One without an end is being worked on now."""

    timesheet = models.ForeignKey(Timesheet, models.PROTECT, related_name="entries", db_comment=TECHNICAL)
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_comment=BUSINESS)
    started_at = models.DateTimeField(db_comment=BUSINESS)
    ended_at = models.DateTimeField(null=True, db_comment=BUSINESS)
    note = models.CharField(max_length=200, blank=True, db_comment=PRIVATE)
    mended_reason = models.CharField(max_length=200, blank=True, db_comment=PRIVATE)    # why the times are not those of the presses
    is_by_hand = models.BooleanField(db_comment=TECHNICAL)
    reminded_at = models.DateTimeField(null=True, db_comment=TECHNICAL)                 # the worker heard that it still runs
    removed_at = models.DateTimeField(null=True, db_comment=TECHNICAL)

    objects = TimeEntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="entry_ends_after_its_start", condition=Q(ended_at=None) | Q(
                ended_at__gt=F("started_at"), ended_at__lte=F("started_at") + LONGEST)),
            models.UniqueConstraint(fields=["worker"], condition=Q(ended_at=None, removed_at=None), name="one_running_entry"),
            ExclusionConstraint(name="entries_do_not_overlap", condition=Q(removed_at=None), expressions=[
                (Func(F("worker"), F("worker"), Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                (Func(F("started_at"), F("ended_at"), Value("[)"), function="tstzrange", output_field=DateTimeRangeField()),
                 RangeOperators.OVERLAPS)]),
        ]
        indexes = [models.Index(fields=["timesheet", "started_at"], name="entry_of_week")]

    @property
    def minutes(self) -> int:
        return int((self.ended_at - self.started_at).total_seconds()) // 60 if self.ended_at else 0

    @property
    def is_running(self) -> bool:
        return self.ended_at is None

    @property
    def is_forgotten(self) -> bool:
        """It runs for longer than anybody works: when did it end. Midnight is no end of work."""
        return self.ended_at is None and clock.now() - self.started_at > LONGEST
