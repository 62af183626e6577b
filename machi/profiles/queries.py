"""Questions about people's pages."""
import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Model, OuterRef, Q
from django.db.models.functions import JSONObject

from machi.accounts.models import User
from machi.activity.models import Fact
from machi.profiles import facts
from machi.profiles.completeness import STEPS, Completeness, completeness
from machi.profiles.models import (
    Availability,
    Career,
    Certificate,
    Hobby,
    KnownSkill,
    Language,
    Names,
    Pay,
    PrivateConditions,
    Profile,
    Strength,
    Unsaved,
    WorkingConditions,
)
from machi.shared.question import Lines, Question, any_of, as_read
from machi.shared.seals import values_of

__all__ = ["STEPS", "Completeness", "Page", "completeness", "page_of", "pages_of"]


@dataclass(slots=True)
class Page:
    """Everything a person wrote about themselves, as everybody may read it. What is theirs alone is not here: see `Own`."""

    user: object
    profile: Profile | None
    conditions: WorkingConditions | None = None
    availability: Availability | None = None
    pay: Pay | None = None                      # only where the person shows it
    strengths: list[Strength] = field(default_factory=list)
    hobbies: list[Hobby] = field(default_factory=list)
    careers: list[Career] = field(default_factory=list)
    certificates: list[Certificate] = field(default_factory=list)
    languages: list[Language] = field(default_factory=list)
    skills: list[KnownSkill] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Nothing that anybody may read. A row without a word counts for nothing: it may be there for what is the person's alone."""
        words = self.profile and (self.profile.headline or self.profile.about or self.profile.conditions)
        said = self.conditions and self.conditions.is_said
        return not (words or said or any(getattr(self, name) for name in PARTS if name not in ("profile", "conditions")))

    @property
    def career_years(self) -> int:
        return sum(career.years for career in self.careers)

    @property
    def is_career_only(self) -> bool:
        """Somebody who lists where they were, and not yet what one can hand them (F21)."""
        return bool(self.careers) and not self.strengths


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of lines of a page: the columns that a page shows, and the row of another room which a line names."""

    model: type[Model]
    columns: tuple[str, ...]
    named: str = ""                             # the foreign key that is read along, with
    named_columns: tuple[str, ...] = ()         # these columns of the row it points to
    is_one: bool = False                        # a page has at most one
    where: tuple = ()                           # only those lines: ("is_public", True)
    days: tuple[str, ...] = ()                  # JSON has no days: these columns are read from texts

    def asked(self) -> Lines:
        """All lines of this kind, of the person of the outer question."""
        names = ("id", "user_id", *self.columns, *(f"{self.named}__{column}" for column in self.named_columns))
        return Lines(self.model.objects.filter(*(Q(pair) for pair in self.where), user=OuterRef("pk"))
                     .order_by(*self.model._meta.ordering or ["pk"]).values_list(JSONObject(**{name: name for name in names})))

    def read(self, lines: list[dict]):
        """The lines as the models they were: a list, or one or nothing."""
        own, there = ("id", "user_id", *self.columns), [(f"{self.named}__{column}", column) for column in self.named_columns]
        read = [self._read(line, own, there) for line in lines]
        return read if not self.is_one else read[0] if read else None

    def _read(self, line: dict, own: tuple[str, ...], there: list[tuple[str, str]]) -> Model:
        for name in self.days:
            line[name] = line[name] and datetime.date.fromisoformat(line[name])
        if not self.named:
            return as_read(self.model, line.items())
        entry, field = as_read(self.model, [(name, line[name]) for name in own]), self.model._meta.get_field(self.named)
        there = [(name, line[key]) for key, name in there] if line[field.attname] else None
        field.set_cached_value(entry, there and as_read(field.related_model, there))
        return entry


#: A new kind of lines is an attribute of Page and one line here.
PARTS = {
    "profile": Part(Profile, ("headline", "about", "conditions"), is_one=True),
    "conditions": Part(WorkingConditions, ("hours", "bands", "blocks", "channels"), is_one=True),
    "availability": Part(Availability, ("standing", "from_on", "is_scoutable"), is_one=True, days=("from_on",)),
    "pay": Part(Pay, ("amount_yen", "per", "tax", "is_public"), is_one=True, where=(("is_public", True),)),
    "strengths": Part(Strength, ("statement", "evidence", "hand_me", "evidence_link", "evidence_piece_id")),
    "hobbies": Part(Hobby, ("topic_id", "years", "depth", "note", "evidence_link", "evidence_piece_id"), "topic",
                    ("id", "name", "folded", "merged_into_id")),
    "careers": Part(Career, ("role", "category_id", "years", "note"), "category", ("code", "name_ja", "name_simple", "name_en")),
    "certificates": Part(Certificate, ("name", "issuer", "year")),
    "languages": Part(Language, ("name", "level")),
    "skills": Part(KnownSkill, ("skill_id", "level", "years"), "skill", ("code", "name_ja", "name_simple", "name_en")),
}
_pages = Question(lambda users: User.objects.filter(any_of("pk", users)).order_by("pk").values_list(
    "pk", *(part.asked() for part in PARTS.values())))


def pages_of(users) -> dict[int, Page]:
    """The pages of several people, by their number: one question however many people."""
    pages = {user.pk: Page(user, None) for user in users}
    for number, *kinds in _pages(list(pages)):
        for (name, part), lines in zip(PARTS.items(), kinds, strict=True):
            setattr(pages[number], name, part.read(lines))
    return pages


def page_of(user) -> Page:
    """One person's page."""
    return pages_of([user])[user.pk]


