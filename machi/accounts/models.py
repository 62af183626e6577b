"""Who somebody is: the person who signs in, the party that gives work, and what was agreed to at the gate."""
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from machi.accounts import roles
from machi.accounts.powers import EVERY_POWER, Power
from machi.shared.privacy import BUSINESS, PERSONAL, PUBLIC, SECRET, TECHNICAL

NOWHERE = "@left.invalid"           # where mail to somebody who left for good would go: nowhere (RFC 2606)


class UserManager(BaseUserManager):
    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


class User(AbstractBaseUser):
    """A person of the town. The same person may work and give work; nobody is one or the other."""

    email = models.EmailField(db_comment=PERSONAL)
    password = models.CharField(max_length=128, db_comment=SECRET)
    last_login = models.DateTimeField(null=True, db_comment=TECHNICAL)
    display_name = models.CharField(max_length=60, blank=True, db_comment=PUBLIC)       # 呼び名: need not be a legal name
    name_reading = models.CharField(max_length=60, blank=True, db_comment=PUBLIC)       # how the person reads it (ふりがな)
    language = models.CharField(max_length=16, blank=True, db_comment=PERSONAL)
    is_active = models.BooleanField(default=True, db_comment=TECHNICAL)
    joined_at = models.DateTimeField(db_comment=TECHNICAL)
    has_duties = models.BooleanField(default=False, db_comment=TECHNICAL)       # so that nobody else is asked about theirs on each page
    closed_at = models.DateTimeField(null=True, db_comment=TECHNICAL)           # left, and the record waits for their return
    kept_name = models.CharField(max_length=60, blank=True, db_comment=PERSONAL)    # what they were called; back with them
    kept_reading = models.CharField(max_length=60, blank=True, db_comment=PERSONAL)
    erased_at = models.DateTimeField(null=True, db_comment=TECHNICAL)           # left for good: this row is only a number now

    objects = UserManager()
    USERNAME_FIELD = EMAIL_FIELD = "email"

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_account_per_address"),
            models.CheckConstraint(name="who_left_has_no_name_here", condition=(
                Q(closed_at=None, erased_at=None) | Q(display_name="", name_reading=""))),
            models.CheckConstraint(name="a_name_is_kept_only_for_a_return", condition=(
                Q(kept_name="", kept_reading="") | Q(closed_at__isnull=False))),
            models.CheckConstraint(name="who_is_erased_never_signs_in", condition=Q(erased_at=None) | Q(
                is_active=False, closed_at=None, language="", email__endswith=NOWHERE))]
        indexes = [models.Index(fields=["display_name"], opclasses=["varchar_pattern_ops"], name="person_called")]    # as it begins

    @property
    def has_left(self) -> bool:
        """Did they leave the town (退会), to come back perhaps or for good?"""
        return self.closed_at is not None or self.erased_at is not None

    @property
    def name(self) -> str:
        """What to be called; until somebody has said it, a number. Never a part of the address: that is theirs to give."""
        return self.display_name or name_of(self.pk, "", self.has_left)     # a list reads no more than the name of whoever has one

    def __str__(self) -> str:
        return self.name


def name_of(pk: int, display_name: str, has_left: bool) -> str:
    """What to call somebody of whom only these columns were read."""
    return display_name or (_("person.left") if has_left else _("person.unnamed") % {"n": pk})


class Agreement(models.Model):
    """What a person agreed to, in which version, and when. Never changed; a new version is a new row."""

    class Paper(models.TextChoices):
        TERMS = "terms"                     # 利用規約
        PRIVACY = "privacy"                 # 個人情報の扱い
        RULES = "rules"                     # 街の決まり
        ADULT = "adult"                     # 「18歳以上です」; no birth date is asked

    user = models.ForeignKey(User, models.CASCADE, related_name="agreements", db_comment=PERSONAL)
    paper = models.CharField(max_length=8, choices=Paper, db_comment=TECHNICAL)
    version = models.CharField(max_length=20, db_comment=TECHNICAL)
    agreed_at = models.DateTimeField(db_comment=TECHNICAL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "paper", "version"], name="agreed_once")]


