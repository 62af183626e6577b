"""Letters between people about one thing (メッセージ). A thread knows who takes part, in person or as a party, and a reference."""
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from machi.accounts.models import Party
from machi.accounts.powers import READS_WORK
from machi.shared.privacy import BUSINESS, PRIVATE, TECHNICAL


class ThreadQuerySet(models.QuerySet):
    def visible_to(self, user):
        """For whoever takes part in person, and for those who read work for the party that takes part."""
        in_person = Member.objects.filter(thread=OuterRef("pk"), user=user, is_for_party=False)
        return self.filter(Exists(in_person) | Q(party__in=Party.objects.acting_for(user, *READS_WORK)))


class Thread(models.Model):
    """A conversation about one thing, for example contract:7."""

    about = models.CharField(max_length=60, db_comment=TECHNICAL)
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+", db_comment=BUSINESS)      # takes part as a whole
    opened_at = models.DateTimeField(db_comment=TECHNICAL)
    reminded_of = models.BigIntegerField(default=0, db_comment=TECHNICAL)      # the newest letter about which a silent side was reminded

    objects = ThreadQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["about"], name="one_thread_per_thing")]


class Member(models.Model):
    """Somebody who takes part, and how far they have read. Whoever reads for a party takes part only as long as they act for it."""

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="members", db_comment=TECHNICAL)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_comment=PRIVATE)
    is_for_party = models.BooleanField(default=False, db_comment=TECHNICAL)
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
        indexes = [models.Index(fields=["thread", "id"], name="letters_of_thread"),
                   models.Index(fields=["sent_at"], name="letters_by_time")]