_somebody = Question(lambda pk: User.objects.filter(pk=pk, is_active=True, closed_at=None).order_by("pk").annotate(
    **{f"page_{name}": part.asked() for name, part in PARTS.items()}))


def page_of_somebody(pk: int) -> Page | None:
    """The page of whoever lives here under this number: one question. None where nobody does, any more or yet."""
    for user in _somebody(pk):
        return Page(user, **{name: part.read(getattr(user, f"page_{name}")) for name, part in PARTS.items()})
    return None


def about_somebody(pk: int) -> list:
    """What `page_of_somebody` asks, for `asked_together`."""
    return [_somebody.about(pk)]


def about_own(pk: int) -> list:
    """What `page_of` and `own_of` ask for somebody's own page."""
    return [_pages.about([pk]), _own.about(pk)]


@dataclass(frozen=True, slots=True)
class Own:
    """What only the person sees: asked for by their own pages and by nothing else."""

    names: Names | None
    private: PrivateConditions | None
    pay: Pay | None                             # also where it is shown to nobody
    unsaved: list[Unsaved]

    def typed(self, place: str) -> dict | None:
        """What was being typed into this field when the person went away."""
        return next((unsaved.values for unsaved in self.unsaved if unsaved.place == place), None)


_OWN = (Part(Names, ("legal_name", "legal_reading", "call_name", "call_reading", "shown"), is_one=True),
        Part(PrivateConditions, ("may_leave_suddenly", "slack_days"), is_one=True),
        Part(Pay, ("amount_yen", "per", "tax", "is_public"), is_one=True),
        Part(Unsaved, ("place", "values")))
_own = Question(lambda user: User.objects.filter(pk=user).order_by("pk").values_list(*(part.asked() for part in _OWN)))


def own_of(user) -> Own:
    """A person's own eyes."""
    (kinds,) = _own(user.pk)
    return Own(*(part.read(lines) for part, lines in zip(_OWN, kinds, strict=True)))


def line_of(person, model: type[Model], number: int) -> Model | None:
    """This line of the person's page, or the one it became part of when topics were merged. None where there is neither."""
    line = model.objects.filter(pk=number, user=person).first()
    if line is None and model is Hobby:
        joined = Fact.objects.filter(about=f"user:{person.pk}", name=facts.HOBBIES_JOINED, data__entry=number).first()
        return line_of(person, model, joined.data["into"]) if joined else None
    return line


def values_as_chosen(entry: Model, names: Iterable[str]) -> dict:
    """What a window has read of a line. Of a topic the one that was chosen: that it was merged since is no other window."""
    values = values_of(entry, names)
    return values | {"topic": entry.topic_before_id or entry.topic_id} if "topic" in values else values


def was_removed(person, model: type[Model], number: int) -> bool:
    """Did this person take this very line off their page, in whichever window?"""
    return Fact.objects.filter(about=f"user:{person.pk}", name=facts.ENTRY_REMOVED, data__kind=model.__name__.lower(),
                               data__entry=number).exists()


NAMES = ("legal_name", "legal_reading", "call_name", "call_reading", "shown")


def names_as_saved(user, names: Names | None) -> dict:
    """Both names. Somebody who has said nothing but what to be called has a call-name."""
    if names is None:
        return {"legal_name": "", "legal_reading": "", "call_name": user.display_name, "call_reading": user.name_reading,
                "shown": Names.Shown.CALL}
    saved = {name: getattr(names, name) for name in NAMES}
    if names.shown == Names.Shown.CALL:             # at the gate a person may have changed it since
        saved |= {"call_name": user.display_name, "call_reading": user.name_reading}
    return saved


def own_names(user) -> dict:
    """Both names, for that very person's eyes."""
    return names_as_saved(user, Names.objects.filter(user=user).first())


def said_at_once(written: Page, own: Own) -> dict:
    """What the one form for a whole page shows (F08), by the names of its fields. A pay for a piece is no pay for an hour: the form asks
    for that one alone.
    """
    said = names_as_saved(written.user, own.names) | {
        "headline": written.profile.headline if written.profile else "",
        "hours": written.conditions.hours if written.conditions else None,
        "amount_yen": own.pay.amount_yen if own.pay and own.pay.per == Pay.Per.HOUR else None}
    if own.pay:
        said |= {"tax": own.pay.tax, "is_public": own.pay.is_public}
    if written.availability:
        said |= {"is_scoutable": written.availability.is_scoutable}
    return said