class DutyQuerySet(models.QuerySet):
    def current(self):
        return self.filter(ended_at=None, person__is_active=True)

    def held_by(self, user, kind: str):
        return self.current().filter(person=user.pk, kind=kind)


class Duty(models.Model):
    """A duty (役目) that was given to a person: by whom, when, and when it ended. Never deleted: the database refuses."""

    person = models.ForeignKey(User, models.PROTECT, related_name="duties", db_comment=BUSINESS)
    kind = models.CharField(max_length=12, choices=[(key, role.name) for key, role in roles.DUTIES.items()], db_comment=BUSINESS)
    given_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_comment=BUSINESS)    # nobody: at the machine itself
    given_at = models.DateTimeField(db_comment=TECHNICAL)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_comment=BUSINESS)
    ended_at = models.DateTimeField(null=True, db_comment=TECHNICAL)

    objects = DutyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], condition=Q(ended_at=None), name="one_duty_of_a_kind_at_a_time"),
            models.CheckConstraint(name="a_duty_is_ended_by_somebody", condition=Q(ended_at=None, ended_by=None) | Q(
                ended_at__isnull=False, ended_at__gte=F("given_at"), ended_by__isnull=False)),
            models.CheckConstraint(name="nobody_gives_a_duty_to_themselves", condition=Q(given_by=None) | ~Q(given_by=F("person"))),
            models.CheckConstraint(name="nobody_ends_a_duty_of_their_own", condition=Q(ended_by=None) | ~Q(ended_by=F("person")))]

    @property
    def role(self) -> type[roles.Duty]:
        return roles.DUTIES[self.kind]

    def __str__(self) -> str:
        return str(self.role.name)


def having(powers, prefix: str = "") -> Q:
    """The condition on a membership: any of these powers; without a power, whatever it gives."""
    wanted = Q()
    for power in powers:
        wanted |= Q(**{f"{prefix}is_{Power(power).value}": True})
    return wanted


