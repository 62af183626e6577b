"""Questions about people's pages."""
from dataclasses import dataclass, field

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Model, OuterRef
from django.db.models.functions import JSONObject

from machi.accounts.models import User
from machi.profiles.completeness import STEPS, Completeness, completeness
from machi.profiles.models import Career, Hobby, Profile, Strength
from machi.shared.question import Question, any_of, as_read
from machi.taxonomy.models import Category

__all__ = ["STEPS", "Completeness", "Page", "completeness", "page_of", "pages_of"]


@dataclass(slots=True)
class Page:
    """Everything a person wrote about themselves."""

    user: object
    profile: Profile | None
    strengths: list[Strength] = field(default_factory=list)
    hobbies: list[Hobby] = field(default_factory=list)
    careers: list[Career] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not any(getattr(self, name) for name in PARTS)

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

    def asked(self) -> ArraySubquery:
        """All lines of this kind, of the person of the outer question; a moment is not among them, JSON has none."""
        names = ("id", "user_id", *self.columns, *(f"{self.named}__{column}" for column in self.named_columns))
        return ArraySubquery(self.model.objects.filter(user=OuterRef("pk")).order_by(*self.model._meta.ordering or ["pk"])
                             .values_list(JSONObject(**{name: name for name in names})))

    def read(self, line: dict) -> Model:
        """A line as the model it was; what it names may be nothing."""
        if not self.named:
            return as_read(self.model, line.items())
        own = {name: value for name, value in line.items() if not name.startswith(f"{self.named}__")}
        entry, field = as_read(self.model, own.items()), self.model._meta.get_field(self.named)
        there = own[field.attname] and as_read(field.related_model, [(name, line[f"{self.named}__{name}"]) for name in self.named_columns])
        setattr(entry, self.named, there)
        return entry


#: A new kind of lines is an attribute of Page and one line here. `profile` is the one line that exists at most once.
PARTS = {
    "profile": Part(Profile, ("headline", "about", "conditions")),
    "strengths": Part(Strength, ("statement", "evidence", "hand_me")),
    "hobbies": Part(Hobby, ("topic_id", "years", "depth", "note"), "topic", ("id", "name", "folded", "merged_into_id")),
    "careers": Part(Career, ("role", "category_id", "years", "note"), "category",
                    tuple(field.attname for field in Category._meta.concrete_fields)),
}
_pages = Question(lambda users: User.objects.filter(any_of("pk", users)).order_by("pk").values_list(
    "pk", *(part.asked() for part in PARTS.values())))


def pages_of(users) -> dict[int, Page]:
    """The pages of several people, by their number: one question however many people."""
    pages = {user.pk: Page(user, None) for user in users}
    for number, *kinds in _pages(list(pages)):
        for (name, part), lines in zip(PARTS.items(), kinds, strict=True):
            read = [part.read(line) for line in lines]
            setattr(pages[number], name, read if name != "profile" else read[0] if read else None)
    return pages


def page_of(user) -> Page:
    """One person's page."""
    return pages_of([user])[user.pk]
