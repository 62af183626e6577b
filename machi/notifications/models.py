"""Messages from the town. Written in the transaction of the deed (an outbox); the background sends the mail."""
from django.conf import settings
from django.db import models
from django.db.models import Q

from machi.shared.privacy import PERSONAL, PRIVATE, TECHNICAL


class Notice(models.Model):
    """One matter for one person (お知らせ). Its words are found by `kind`, in the language of whoever reads it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", db_comment=PERSONAL)
    kind = models.CharField(max_length=40, db_comment=TECHNICAL)
    about = models.CharField(max_length=60, db_comment=TECHNICAL)           # where the link leads: contract:12
    words = models.JSONField(default=dict, db_comment=PRIVATE)              # what stands in the gaps of the text
    created_at = models.DateTimeField(db_comment=TECHNICAL)
    read_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    mail_from = models.DateTimeField(null=True, db_comment=TECHNICAL)       # not before; none: no mail
    mailed_at = models.DateTimeField(null=True, db_comment=TECHNICAL)

    class Meta:
        indexes = [models.Index(fields=["user", "-id"], name="notice_of_user"),
                   models.Index(fields=["user"], condition=Q(read_at=None), name="notice_unread"),
                   models.Index(fields=["mail_from", "id"], condition=Q(mailed_at=None), name="notice_waiting")]


class Silence(models.Model):
    """A kind of mail this person does not want. The notice itself still stands in the list."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="silences", db_comment=PERSONAL)
    kind = models.CharField(max_length=40, db_comment=PERSONAL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="silent_once")]
