"""What a person said to themselves about their way: wishes about work, and answers about what they are good at.

Nothing here is for anybody else. No room below this one can read it, and a person's row knows no way back to it
(`related_name="+"`). What is cleared is gone: rows are deleted, and no fact repeats what stood in them.
"""
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from machi.shared.privacy import PERSONAL, PRIVATE, TECHNICAL


class Wish(models.Model):
    """A wish about work (望む働き方), never a reason for it. A person has none, one or several."""

    class Kind(models.TextChoices):
        EXPERIENCE = "experience", _("wish.experience")     # use my experience now
        BESIDE = "beside", _("wish.beside")                 # beside my main job: evenings, weekends
        LOVED = "loved", _("wish.loved")                    # from something I love
        HOME = "home", _("wish.home")                       # from home, in writing, in pieces I can interrupt
        NEW = "new", _("wish.new")                          # something new

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_comment=PERSONAL)
    kind = models.CharField(max_length=10, choices=Kind, db_comment=PRIVATE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="one_wish_of_a_kind")]


class Question(models.TextChoices):
    """The six questions of the strength finder (強みさがし), in their order."""

    ASKED = "asked", _("finder.asked")
    THANKED = "thanked", _("finder.thanked")
    KEPT = "kept", _("finder.kept")
    EASY = "easy", _("finder.easy")
    CAREFUL = "careful", _("finder.careful")
    SHOWN = "shown", _("finder.shown")


class Answer(models.Model):
    """What a person answered to one of the six questions; an empty text is a question they passed over."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_comment=PERSONAL)
    question = models.CharField(max_length=10, choices=Question, db_comment=TECHNICAL)
    text = models.CharField(max_length=200, blank=True, db_comment=PRIVATE)
    saved_at = models.DateTimeField(db_comment=TECHNICAL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "question"], name="one_answer_to_a_question")]


class Target(models.Model):
    """What a person would like to reach them in a month before they change how they work (F71). Nobody asks for the reason."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_comment=PERSONAL)
    monthly_yen = models.PositiveIntegerField(db_comment=PRIVATE)                       # as it reaches the account
    months_count = models.PositiveSmallIntegerField(db_comment=PRIVATE)                 # so many months in a row are steady enough
    aside_percent = models.PositiveSmallIntegerField(default=0, db_comment=PRIVATE)     # of what arrives, kept for tax and insurance
    savings_yen = models.PositiveIntegerField(null=True, db_comment=PRIVATE)
    saved_at = models.DateTimeField(db_comment=TECHNICAL)

    class Meta:
        constraints = [models.CheckConstraint(name="target_is_sound", condition=models.Q(
            monthly_yen__gte=1, months_count__range=(1, 24), aside_percent__lte=60))]
