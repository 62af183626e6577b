"""Pictures, sounds and films of items: each of them once, however many items show it; and the parcels in which a client brings them."""
from django.db import models
from django.db.models import Q

from machi.accounts.models import User
from machi.files.fetching import Cause
from machi.files.models import File
from machi.shared.labels import Labelled
from machi.shared.privacy import BUSINESS, PRIVATE, TECHNICAL
from machi.tasks.intake import MOST_OF_A_NAME
from machi.tasks.lifecycle import ParcelState, PieceFault, PieceState
from machi.tasks.models.batches import Batch

LONGEST_SOURCE = 2_000                              # letters of what a cell names (files.fetching.LONGEST)
STRANGERS_SHOWN = 10


class Piece(Labelled, models.Model):
    """What a column of the items names: an address that the town fetches from, or a file that the client brings."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="pieces", db_comment=TECHNICAL)
    kind = models.CharField(max_length=7, db_comment=TECHNICAL)                     # of forms.parts.FILE_KINDS: picture, sound, film
    source = models.CharField(max_length=LONGEST_SOURCE, db_comment=PRIVATE)        # as the cell says it
    digest = models.CharField(max_length=64, db_comment=TECHNICAL)                  # of the whole cell: by it an item finds its piece
    is_address = models.BooleanField(db_comment=TECHNICAL)
    number = models.PositiveIntegerField(db_comment=TECHNICAL)                      # of the first item that shows it
    column = models.CharField(max_length=MOST_OF_A_NAME, db_comment=PRIVATE)
    state = models.CharField(max_length=7, choices=PieceState, default=PieceState.WANTED, db_comment=TECHNICAL)
    fault = models.CharField(max_length=8, choices=[*Cause.choices, *PieceFault.choices], blank=True, db_comment=TECHNICAL)
    tries = models.PositiveSmallIntegerField(default=0, db_comment=TECHNICAL)       # in vain, one after the other
    again_at = models.DateTimeField(null=True, db_comment=TECHNICAL)                # not before
    came_as = models.CharField(max_length=64, blank=True, db_comment=TECHNICAL)     # digest of the file that the client brought last
    file = models.OneToOneField(File, models.PROTECT, null=True, related_name="task_piece", db_comment=TECHNICAL)
    is_wanted = models.BooleanField(default=True, db_comment=TECHNICAL)             # the form and the items still ask for it
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_comment=BUSINESS)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "digest", "kind"], name="task_piece_once"),
            models.CheckConstraint(name="task_piece_here_iff_kept", condition=(
                Q(state="here", file__isnull=False) | Q(state__in=["wanted", "waiting", "faulty"], file=None))),
            models.CheckConstraint(name="task_piece_fault_iff_faulty", condition=(
                Q(state="faulty") & ~Q(fault="") | ~Q(state="faulty") & Q(fault="")))]
        indexes = [models.Index(fields=["batch", "id"], condition=Q(state="waiting", is_wanted=True), name="task_pieces_to_fetch"),
                   models.Index(fields=["id"], condition=Q(is_wanted=False), name="task_pieces_to_forget"),
                   models.Index(fields=["batch", "number", "id"], condition=Q(state__in=["faulty", "wanted"]), name="task_pieces_lacking")]


class Parcel(Labelled, models.Model):
    """A file that a client brought for the names in a column, or a ZIP of such files, until it was read."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="parcels", db_comment=TECHNICAL)
    state = models.CharField(max_length=7, choices=ParcelState, default=ParcelState.WAITING, db_comment=TECHNICAL)
    name = models.CharField(max_length=200, db_comment=PRIVATE)
    file = models.OneToOneField(File, models.SET_NULL, null=True, related_name="+", db_comment=TECHNICAL)
    fault = models.CharField(max_length=8, choices=PieceFault, blank=True, db_comment=TECHNICAL)     # of the parcel as a whole
    used_count = models.PositiveIntegerField(default=0, db_comment=TECHNICAL)                        # files in it that an item shows
    strangers = models.JSONField(default=list, db_comment=PRIVATE)                                   # the first names that no item shows
    strangers_count = models.PositiveIntegerField(default=0, db_comment=TECHNICAL)
    next_part = models.PositiveIntegerField(default=0, db_default=0, db_comment=TECHNICAL)           # where the next turn goes on in it
    brought_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_comment=BUSINESS)
    brought_at = models.DateTimeField(db_comment=TECHNICAL)
    ended_at = models.DateTimeField(null=True, db_comment=TECHNICAL)

    class Meta:
        constraints = [models.CheckConstraint(name="parcel_ended_iff_over", condition=(
            Q(state="waiting", ended_at=None, fault="") | Q(state__in=["read", "left"], ended_at__isnull=False, fault="")
            | Q(state="faulty", ended_at__isnull=False) & ~Q(fault="")))]
        indexes = [models.Index(fields=["id"], condition=Q(state="waiting"), name="parcels_to_read"),
                   models.Index(fields=["batch", "-id"], name="parcel_batch")]
