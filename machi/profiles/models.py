"""My page (マイページ): strengths and hobbies stand beside the career, each as a thing of its own."""
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from machi.shared.labels import Labelled
from machi.shared.privacy import PERSONAL, PUBLIC, TECHNICAL
from machi.taxonomy.models import Category, Topic

NOTE_AT_MOST = 500                  # of a hobby: two of them become one when topics are merged


class Profile(models.Model):
    """The words a person says about themselves. Exists from the moment they write the first line."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="profile", db_comment=PERSONAL)
    headline = models.CharField(max_length=60, blank=True, db_comment=PUBLIC)           # 一言で
    about = models.TextField(max_length=2000, blank=True, db_comment=PUBLIC)            # 自己紹介
    conditions = models.CharField(max_length=200, blank=True, db_comment=PUBLIC)        # 働き方の条件: never a reason
    changed_at = models.DateTimeField(db_comment=TECHNICAL)


class Entry(Labelled, models.Model):
    """One line of a page: whose it is, and where it stands."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="%(class)ss", db_comment=PERSONAL)
    added_at = models.DateTimeField(db_comment=TECHNICAL)

    class Meta:
        abstract = True
        ordering = ["pk"]

    @property
    def called(self) -> str:
        """The words by which a person knows this line among the others."""
        raise NotImplementedError


class Strength(Entry):
    """What somebody is good at, what shows it, and what one can therefore hand them (強み)."""

    statement = models.CharField(max_length=80, db_comment=PUBLIC)                      # 強み
    evidence = models.CharField(max_length=200, blank=True, db_comment=PUBLIC)          # 裏づけ: a sentence or an address
    hand_me = models.CharField(max_length=120, blank=True, db_comment=PUBLIC)           # だから、こんなことをお願いできます

    @property
    def called(self) -> str:
        return self.statement


class Hobby(Entry):
    """What somebody loves, for how long, and how deep (趣味). Its topic is the row that posts name too."""

    class Depth(models.TextChoices):
        DOING = "doing", _("hobby.depth.doing")             # 自分でする
        WATCHING = "watching", _("hobby.depth.watching")        # 見る、読む
        TEACHING = "teaching", _("hobby.depth.teaching")    # 人に教える
        MAKING = "making", _("hobby.depth.making")          # 作る、書く、集める

    topic = models.ForeignKey(Topic, models.PROTECT, related_name="hobbies", db_comment=PUBLIC)
    # what it named before a merge; empty: its topic itself
    topic_before = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="+", db_comment=PUBLIC)
    years = models.PositiveSmallIntegerField(db_comment=PUBLIC)
    depth = models.CharField(max_length=10, choices=Depth, db_comment=PUBLIC)
    note = models.CharField(max_length=NOTE_AT_MOST, blank=True, db_comment=PUBLIC)

    class Meta(Entry.Meta):
        constraints = [models.UniqueConstraint(fields=["user", "topic"], name="one_hobby_per_topic"),
                       models.CheckConstraint(condition=Q(years__lte=80), name="hobby_years")]

    @property
    def called(self) -> str:
        return self.topic.name


class Career(Entry):
    """Past work, told by the person themselves: always shown as 自己申告."""

    role = models.CharField(max_length=80, db_comment=PUBLIC)                           # ライター
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+", db_comment=PUBLIC)
    years = models.PositiveSmallIntegerField(db_comment=PUBLIC)
    note = models.CharField(max_length=200, blank=True, db_comment=PUBLIC)

    class Meta(Entry.Meta):
        constraints = [models.CheckConstraint(condition=Q(years__lte=80), name="career_years")]

    @property
    def called(self) -> str:
        return self.role
