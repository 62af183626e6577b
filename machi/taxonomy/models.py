"""Categories of work, and topics. A topic is one row, in a hobby and in a post: that is how a hobby counts beside a career."""
from django.db import models
from django.utils.translation import get_language

from machi.shared.privacy import PUBLIC, TECHNICAL


class Category(models.Model):
    """A kind of work (仕事の分類). Rows come from data/categories.json and are the operator's to change."""

    code = models.SlugField(max_length=30, primary_key=True, db_comment=TECHNICAL)
    position = models.PositiveSmallIntegerField(db_comment=TECHNICAL)
    name_ja = models.CharField(max_length=40, db_comment=PUBLIC)
    name_simple = models.CharField(max_length=60, db_comment=PUBLIC)
    name_en = models.CharField(max_length=60, db_comment=PUBLIC)
    is_withheld = models.BooleanField(db_comment=PUBLIC)        # 源泉徴収の対象 (所得税法204条1項1号)

    @property
    def name(self) -> str:
        language = get_language() or "ja"
        return self.name_en if language.startswith("en") else self.name_simple if language == "ja-simple" else self.name_ja

    def __str__(self) -> str:
        return self.name


class Topic(models.Model):
    """What a text, a picture or a hobby is about (題材): サッカー, 園芸, 年金. People bring them, in their own spelling."""

    name = models.CharField(max_length=40, db_comment=PUBLIC)
    folded = models.CharField(max_length=80, db_comment=TECHNICAL)      # サッカー and ｻｯｶｰ are one topic

    class Meta:
        constraints = [models.UniqueConstraint(fields=["folded"], name="one_row_per_topic")]

    def __str__(self) -> str:
        return self.name
