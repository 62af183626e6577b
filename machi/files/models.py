"""What lies on the disk of the town, and who put it there. What a file is for, the rooms above say: they point here."""
from django.conf import settings
from django.db import models

from machi.shared.privacy import PERSONAL, PRIVATE, TECHNICAL


class File(models.Model):
    """One file. Its name is only shown; on the disk it has a name of ours."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_comment=PERSONAL)
    name = models.CharField(max_length=120, db_comment=PRIVATE)
    stored_as = models.CharField(max_length=64, unique=True, db_comment=TECHNICAL)
    kind = models.CharField(max_length=20, db_comment=TECHNICAL)                        # by its content, not by its name
    size = models.PositiveBigIntegerField(db_comment=TECHNICAL)
    sha256 = models.CharField(max_length=64, db_comment=TECHNICAL)
    width = models.PositiveSmallIntegerField(null=True, db_comment=TECHNICAL)           # of the large picture that shows it, if one does
    height = models.PositiveSmallIntegerField(null=True, db_comment=TECHNICAL)
    has_original = models.BooleanField(default=True, db_comment=TECHNICAL)              # a shown picture is kept redrawn only
    kept_at = models.DateTimeField(db_comment=TECHNICAL)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(width__isnull=True, height__isnull=True) | models.Q(width__gte=1, height__gte=1),
                                   name="file_picture_size"),
            models.CheckConstraint(condition=models.Q(has_original=True) | models.Q(width__isnull=False), name="file_shows_something")]

    @property
    def given_name(self) -> str:
        """What it is called when somebody takes it: of a picture that is kept redrawn only, as that one is."""
        stem, dot, _ending = self.name.rpartition(".")
        return self.name if self.has_original else f"{stem if dot else self.name}.webp"

    @property
    def is_shown(self) -> bool:
        """Is there a picture of it, made by the town?"""
        return self.width is not None
