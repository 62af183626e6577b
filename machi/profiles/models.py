"""My page (マイページ): strengths and hobbies stand beside the career, each as a thing of its own."""
import datetime
from operator import attrgetter

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from machi.portfolio.models import Piece
from machi.shared.labels import Labelled
from machi.shared.privacy import PERSONAL, PRIVATE, PUBLIC, TECHNICAL
from machi.taxonomy.models import Category, Skill, Topic

NOTE_AT_MOST = 500                  # of a hobby: two of them become one when topics are merged


class Profile(models.Model):
    """The words a person says about themselves. Exists from the moment they write the first line."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="profile", db_comment=PERSONAL)
    headline = models.CharField(max_length=60, blank=True, db_comment=PUBLIC)           # 一言で
    about = models.TextField(max_length=2000, blank=True, db_comment=PUBLIC)            # 自己紹介
    conditions = models.CharField(max_length=200, blank=True, db_comment=PUBLIC)        # 条件の補足, one line: never a reason
    changed_at = models.DateTimeField(db_comment=TECHNICAL)


class Names(models.Model):
    """What papers call a person (氏名), beside what they want to be called. Others see one of the two: accounts.User.display_name."""

    class Shown(models.TextChoices):
        CALL = "call", _("names.shown.call")                # 呼び名
        LEGAL = "legal", _("names.shown.legal")             # 氏名

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="names", db_comment=PERSONAL)
    legal_name = models.CharField(max_length=60, blank=True, db_comment=PRIVATE)        # 髙﨑 德𠮷, as it is written
    legal_reading = models.CharField(max_length=60, blank=True, db_comment=PRIVATE)
    call_name = models.CharField(max_length=40, db_comment=PRIVATE)                     # kept while the other one is shown
    call_reading = models.CharField(max_length=60, blank=True, db_comment=PRIVATE)
    shown = models.CharField(max_length=5, choices=Shown, default=Shown.CALL, db_comment=PRIVATE)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(shown="call") | ~Q(legal_name=""), name="names_shown_is_there")]


class WorkingConditions(Labelled, models.Model):
    """How somebody works (働き方の条件), as everybody may read it. Never a reason: there is no field for one."""

    class Band(models.TextChoices):
        MORNING = "weekday_morning", _("conditions.band.morning")       # 平日の朝
        DAY = "weekday_day", _("conditions.band.day")                   # 平日の昼
        EVENING = "weekday_evening", _("conditions.band.evening")       # 平日の夕方
        NIGHT = "weekday_night", _("conditions.band.night")             # 平日の夜
        WEEKEND = "weekend", _("conditions.band.weekend")               # 土日

    class Block(models.IntegerChoices):
        """How long somebody can work at a stretch (F67)."""

        SHORT = 15, _("conditions.block.15")
        HALF = 30, _("conditions.block.30")
        HOUR = 60, _("conditions.block.60")

    class Channel(models.TextChoices):
        """How they want to be in touch (F73)."""

        TEXT = "text_only", _("conditions.channel.text_only")           # 文字だけ
        NO_CAMERA = "no_camera", _("conditions.channel.no_camera")
        NO_CALLS = "no_calls", _("conditions.channel.no_calls")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="working_conditions", db_comment=PERSONAL)
    hours = models.PositiveSmallIntegerField(null=True, db_comment=PUBLIC)              # per week
    bands = ArrayField(models.CharField(max_length=16, choices=Band), default=list, db_comment=PUBLIC)
    blocks = ArrayField(models.PositiveSmallIntegerField(choices=Block), default=list, db_comment=PUBLIC)
    channels = ArrayField(models.CharField(max_length=10, choices=Channel), default=list, db_comment=PUBLIC)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(hours__isnull=True) | Q(hours__range=(1, 80)), name="conditions_hours"),
            models.CheckConstraint(condition=Q(bands__contained_by=["weekday_morning", "weekday_day", "weekday_evening", "weekday_night",
                                                                    "weekend"]), name="conditions_bands"),
            models.CheckConstraint(condition=Q(blocks__contained_by=[15, 30, 60]), name="conditions_blocks"),
            models.CheckConstraint(condition=Q(channels__contained_by=["text_only", "no_camera", "no_calls"]), name="conditions_channels")]

    @property
    def is_said(self) -> bool:
        return bool(self.hours or self.bands or self.blocks or self.channels)

    def get_bands_display(self) -> list[str]:
        return [str(self.Band(band).label) for band in self.bands]

    def get_blocks_display(self) -> list[str]:
        return [str(self.Block(block).label) for block in self.blocks]

    def get_channels_display(self) -> list[str]:
        return [str(self.Channel(channel).label) for channel in self.channels]


class PrivateConditions(models.Model):
    """What only the person sees: that they may have to leave suddenly, and how many days of slack they want (F66).

    A table of its own, so that no page of others, no list and no order can read it by mistake. Only the order of the posts on the
    person's own home asks for the slack (journey.queries).
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="private_conditions", db_comment=PERSONAL)
    may_leave_suddenly = models.BooleanField(default=False, db_comment=PRIVATE)
    slack_days = models.PositiveSmallIntegerField(null=True, db_comment=PRIVATE)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(slack_days__isnull=True) | Q(slack_days__range=(1, 60)), name="conditions_slack")]


