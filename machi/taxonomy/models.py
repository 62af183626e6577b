"""Categories of work, skills, and topics. A topic is one row, in a hobby and in a post: that is how a hobby counts beside a career."""
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language

from machi.shared.privacy import PUBLIC, TECHNICAL


def _in_language(row) -> str:
    language = get_language() or "ja"
    return row.name_en if language.startswith("en") else row.name_simple if language == "ja-simple" and row.name_simple else row.name_ja


class Category(models.Model):
    """A kind of work (仕事の分類). Rows come from data/categories.json and are the operator's to change."""

    code = models.SlugField(max_length=30, primary_key=True, db_comment=TECHNICAL)
    position = models.PositiveSmallIntegerField(db_comment=TECHNICAL)
    name_ja = models.CharField(max_length=40, db_comment=PUBLIC)
    name_simple = models.CharField(max_length=60, db_comment=PUBLIC)
    name_en = models.CharField(max_length=60, db_comment=PUBLIC)
    reading = models.CharField(max_length=80, default="", blank=True, db_comment=PUBLIC)
    synonyms = ArrayField(models.CharField(max_length=40), default=list, blank=True, db_comment=PUBLIC)

    @property
    def name(self) -> str:
        return _in_language(self)

    def __str__(self) -> str:
        return self.name


class Findable(models.Model):
    """What is found while its name is typed: by kanji, kana, Latin letters, English, and other words for it."""

    reading = models.CharField(max_length=80, default="", blank=True, db_comment=PUBLIC)                       # さっかー, in kana
    name_en = models.CharField(max_length=60, default="", blank=True, db_comment=PUBLIC)
    synonyms = ArrayField(models.CharField(max_length=40), default=list, blank=True, db_comment=PUBLIC)        # フットボール
    marks = ArrayField(models.CharField(max_length=84), default=list, editable=False, db_comment=TECHNICAL)    # taxonomy.marks

    class Meta:
        abstract = True
        indexes = [GinIndex(fields=["marks"], name="%(class)s_marks", fastupdate=False)]


class Skill(Findable):
    """Something one can do (スキル): 校正, 表計算, 手話. Rows come from data/skills.csv and are the operator's to change."""

    code = models.SlugField(max_length=40, primary_key=True, db_comment=TECHNICAL)
    category = models.ForeignKey(Category, models.PROTECT, related_name="skills", db_comment=PUBLIC)
    position = models.PositiveSmallIntegerField(db_comment=TECHNICAL)
    name_ja = models.CharField(max_length=40, db_comment=PUBLIC)
    name_simple = models.CharField(max_length=60, default="", blank=True, db_comment=PUBLIC)       # empty: the Japanese is plain already

    class Meta(Findable.Meta):
        ordering = ["category__position", "position", "code"]

    @property
    def name(self) -> str:
        return _in_language(self)

    def __str__(self) -> str:
        return self.name


class TopicQuerySet(models.QuerySet):
    def standing(self):
        """Not merged into another."""
        return self.filter(merged_into=None).defer("marks")

    def for_everybody(self):
        """What the town brought, an editor has looked at, or a page or a post names that everybody may open. A word of a draft is not."""
        return self.filter(~Q(origin=Topic.Origin.PERSON) | Q(looked_at__isnull=False) | Q(people_count__gt=0) | Q(posts_count__gt=0))

    def to_look_at(self):
        """Brought by people, and no editor has looked yet."""
        return self.standing().filter(origin=Topic.Origin.PERSON, looked_at=None)


class Topic(Findable):
    """What a text, a picture or a hobby is about (題材): サッカー, 園芸, 年金. People bring them, in their own spelling.

    One that was merged (統合) stays as another way to the topic it was merged into, and shows that one's name.
    """

    class Origin(models.TextChoices):
        TOWN = "town"             # from data/topics.csv
        PERSON = "person"        # somebody typed it; who is not kept

    name = models.CharField(max_length=40, db_comment=PUBLIC)
    folded = models.CharField(max_length=80, db_comment=TECHNICAL)      # サッカー and ｻｯｶｰ are one topic
    own_name = models.CharField(max_length=40, default="", blank=True, db_comment=PUBLIC)      # of a merged one: what it was called
    origin = models.CharField(max_length=6, choices=Origin, default=Origin.PERSON, db_comment=TECHNICAL)
    brought_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    looked_at = models.DateTimeField(null=True, db_comment=TECHNICAL)           # an editor has seen or changed it
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged", db_comment=TECHNICAL)
    merged_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    people_count = models.PositiveIntegerField(default=0, editable=False, db_comment=TECHNICAL)     # on the pages of so many
    posts_count = models.PositiveIntegerField(default=0, editable=False, db_comment=TECHNICAL)      # as counted last, where all may read

    objects = TopicQuerySet.as_manager()

    class Meta(Findable.Meta):
        constraints = [
            models.UniqueConstraint(fields=["folded"], name="one_row_per_topic"),
            models.CheckConstraint(name="topic_merged_is_whole", condition=(
                Q(merged_into=None, merged_at=None, own_name="")
                | Q(merged_into__isnull=False, merged_at__isnull=False) & ~Q(own_name="") & ~Q(merged_into=F("id")))),
        ]
        indexes = [*Findable.Meta.indexes,
                   models.Index(fields=["-id"], condition=Q(looked_at=None, merged_into=None, origin="person"), name="topic_to_look_at")]

    @property
    def standing_pk(self) -> int:
        """The number of the topic it stands for: its own, or that of the one it was merged into."""
        return self.merged_into_id or self.pk

    @property
    def reference(self) -> str:
        return f"topic:{self.pk}"

    def __str__(self) -> str:
        return self.name
