"""Entries of a contest (応募作品): sealed, numbered, and their maker's until a prize is paid for one."""
import datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Length, Trim
from django.utils.translation import gettext_lazy as _

from machi.accounts.models import Party
from machi.accounts.powers import READS_WORK
from machi.files.models import File
from machi.jobs.contests import SEEN_FOR, Contest
from machi.jobs.models import Job
from machi.portfolio.models import Piece
from machi.proposals.lifecycle import EntryState
from machi.shared import clock
from machi.shared.labels import Labelled
from machi.shared.money import Yen
from machi.shared.privacy import BUSINESS, PERSONAL, PRIVATE, TECHNICAL

ENTRIES_AT_MOST, FILES_AT_MOST = 3, 4                   # of one person in one contest; beside one entry
LEAST_TEXT, LEAST_BYTES = 10, 20                        # letters; bytes of a file: less than that is no work anybody can look at
SHORT, HEAD = 100, 400                                  # letters of a text that a client may read before a prize: of a short one all
HANDED_IN = ("submitted", "awarded", "shared", "not_chosen")


def beginning_of(text: str) -> str:
    """What of a text its client reads before a prize is paid for it: a name or a line of copy can only be judged whole; of anything
    longer the first half, and no more than HEAD letters.
    """
    return text[:max(SHORT, min(HEAD, len(text) // 2))]


def still_seen() -> datetime.datetime:
    """A contest that ended after this moment can still be looked at by its client."""
    return clock.now() - SEEN_FOR


class EntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A maker sees their own; a client sees what was handed in, for a while after the end. No other maker sees any."""
        return self.filter(Q(worker=user) | self._for_client(user))

    def for_client(self, user, settled_since=None):
        """`settled_since`: the end of a contest after which what was not chosen can still be looked at."""
        return self.filter(self._for_client(user, settled_since))

    def _for_client(self, user, settled_since=None) -> Q:
        theirs = Q(job__client__in=Party.objects.acting_for(user, *READS_WORK), state__in=HANDED_IN) & ~Q(worker=user)
        settled = Q(job__contest__settled_at=None) | Q(job__contest__settled_at__gt=settled_since or still_seen())
        return theirs & (settled | Q(state=EntryState.AWARDED))

    def valid(self):
        """Handed in, and with something in it that can be looked at: the pot is split among these."""
        sound = EntryFile.objects.filter(entry=OuterRef("pk"), file__size__gte=LEAST_BYTES).exclude(preview=EntryFile.Preview.BROKEN)
        has_text = Q(letters__gte=LEAST_TEXT) & ~Q(job__contest__takes=Contest.Takes.FILES)
        return self.alias(letters=Length(Trim("text"))).filter(has_text | Exists(sound), state=EntryState.SUBMITTED)

    def locked(self):
        return self.select_for_update(of=("self",)).order_by("pk")


class Entry(Labelled, models.Model):
    """One piece of work that somebody made for a contest. To the client it is a number until it is chosen."""

    job = models.ForeignKey(Job, models.PROTECT, related_name="entries", db_comment=TECHNICAL)
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="entries", db_comment=PERSONAL)
    number = models.PositiveIntegerField(null=True, db_comment=TECHNICAL)       # given when it is handed in for the first time
    state = models.CharField(max_length=10, choices=EntryState, default=EntryState.DRAFT, db_comment=TECHNICAL)
    version = models.PositiveIntegerField(default=1, db_comment=TECHNICAL)
    title = models.CharField(max_length=80, blank=True, db_comment=PRIVATE)
    text = models.TextField(max_length=5000, blank=True, db_comment=PRIVATE)
    ai_note = models.CharField(max_length=300, blank=True, db_comment=PRIVATE)
    drafted_at = models.DateTimeField(db_comment=TECHNICAL)
    saved_at = models.DateTimeField(db_comment=TECHNICAL)
    submitted_at = models.DateTimeField(null=True, db_comment=TECHNICAL)        # the newest version
    ended_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    prize = models.PositiveSmallIntegerField(null=True, db_comment=BUSINESS)    # which of the prizes, from 1
    reward_yen = models.PositiveBigIntegerField(null=True, db_comment=BUSINESS)     # prize or share, excluding tax
    is_win_shown = models.BooleanField(default=True, db_comment=TECHNICAL)      # on the page of whoever won
    piece = models.ForeignKey(Piece, models.SET_NULL, null=True, related_name="+", db_comment=TECHNICAL)    # shown as a work of its maker

    objects = EntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "number"], name="entry_number"),
            models.UniqueConstraint(fields=["job", "prize"], name="one_entry_per_prize"),
            models.CheckConstraint(name="entry_number_iff_handed_in", condition=(
                Q(state="draft", number=None, submitted_at=None) | Q(state="withdrawn")
                | Q(state__in=HANDED_IN, number__isnull=False, submitted_at__isnull=False))),
            models.CheckConstraint(name="entry_ended_iff_over", condition=(
                Q(state__in=["draft", "submitted", "withdrawn"], ended_at=None)
                | Q(state__in=["awarded", "shared", "not_chosen"], ended_at__isnull=False))),
            models.CheckConstraint(name="entry_prize_iff_awarded", condition=(
                Q(state="awarded", prize__isnull=False, reward_yen__gt=0) | Q(state="shared", prize=None, reward_yen__gt=0)
                | ~Q(state__in=["awarded", "shared"]) & Q(prize=None, reward_yen=None))),
        ]
        indexes = [models.Index(fields=["worker", "-id"], name="entry_worker"),
                   models.Index(fields=["job", "state", "number"], name="entry_job"),
                   models.Index(fields=["worker", "-ended_at"], condition=Q(state="awarded", is_win_shown=True), name="wins_of_person")]

    @property
    def reference(self) -> str:
        return f"entry:{self.pk}"

    @property
    def reward(self) -> Yen:
        return Yen(self.reward_yen or 0)

    @property
    def is_handed_in(self) -> bool:
        return self.state in HANDED_IN

    @property
    def shown_piece(self) -> Piece | None:
        """The work on its maker's page that this entry became, while it stands there."""
        return self.piece if self.piece and self.piece.removed_at is None else None

    @property
    def received_on(self) -> datetime.date | None:
        return clock.day_of(self.ended_at) if self.ended_at else None

    def __str__(self) -> str:
        return self.title


class EntryFile(Labelled, models.Model):
    """A file of an entry. What the client sees of it before a prize is paid is a small picture with a mark across it."""

    class Preview(models.TextChoices):
        WAITING = "waiting", _("entry.preview.waiting")     # 見本を作っています
        MADE = "made", _("entry.preview.made")
        NONE = "none", _("entry.preview.none")              # only its name and size
        BROKEN = "broken", _("entry.preview.broken")        # 開けませんでした

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="files", db_comment=TECHNICAL)
    file = models.OneToOneField(File, models.PROTECT, related_name="entry_file", db_comment=TECHNICAL)
    preview = models.CharField(max_length=8, choices=Preview, default=Preview.WAITING, db_comment=TECHNICAL)
    head = models.CharField(max_length=400, blank=True, db_comment=PRIVATE)     # how a text begins

    class Meta:
        indexes = [models.Index(fields=["id"], condition=Q(preview="waiting"), name="previews_to_make")]


class RightsPaper(models.Model):
    """The receipt of what was handed over for a prize (権利の受領書): frozen and fingerprinted when the prize is paid. One for each
    winner, and for nobody else.
    """

    entry = models.OneToOneField(Entry, models.PROTECT, related_name="rights_paper", db_comment=TECHNICAL)
    number = models.CharField(max_length=40, unique=True, db_comment=TECHNICAL)     # 12-3: the contest, the entry
    paper = models.JSONField(db_comment=BUSINESS)
    paper_hash = models.CharField(max_length=64, db_comment=TECHNICAL)
    issued_at = models.DateTimeField(db_comment=TECHNICAL)


class EntryMark(models.Model):
    """What a client noted beside an entry, for themselves: a favourite, and words nobody else reads."""

    entry = models.OneToOneField(Entry, models.CASCADE, related_name="mark", db_comment=TECHNICAL)
    is_favourite = models.BooleanField(default=False, db_comment=TECHNICAL)
    note = models.CharField(max_length=500, blank=True, db_comment=PRIVATE)
    marked_at = models.DateTimeField(db_comment=TECHNICAL)
