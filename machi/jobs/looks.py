"""A person of the town reads a post before it opens (ひと目): only where a rule about words asks for it. docs/adr/0020 says why."""
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from machi.shared.privacy import BUSINESS, TECHNICAL


class JobLookQuerySet(models.QuerySet):
    def waiting(self):
        """Not read yet, the oldest first."""
        return self.filter(answer="").order_by("asked_at", "pk")

    def locked(self):
        return self.select_for_update(of=("self",)).order_by("pk")


class JobLook(models.Model):
    """One reading: of which version, and what the town said. Whoever writes on at the post takes it back."""

    class Answer(models.TextChoices):
        PASSED = "passed", _("look.passed")             # it may open
        RETURNED = "returned", _("look.returned")       # with words about what to change
        LAPSED = "lapsed", _("look.lapsed")             # the client wrote on meanwhile

    job = models.ForeignKey("jobs.Job", models.PROTECT, related_name="looks", db_comment=TECHNICAL)
    version = models.PositiveIntegerField(db_comment=TECHNICAL)
    asked_at = models.DateTimeField(db_comment=TECHNICAL)
    answer = models.CharField(max_length=8, choices=Answer, blank=True, db_comment=BUSINESS)
    answered_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_comment=TECHNICAL)
    words = models.CharField(max_length=500, blank=True, db_comment=BUSINESS)

    objects = JobLookQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job"], condition=Q(answer=""), name="look_one_waiting"),
            models.CheckConstraint(name="look_answered_iff_answer", condition=(
                Q(answer="", answered_at=None) | ~Q(answer="") & Q(answered_at__isnull=False))),
            models.CheckConstraint(name="look_returned_with_words", condition=~Q(answer="returned", words=""))]
        indexes = [models.Index(fields=["asked_at", "id"], condition=Q(answer=""), name="look_waiting")]
