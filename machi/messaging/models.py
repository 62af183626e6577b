"""Letters between people about one thing (メッセージ). A thread knows who takes part, and a reference; no more."""
from django.conf import settings
from django.db import models

from machi.shared.privacy import PRIVATE, TECHNICAL


class ThreadQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(members__user=user)


class Thread(models.Model):
    """A conversation about one thing, for example contract:7."""

    about = models.CharField(max_length=60, db_comment=TECHNICAL)
    opened_at = models.DateTimeField(db_comment=TECHNICAL)

    objects = ThreadQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["about"], name="one_thread_per_thing")]


class Member(models.Model):
    """Somebody who takes part, and how far they have read."""

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="members", db_comment=TECHNICAL)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_comment=PRIVATE)
    read_up_to = models.BigIntegerField(default=0, db_comment=TECHNICAL)       # the last message they saw

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thread", "user"], name="member_once")]


class Message(models.Model):
    """One letter. Never changed: what was agreed in writing stays."""

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="messages", db_comment=TECHNICAL)
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_comment=PRIVATE)
    body = models.TextField(max_length=4000, db_comment=PRIVATE)
    key = models.CharField(max_length=40, db_comment=TECHNICAL)                 # of the form: sent twice, it is one letter
    sent_at = models.DateTimeField(db_comment=TECHNICAL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thread", "sender", "key"], name="letter_once")]
        indexes = [models.Index(fields=["thread", "id"], name="letters_of_thread")]
