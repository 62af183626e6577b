"""Pieces of work that a person shows (作品): told by themselves, with files, a link, and what part was theirs."""
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from machi.files.models import File
from machi.shared.labels import Labelled
from machi.shared.privacy import PERSONAL, PUBLIC, TECHNICAL
from machi.taxonomy.models import Category, Topic


class PieceQuerySet(models.QuerySet):
    def here(self):
        """Those that were not taken off the page."""
        return self.filter(removed_at=None)

    def seen(self, by: int, *, applicants):
        """What somebody may see. `by`: the number of a person, 0 for a stranger; `applicants`: those who applied to them."""
        return self.here().filter(Q(shown=Piece.Shown.EVERYBODY) | Q(shown=Piece.Shown.CLIENTS, user__in=applicants) | Q(user=by))

    def in_order(self):
        return self.order_by("position", "pk")

    def locked(self):
        return self.select_for_update(of=("self",)).order_by("pk")


class Piece(Labelled, models.Model):
    """One piece of work. Always shown as 自己申告: what was done here is counted from contracts, elsewhere."""

    class Shown(models.TextChoices):
        EVERYBODY = "everybody", _("piece.shown.everybody")     # だれでも
        CLIENTS = "clients", _("piece.shown.clients")           # 応募した相手
        ME = "me", _("piece.shown.me")                          # 自分だけ

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="pieces", db_comment=PERSONAL)
    title = models.CharField(max_length=80, db_comment=PUBLIC)
    part = models.CharField(max_length=300, db_comment=PUBLIC)                          # 担当したところ
    link = models.CharField(max_length=500, blank=True, db_comment=PUBLIC)
    category = models.ForeignKey(Category, models.PROTECT, null=True, related_name="+", db_comment=PUBLIC)
    topics = models.ManyToManyField(Topic, through="PieceTopic", through_fields=("piece", "topic"), related_name="+")
    year = models.PositiveSmallIntegerField(null=True, db_comment=PUBLIC)
    shown = models.CharField(max_length=9, choices=Shown, default=Shown.EVERYBODY, db_comment=TECHNICAL)
    position = models.IntegerField(db_comment=TECHNICAL)                                # the person's own order, from above
    added_at = models.DateTimeField(db_comment=TECHNICAL)
    changed_at = models.DateTimeField(db_comment=TECHNICAL)
    removed_at = models.DateTimeField(null=True, db_comment=TECHNICAL)                  # for a while it can be brought back

    objects = PieceQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "position"], name="pieces_of_a_person"),
                   models.Index(fields=["removed_at"], condition=Q(removed_at__isnull=False), name="pieces_to_forget")]
        constraints = [
            models.CheckConstraint(condition=Q(link="") | Q(link__startswith="https://"), name="piece_link_is_https"),
            models.CheckConstraint(condition=Q(year__isnull=True) | Q(year__range=(1900, 2200)), name="piece_year"),
            models.CheckConstraint(condition=Q(shown__in=("everybody", "clients", "me")), name="piece_shown"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(part=""), name="piece_has_its_words")]

    @property
    def is_for_everybody(self) -> bool:
        return self.shown == self.Shown.EVERYBODY


class PieceTopic(models.Model):
    """A topic of a piece (題材): the row that hobbies and posts name too."""

    piece = models.ForeignKey(Piece, models.CASCADE, related_name="piece_topics", db_comment=TECHNICAL)
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="piece_topics", db_comment=PUBLIC)
    # what it named before a merge; empty: its topic itself
    topic_before = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="+", db_comment=PUBLIC)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["piece", "topic"], name="one_topic_per_piece")]


class PieceFile(models.Model):
    """A file of a piece. What a picture tells somebody who cannot see it stands beside it."""

    piece = models.ForeignKey(Piece, models.CASCADE, related_name="files", db_comment=TECHNICAL)
    file = models.OneToOneField(File, models.PROTECT, related_name="piece_file", db_comment=TECHNICAL)
    alt = models.CharField(max_length=80, blank=True, db_comment=PUBLIC)
    position = models.IntegerField(db_comment=TECHNICAL)
    removed_at = models.DateTimeField(null=True, db_comment=TECHNICAL)

    class Meta:
        indexes = [models.Index(fields=["removed_at"], condition=Q(removed_at__isnull=False), name="piece_files_to_forget")]