class PartyQuerySet(models.QuerySet):
    def acting_for(self, user, *powers):
        """The parties for which this person may act; with powers: where they have any of them."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(having(powers, "memberships__"), memberships__user=user, memberships__left_at=None)

    def locked(self):
        """Its members change one after the other. Rows that point at it may still be written meanwhile."""
        return self.select_for_update(of=("self",), no_key=True).order_by("pk")


class Party(models.Model):
    """Whoever gives work and money: the owner of a post, a contract, an account of the ledger and a paper (発注者)."""

    class Kind(models.TextChoices):
        PERSON = "person"
        ORGANISATION = "organisation"

    class Trade(models.TextChoices):        # which rules of law apply (money.md 2.1)
        COMPANY = "company"                 # 法人
        SOLE = "sole"                       # 個人事業
        CONSUMER = "consumer"               # 消費者

    kind = models.CharField(max_length=12, choices=Kind, default=Kind.PERSON, db_comment=TECHNICAL)
    person = models.OneToOneField(User, models.PROTECT, null=True, related_name="party", db_comment=PERSONAL)
    name = models.CharField(max_length=80, blank=True, db_comment=PUBLIC)               # 氏名または名称
    address = models.CharField(max_length=200, blank=True, db_comment=BUSINESS)         # 住所
    contact = models.CharField(max_length=120, blank=True, db_comment=BUSINESS)         # 連絡先
    trade = models.CharField(max_length=10, choices=Trade, blank=True, db_comment=BUSINESS)
    has_employees = models.BooleanField(default=False, db_comment=BUSINESS)
    is_withholding_agent = models.BooleanField(default=False, db_comment=BUSINESS)      # 源泉徴収義務者

    objects = PartyQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(name="a_person_stands_behind_a_person_party",
                                              condition=Q(kind="person", person__isnull=False) | Q(kind="organisation", person=None))]
        indexes = [models.Index(fields=["name"], opclasses=["varchar_pattern_ops"], name="party_called")]

    @property
    def is_organisation(self) -> bool:
        return self.kind == self.Kind.ORGANISATION

    def people(self, *powers) -> list[User]:
        """Everybody who acts for this party with any of these powers, and should hear what concerns them."""
        if not self.is_organisation:
            return [self.person]
        members = self.memberships.here().filter(having(powers)).select_related("user").order_by("pk")
        return [membership.user for membership in members]

    def words(self, gap: str = "client") -> dict[str, str]:
        """Its name for the gap of a text: a person is called with さん, a company or an organisation is not."""
        return party_words(self.kind, self.trade, str(self), gap)

    @property
    def reference(self) -> str:
        return f"party:{self.pk}"

    def __str__(self) -> str:
        return self.name or str(self.person)


def party_words(kind: str, trade: str, name: str, gap: str = "client") -> dict[str, str]:
    """As Party.words, of a party of which only these columns were read."""
    is_somebody = kind == Party.Kind.PERSON and trade != Party.Trade.COMPANY
    return {f"{gap}_person" if is_somebody else gap: name}


def party_words_of(kind: str, trade: str, name: str, person: int | None, display_name: str | None, closed_at, erased_at) -> dict[str, str]:
    """The same, of a party whose person may have left: the name they give work under goes with their own."""
    has_left = bool(closed_at or erased_at)
    return party_words(kind, trade, name_of(person, "" if has_left else name or display_name, has_left))


class FormerAddress(models.Model):
    """What was somebody's first address until a short while ago. That money goes elsewhere from now on is told there, too: a stranger who
    got into a page puts an address of their own in its place first.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="former_addresses", db_comment=PERSONAL)
    email = models.EmailField(db_comment=PERSONAL)
    given_up_at = models.DateTimeField(db_comment=TECHNICAL)


class MembershipQuerySet(models.QuerySet):
    def here(self):
        """Whoever acts for a party now. Somebody who has left the town (退会) keeps their place in it, and does nothing meanwhile."""
        return self.filter(left_at=None, user__is_active=True, user__closed_at=None)

    def keeping(self):
        """The keepers (世話役) who are here: one at least for each organisation."""
        return self.here().filter(is_keeper=True)


class Membership(models.Model):
    """A person acts for a party: since when, until when, and with which powers. A person's own party has its one person."""

    party = models.ForeignKey(Party, models.CASCADE, related_name="memberships", db_comment=BUSINESS)
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships", db_comment=BUSINESS)
    is_member = models.BooleanField(default=False, db_comment=BUSINESS)
    is_approver = models.BooleanField(default=False, db_comment=BUSINESS)
    is_payer = models.BooleanField(default=False, db_comment=BUSINESS)
    is_keeper = models.BooleanField(default=False, db_comment=BUSINESS)
    joined_at = models.DateTimeField(db_comment=TECHNICAL)
    left_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    chosen_at = models.DateTimeField(null=True, db_comment=PERSONAL)    # when they last said that they act for this party

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["party", "user"], condition=Q(left_at=None), name="member_of_a_party_once"),
            models.CheckConstraint(name="a_member_has_a_power", condition=(
                Q(is_member=True) | Q(is_approver=True) | Q(is_payer=True) | Q(is_keeper=True))),
            models.CheckConstraint(name="a_keeper_has_every_power", condition=(
                Q(is_keeper=False) | Q(is_member=True, is_approver=True, is_payer=True))),
        ]
        indexes = [models.Index(fields=["user"], condition=Q(left_at=None), name="membership_of_user")]

    @property
    def powers(self) -> frozenset[str]:
        return frozenset(power for power in EVERY_POWER if getattr(self, f"is_{power}"))