class Pay(Labelled, models.Model):
    """What somebody would like to receive (希望の報酬). Others read it only where the person says so."""

    class Per(models.TextChoices):
        HOUR = "hour", _("pay.per.hour")
        PIECE = "piece", _("pay.per.piece")

    class Tax(models.TextChoices):
        INCLUDED = "included", _("pay.tax.included")        # 税込
        EXCLUDED = "excluded", _("pay.tax.excluded")        # 税別

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="pay", db_comment=PERSONAL)
    amount_yen = models.PositiveIntegerField(db_comment=PRIVATE)
    per = models.CharField(max_length=5, choices=Per, db_comment=PRIVATE)
    tax = models.CharField(max_length=8, choices=Tax, db_comment=PRIVATE)
    is_public = models.BooleanField(db_comment=PRIVATE)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount_yen__range=(1, 100_000_000)), name="pay_amount")]


class Availability(Labelled, models.Model):
    """Whether somebody can take work now, and whether a client may write first (お声がけ)."""

    class Standing(models.TextChoices):
        OPEN = "open", _("availability.open")
        LATER = "later", _("availability.later")            # from a day on
        RESTING = "resting", _("availability.resting")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="availability", db_comment=PERSONAL)
    standing = models.CharField(max_length=7, choices=Standing, db_comment=PUBLIC)
    from_on = models.DateField(null=True, db_comment=PUBLIC)
    is_scoutable = models.BooleanField(db_comment=PUBLIC)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(standing="later", from_on__isnull=False)
                                              | ~Q(standing="later") & Q(from_on=None), name="availability_from")]

    @property
    def is_resting(self) -> bool:
        return self.standing == self.Standing.RESTING

    def waits_on(self, day: datetime.date) -> bool:
        """Is the day from which they take work still to come? Once it is there, they simply do."""
        return self.from_on is not None and self.from_on > day


class Unsaved(models.Model):
    """What somebody is typing into a long field of their page, before they save it. Nobody else reads it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_comment=PERSONAL)
    place = models.CharField(max_length=30, db_comment=TECHNICAL)
    values = models.JSONField(db_comment=PRIVATE)
    saved_at = models.DateTimeField(db_comment=TECHNICAL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "place"], name="one_unsaved_text_per_place")]


class Entry(Labelled, models.Model):
    """One line of a page: whose it is, and where it stands."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="%(class)ss", db_comment=PERSONAL)
    added_at = models.DateTimeField(db_comment=TECHNICAL)
    position = models.PositiveSmallIntegerField(default=0, db_comment=TECHNICAL)        # the person's own order, from above

    class Meta:
        abstract = True
        ordering = ["position", "pk"]

    told_by: str                        # where the words stand by which a person knows this line among the others

    @property
    def called(self) -> str:
        return attrgetter(self.told_by)(self)

    @classmethod
    def said_by(cls) -> list[str]:
        """The fields in which a line says something, beside whose it is and where it stands."""
        return [field.name for field in cls._meta.concrete_fields if field.name not in ("id", "user", "added_at", "position")]


