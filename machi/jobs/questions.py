"""Questions about a post, asked and answered where everybody reads them: nobody knows more than the others."""
from django.conf import settings
from django.db import models
from django.db.models import Q

from machi.shared.privacy import PUBLIC, TECHNICAL


class JobQuestionQuerySet(models.QuerySet):
    def locked(self):
        return self.select_for_update(of=("self",)).order_by("pk")


class JobQuestion(models.Model):
    """One question, and the client's answer when there is one."""

    job = models.ForeignKey("jobs.Job", models.PROTECT, related_name="questions", db_comment=TECHNICAL)
    asker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_comment=PUBLIC)
    words = models.CharField(max_length=500, db_comment=PUBLIC)
    asked_at = models.DateTimeField(db_comment=TECHNICAL)
    answer = models.CharField(max_length=1000, blank=True, db_comment=PUBLIC)
    answered_at = models.DateTimeField(null=True, db_comment=TECHNICAL)

    objects = JobQuestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="question_has_words", condition=~Q(words="")),
            models.CheckConstraint(name="question_answered_iff_answer", condition=(
                Q(answer="", answered_at=None) | ~Q(answer="") & Q(answered_at__isnull=False)))]
        indexes = [models.Index(fields=["job", "id"], name="question_job")]
