"""Posts (募集): what a client needs, for how much, until when, and how many people."""
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from machi.accounts.models import Party, User
from machi.accounts.powers import READS_WORK
from machi.jobs.contests import Contest  # noqa: F401 - a table of this room
from machi.jobs.lifecycle import JobState
from machi.jobs.looks import JobLook  # noqa: F401 - a table of this room
from machi.jobs.questions import JobQuestion  # noqa: F401 - a table of this room
from machi.payments.fees import Listed
from machi.shared.labels import Labelled
from machi.shared.money import Yen
from machi.shared.privacy import BUSINESS, PUBLIC, TECHNICAL
from machi.taxes.withholding import Proposal, class_of, proposed
from machi.taxonomy.models import Category, Topic


def in_writing() -> list[str]:
    """How people talk about work unless a client says otherwise."""
    return ["text"]


class JobQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Published posts are for everybody; a draft is for those of its client who read work."""
        return self.filter(~Q(state=JobState.DRAFT) | Q(client__in=Party.objects.acting_for(user, *READS_WORK)))

    def given_by(self, user):
        return self.filter(client__in=Party.objects.acting_for(user, *READS_WORK))

    def locked(self):
        return self.select_for_update(of=("self",)).order_by("pk")


class Job(Labelled, models.Model):
    """A post for a piece of work, with n seats, k of them for newcomers. Its form says how people are chosen and paid."""

    class Form(models.TextChoices):         # 仕事の形
        PROJECT = "project", _("job.form.project")      # 固定報酬の仕事
        HOURLY = "hourly", _("job.form.hourly")         # 時間報酬の仕事
        CONTEST = "contest", _("job.form.contest")      # コンペ

    class Sync(models.TextChoices):         # 同期の必要
        NONE = "none", _("job.sync.none")               # なし: everything in writing, at one's own hours
        WEEKLY = "weekly", _("job.sync.weekly")         # ときどき話す
        HOURS = "hours", _("job.sync.hours")            # 決まった時間帯

    class AI(models.TextChoices):           # AIの扱い
        FORBIDDEN = "forbidden", _("job.ai.forbidden")
        DECLARED = "declared", _("job.ai.declared")
        WELCOME = "welcome", _("job.ai.welcome")

    class Channel(models.TextChoices):      # やりとりの方法
        TEXT = "text", _("job.channel.text")
        VOICE = "voice", _("job.channel.voice")
        VIDEO = "video", _("job.channel.video")

    class Block(models.IntegerChoices):     # 続けて使う時間
        QUARTER = 15, _("job.block.15")
        HALF = 30, _("job.block.30")
        HOUR = 60, _("job.block.60")

    class Rights(models.TextChoices):       # 著作権の扱い
        TRANSFERRED = "transferred", _("job.rights.transferred")
        LICENSED = "licensed", _("job.rights.licensed")

    client = models.ForeignKey(Party, models.PROTECT, related_name="jobs", db_comment=BUSINESS)
    # who looks after it, where an organisation gives the work; a person looks after their own
    contact = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_comment=BUSINESS)
    state = models.CharField(max_length=16, choices=JobState, default=JobState.DRAFT, db_comment=TECHNICAL)
    version = models.PositiveIntegerField(default=1, db_comment=TECHNICAL)
    form = models.CharField(max_length=8, choices=Form, default=Form.PROJECT, db_comment=PUBLIC)
    # what: the six items the law wants on a post (フリーランス法12条) are name, address, contact, work, place and reward
    title = models.CharField(max_length=80, blank=True, db_comment=PUBLIC)
    body = models.TextField(max_length=5000, blank=True, db_comment=PUBLIC)
    outcome = models.CharField(max_length=300, blank=True, db_comment=PUBLIC)           # できあがりの形
    category = models.ForeignKey(Category, models.PROTECT, null=True, related_name="jobs", db_comment=PUBLIC)
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="jobs", db_comment=PUBLIC)
    # what it named before a merge; empty: its topic itself
    topic_before = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="+", db_comment=PUBLIC)
    place = models.CharField(max_length=80, blank=True, db_comment=PUBLIC)
    client_name = models.CharField(max_length=80, blank=True, db_comment=PUBLIC)        # as they stood when published
    client_address = models.CharField(max_length=200, blank=True, db_comment=BUSINESS)
    client_contact = models.CharField(max_length=120, blank=True, db_comment=BUSINESS)
    is_client_withholding_agent = models.BooleanField(default=False, db_comment=PUBLIC)     # the net sum that was read follows from it
    # how much, by when, for how many
    reward_yen = models.PositiveBigIntegerField(null=True, db_comment=PUBLIC)           # excluding tax; hourly: a full week
    rate_yen = models.PositiveIntegerField(null=True, blank=True, db_comment=PUBLIC)                # hourly: one hour, excluding tax
    weekly_hours = models.PositiveSmallIntegerField(null=True, blank=True, db_comment=PUBLIC)       # hourly: at most, in one week
    weeks_count = models.PositiveSmallIntegerField(null=True, blank=True, db_comment=PUBLIC)        # hourly: about how many weeks
    listed_yen = models.PositiveBigIntegerField(null=True, blank=True, db_comment=PUBLIC)   # of it, from this much tax is withheld
    minutes_estimate = models.PositiveIntegerField(null=True, blank=True, db_comment=PUBLIC)      # of one seat, as the client thinks
    plan = models.JSONField(default=list, blank=True, db_comment=PUBLIC)                # jobs.plans: its steps; empty: one step
    closes_on = models.DateField(null=True, db_comment=PUBLIC)
    due_on = models.DateField(null=True, db_comment=PUBLIC)
    acceptance_days = models.PositiveSmallIntegerField(default=7, db_comment=PUBLIC)
    revisions_count = models.PositiveSmallIntegerField(default=2, db_comment=PUBLIC)
    seats_count = models.PositiveSmallIntegerField(default=1, db_comment=PUBLIC)
    newcomer_seats_count = models.PositiveSmallIntegerField(default=0, db_comment=PUBLIC)
    seats_taken = models.PositiveSmallIntegerField(default=0, db_comment=TECHNICAL)             # offered or accepted
    newcomer_seats_taken = models.PositiveSmallIntegerField(default=0, db_comment=TECHNICAL)    # of these
    seats_accepted = models.PositiveSmallIntegerField(default=0, db_comment=TECHNICAL)
    proposals_count = models.PositiveIntegerField(default=0, db_comment=PUBLIC)
    newcomers_count = models.PositiveIntegerField(default=0, db_comment=TECHNICAL)          # of these: sent by somebody without a record
    proposals_most = models.PositiveIntegerField(null=True, blank=True, db_comment=PUBLIC)  # the client's own limit (jobs.limits); off
    # how
    sync = models.CharField(max_length=8, choices=Sync, blank=True, db_comment=PUBLIC)
    sync_note = models.CharField(max_length=120, blank=True, db_comment=PUBLIC)
    channels = ArrayField(models.CharField(max_length=5, choices=Channel), default=in_writing, db_comment=PUBLIC)
    block_minutes = models.PositiveSmallIntegerField(null=True, blank=True, choices=Block, db_comment=PUBLIC)   # nothing: not said
    slack_days = models.PositiveSmallIntegerField(default=0, db_comment=PUBLIC)         # so late it would still be in time for the client
    ai = models.CharField(max_length=10, choices=AI, blank=True, db_comment=PUBLIC)
    rights = models.CharField(max_length=12, choices=Rights, default=Rights.TRANSFERRED, db_comment=PUBLIC)
    # when
    drafted_at = models.DateTimeField(db_comment=TECHNICAL)
    changed_at = models.DateTimeField(db_comment=TECHNICAL)
    published_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    closed_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    paused_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    acted_at = models.DateTimeField(null=True, db_comment=TECHNICAL)        # the client last did something about it
    asked_at = models.DateTimeField(null=True, db_comment=TECHNICAL)        # the town asked whether it is still open
    stopped_at = models.DateTimeField(null=True, db_comment=TECHNICAL)     # the rules about words stopped it, the last time
    pairs = ArrayField(models.CharField(max_length=40), default=list, db_comment=TECHNICAL)      # jobs.index: what it is found by

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="job_seats", condition=Q(
                seats_count__gte=1, seats_count__lte=50, newcomer_seats_count__lte=F("seats_count"),
                newcomer_seats_taken__lte=F("newcomer_seats_count"), seats_accepted__lte=F("seats_taken"))),
            models.CheckConstraint(name="job_no_seat_twice", condition=Q(
                seats_taken__lte=F("seats_count") - F("newcomer_seats_count") + F("newcomer_seats_taken"))),
            models.CheckConstraint(name="job_published_iff_no_draft", condition=(
                Q(state="draft", published_at=None) | ~Q(state="draft") & Q(published_at__isnull=False))),
            models.CheckConstraint(name="job_closed_at_iff_over", condition=(
                Q(state__in=["draft", "open", "paused"], closed_at=None)
                | Q(state__in=["closed", "awarded", "ended"], closed_at__isnull=False))),
            models.CheckConstraint(name="job_paused_at_iff_paused", condition=(
                Q(state="paused", paused_at__isnull=False) | ~Q(state="paused") & Q(paused_at=None))),
            models.CheckConstraint(name="job_asked_only_while_open", condition=Q(asked_at=None) | Q(state="open")),
            models.CheckConstraint(name="job_published_is_whole", condition=Q(state="draft") | Q(
                reward_yen__gte=100, reward_yen__lte=100_000_000, category__isnull=False, closes_on__isnull=False, due_on__isnull=False)
                & ~Q(title="") & ~Q(body="") & ~Q(place="") & ~Q(client_name="") & ~Q(client_address="") & ~Q(client_contact="")
                & ~Q(sync="") & ~Q(ai="")),
            models.CheckConstraint(name="job_hourly_iff_by_the_hour", condition=(
                Q(form="hourly", plan=[]) & (Q(state="draft") | Q(
                    rate_yen__gte=100, weekly_hours__gte=1, weekly_hours__lte=40, weeks_count__gte=1, weeks_count__lte=26,
                    reward_yen=F("rate_yen") * F("weekly_hours")))
                | ~Q(form="hourly") & Q(rate_yen=None, weekly_hours=None, weeks_count=None))),
            models.CheckConstraint(name="job_listed_is_a_part", condition=Q(listed_yen=None) | Q(
                listed_yen__gt=0, listed_yen__lt=F("reward_yen"))),
            models.CheckConstraint(name="job_minutes_estimate", condition=Q(minutes_estimate=None) | Q(
                minutes_estimate__gte=1, minutes_estimate__lte=60_000)),
            models.CheckConstraint(name="job_proposals_within_limit", condition=Q(
                Q(proposals_most=None) | Q(proposals_most__gte=1, proposals_count__lte=F("proposals_most")),
                newcomers_count__lte=F("proposals_count"))),
            models.CheckConstraint(name="job_conditions", condition=Q(channels__len__gte=1, slack_days__lte=30) & (
                Q(block_minutes=None) | Q(block_minutes__in=[15, 30, 60]))),
            models.CheckConstraint(name="job_clocks", condition=Q(
                acceptance_days__gte=3, acceptance_days__lte=14, revisions_count__lte=10)),
        ]
        indexes = [
            models.Index(fields=["-published_at", "-id"], condition=Q(state="open"), name="job_open_newest"),
            models.Index(fields=["category", "-published_at"], condition=Q(state="open"), name="job_open_category"),
            models.Index(fields=["closes_on"], condition=Q(state__in=["open", "paused"]), name="job_closing"),
            models.Index(fields=["acted_at"], condition=Q(state="open"), name="job_open_silent"),
            models.Index(fields=["client", "-id"], name="job_client"),
            GinIndex(fields=["pairs"], condition=Q(state="open"), name="job_pairs"),
        ]

    @property
    def reward(self) -> Yen:
        return Yen(self.reward_yen or 0)

    @property
    def is_hourly(self) -> bool:
        return self.form == self.Form.HOURLY

    @property
    def is_contest(self) -> bool:
        return self.form == self.Form.CONTEST

    def withholding(self, *, is_company: bool = False) -> Proposal:
        """Is income tax withheld, and why (所得税法204条)? `is_company`: whoever works is one.

        Of a post that is out it counts what the client was when it was published: whoever applied, applied to that net sum.
        """
        is_agent = self.is_client_withholding_agent if self.published_at else self.client.is_withholding_agent
        return proposed(category=self.category_id or "", is_agent=is_agent, is_company=is_company, has_part=self.listed is not None)

    @property
    def listed(self) -> Listed | None:
        """The part of the reward that is listed work, where not all of it is (デザインと一緒のプログラム)."""
        if not self.listed_yen or not self.reward_yen or class_of(self.category_id or "")[1]:
            return None
        return Listed(self.listed_yen, self.reward_yen)

    @property
    def is_withheld(self) -> bool:
        """From the pay of a person, who most workers are."""
        return self.withholding().is_withheld

    @property
    def has_chosen(self) -> bool:
        """Somebody was asked, also while they still think about it: the others hear that somebody else was chosen."""
        return self.seats_taken > 0

    @property
    def reference(self) -> str:
        return f"job:{self.pk}"

    def __str__(self) -> str:
        return self.title


class JobChange(models.Model):
    """What a client changed on a post that was out (変更): a version, with what stood there and what stands there now."""

    job = models.ForeignKey(Job, models.PROTECT, related_name="changes", db_comment=TECHNICAL)
    version = models.PositiveIntegerField(db_comment=TECHNICAL)             # of the post, after it
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_comment=BUSINESS)
    changed_at = models.DateTimeField(db_comment=TECHNICAL)
    before = models.JSONField(db_comment=PUBLIC)                            # column -> value, days in ISO form
    after = models.JSONField(db_comment=PUBLIC)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "version"], name="job_change_version")]