class Strength(Entry):
    """What somebody is good at, what shows it, and what one can therefore hand them (強み)."""

    statement = models.CharField(max_length=80, db_comment=PUBLIC)                      # 強み
    evidence = models.CharField(max_length=200, blank=True, db_comment=PUBLIC)          # 裏づけ: a sentence,
    evidence_link = models.CharField(max_length=500, blank=True, db_comment=PUBLIC)     # a page elsewhere,
    evidence_piece = models.ForeignKey(Piece, models.SET_NULL, null=True, blank=True, related_name="+", db_comment=PUBLIC)    # 作品
    hand_me = models.CharField(max_length=120, blank=True, db_comment=PUBLIC)           # だから、こんなことをお願いできます

    class Meta(Entry.Meta):
        constraints = [models.CheckConstraint(condition=Q(evidence_link="") | Q(evidence_link__startswith="https://"),
                                              name="evidence_link_is_https")]

    told_by = "statement"

    @property
    def has_evidence(self) -> bool:
        return bool(self.evidence or self.evidence_link or self.evidence_piece_id)


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
    evidence_link = models.CharField(max_length=500, blank=True, db_comment=PUBLIC)     # 裏づけ: a page elsewhere,
    evidence_piece = models.ForeignKey(Piece, models.SET_NULL, null=True, blank=True, related_name="+", db_comment=PUBLIC)    # 作品

    class Meta(Entry.Meta):
        constraints = [models.UniqueConstraint(fields=["user", "topic"], name="one_hobby_per_topic"),
                       models.CheckConstraint(condition=Q(years__lte=80), name="hobby_years"),
                       models.CheckConstraint(condition=Q(evidence_link="") | Q(evidence_link__startswith="https://"),
                                              name="hobby_link_is_https")]

    told_by = "topic.name"


class Career(Entry):
    """Past work, told by the person themselves: always shown as 自己申告."""

    role = models.CharField(max_length=80, db_comment=PUBLIC)                           # ライター
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+", db_comment=PUBLIC)
    years = models.PositiveSmallIntegerField(db_comment=PUBLIC)
    note = models.CharField(max_length=200, blank=True, db_comment=PUBLIC)

    class Meta(Entry.Meta):
        constraints = [models.CheckConstraint(condition=Q(years__lte=80), name="career_years")]

    told_by = "role"


class KnownSkill(Entry):
    """Something somebody can do (スキル), how far and for how long. Its skill is the row that posts and searches name too."""

    class Level(models.TextChoices):
        LEARNING = "learning", _("skill.level.learning")    # 学んでいる
        WITH_HELP = "with_help", _("skill.level.with_help")     # 聞きながらできる
        ALONE = "alone", _("skill.level.alone")             # 一人でできる
        TEACHING = "teaching", _("skill.level.teaching")    # 人に教えられる

    skill = models.ForeignKey(Skill, models.PROTECT, related_name="+", db_comment=PUBLIC)
    level = models.CharField(max_length=9, choices=Level, db_comment=PUBLIC)
    years = models.PositiveSmallIntegerField(null=True, blank=True, db_comment=PUBLIC)

    class Meta(Entry.Meta):
        constraints = [models.UniqueConstraint(fields=["user", "skill"], name="one_line_per_skill"),
                       models.CheckConstraint(condition=Q(years__isnull=True) | Q(years__lte=80), name="skill_years")]

    told_by = "skill.name"


class Certificate(Entry):
    """A qualification (資格), told by the person themselves: always shown as 自己申告."""

    name = models.CharField(max_length=80, db_comment=PUBLIC)
    issuer = models.CharField(max_length=80, blank=True, db_comment=PUBLIC)             # who gave it
    year = models.PositiveSmallIntegerField(null=True, blank=True, db_comment=PUBLIC)

    class Meta(Entry.Meta):
        constraints = [models.CheckConstraint(condition=Q(year__isnull=True) | Q(year__range=(1900, 2200)), name="certificate_year")]

    told_by = "name"


class Language(Entry):
    """A language that somebody works in."""

    class Level(models.TextChoices):
        FIRST = "first", _("language.level.first")          # いちばん使うことば
        WORK = "work", _("language.level.work")             # 仕事で使える
        DAILY = "daily", _("language.level.daily")          # ふだんの会話
        READING = "reading", _("language.level.reading")    # 読むことはできる

    name = models.CharField(max_length=40, db_comment=PUBLIC)
    level = models.CharField(max_length=7, choices=Level, db_comment=PUBLIC)

    class Meta(Entry.Meta):
        constraints = [models.UniqueConstraint("user", Lower("name"), name="one_line_per_language")]

    told_by = "name"
