"""What stands on one sheet about a person (職務経歴書): their own page and the record the town counted, as others may read them.

Nothing that is the person's alone is on it, unless they choose so each time: legal name, mail address, wished pay.
"""
from dataclasses import asdict, dataclass, field

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from machi.contracts.queries import TrackRecord, track_record
from machi.portfolio.queries import TO_EVERYBODY, Card, cards_of
from machi.profiles.models import Hobby, Strength
from machi.profiles.queries import Own, Page, own_of, page_of
from machi.shared import clock
from machi.taxonomy.queries import category_names
from machi.web.frame import words
from machi.web.frame.typeset import pages_of, typeset

AT_MOST = (8, 5, 3, 2, 1)                   # entries of one kind; fewer when the sheet would not hold them
OPENING = 400                               # letters of the introduction; fewer then too


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a section: in bold, beside it, and below it."""

    title: str
    beside: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    entries: list[Entry]
    note: str = ""
    more: str = ""                          # how many stand only on the page of the town


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person wants on this copy."""

    has_legal_name: bool = False
    has_mail: bool = False
    has_pay: bool = False


@dataclass(slots=True)
class Sheet:
    """Everything in the order in which it is read."""

    title: str
    lang: str
    name: str
    reading: str
    headline: str
    contact: list[str]
    main: list[Section] = field(default_factory=list)
    side: list[Section] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Nothing but a name: neither a word, nor a piece of work, nor a finished contract."""
        return not (self.headline or self.main or self.side)


def sheet_of(person, wish: Wish, *, at_most: int = AT_MOST[0]) -> Sheet:
    """The sheet in the language that is spoken now."""
    written, own, record = page_of(person), own_of(person), track_record(person)
    name, reading = _name(person, own, wish)
    address = settings.SITE_URL + reverse("profiles:public", args=[person.pk])
    contact = [*([person.email] if wish.has_mail else []), address, _("cv.as_of") % {"day": words.day(clock.today())}]
    works = cards_of(person.pk, TO_EVERYBODY)
    main = [_about(written, min(OPENING, 100 * at_most)), _strengths(written, works, at_most), _works(works, at_most),
            _careers(written, at_most)]
    side = [_record(record), _hobbies(written, works, at_most), _skills(written, at_most), _certificates(written, at_most),
            _languages(written, at_most), _conditions(written), _pay(own, wish)]
    return Sheet(_("cv.of") % {"name": name}, (translation.get_language() or "ja")[:2], name, reading,
                 written.profile.headline if written.profile else "", contact,
                 [section for section in main if section], [section for section in side if section])


def pdf_of(person, wish: Wish) -> bytes:
    """The sheet as PDF, on one page: what does not fit stands on the page of the town, and the sheet says so."""
    for at_most in AT_MOST:
        pdf = typeset("cv", asdict(sheet_of(person, wish, at_most=at_most)))
        if pages_of(pdf) == 1:
            break
    return pdf


def _name(person, own: Own, wish: Wish) -> tuple[str, str]:
    if wish.has_legal_name and own.names and own.names.legal_name:
        return own.names.legal_name, own.names.legal_reading
    return person.name, person.name_reading


def _section(title: str, entries: list[Entry], at_most: int | None = None, note: str = "") -> Section | None:
    """A section with at most so many entries; nothing where there is none."""
    left = max(0, len(entries) - at_most) if at_most else 0
    return Section(title, entries[:at_most], note, _("cv.more") % {"n": left} if left else "") if entries else None


def _about(written: Page, most: int) -> Section | None:
    text = written.profile.about if written.profile else ""
    return _section(_("me.about.label"), [Entry("", lines=(opening(text, most),))] if text else [])


def opening(text: str, most: int = OPENING) -> str:
    """The first sentences of a text; a sentence is never cut, unless the very first is too long."""
    if len(text) <= most:
        return text
    ends = [at + 1 for at, letter in enumerate(text[:most]) if letter in "。.\n"]
    return text[:ends[-1]].rstrip() if ends else text[:most]


def opens(entry: Strength | Hobby, works: list[Card]) -> list[str]:
    """What shows a strength or a hobby (裏づけ), each with the address where it opens. A piece only where everybody may see it."""
    return [*([entry.evidence_link] if entry.evidence_link else []),
            *(f"{one.title} {address_of(one)}" for one in works if one.pk == entry.evidence_piece_id)]


def address_of(piece: Card) -> str:
    return settings.SITE_URL + reverse("portfolio:piece", args=[piece.pk])


def _strengths(written: Page, works: list[Card], at_most: int) -> Section | None:
    return _section(_("me.strengths"), [Entry(one.statement, lines=some(
        one.hand_me and _("me.hand_me.say") % {"what": one.hand_me}, one.evidence and _("me.evidence.say") % {"what": one.evidence},
        *opens(one, works))) for one in written.strengths], at_most)


def _works(works: list[Card], at_most: int) -> Section | None:
    """Pieces that everybody may see, with what part was theirs."""
    return _section(_("piece.works"), [Entry(one.title, str(one.year or ""), (one.part, one.link or address_of(one))) for one in works],
                    at_most, _("me.self_reported"))


def _careers(written: Page, at_most: int) -> Section | None:
    return _section(_("me.careers"), [Entry(one.role, in_years(one.years), (one.note,) if one.note else ()) for one in written.careers],
                    at_most, _("me.self_reported"))


def _record(record: TrackRecord) -> Section | None:
    """Only what the town itself has counted (F27). Without a finished contract the section is not there: zeros say nothing."""
    if not record.completed_count:
        return None
    names = category_names()
    kinds = tuple(_("cv.record.kind") % {"kind": names.get(code, ""), "n": count} for code, count in record.categories[:4])
    return _section(_("people.record.title"), [
        Entry(_("cv.record.finished") % {"n": record.completed_count},
              lines=(_("cv.record.on_time") % {"n": record.on_time_count, "of": record.completed_count}, *kinds))],
        note=_("people.record.how"))


def _hobbies(written: Page, works: list[Card], at_most: int) -> Section | None:
    return _section(_("people.hobbies"), [Entry(one.topic.name, in_years(one.years), some(
        str(one.get_depth_display()), one.note, *opens(one, works))) for one in written.hobbies], at_most)


def _skills(written: Page, at_most: int) -> Section | None:
    return _section(_("me.skills"), [Entry(one.skill.name, " ".join(some(str(one.get_level_display()), in_years(one.years))))
                                     for one in written.skills], at_most * 2)


def _certificates(written: Page, at_most: int) -> Section | None:
    return _section(_("me.certificates"), [Entry(one.name, " ".join(some(one.issuer, str(one.year or ""))))
                                           for one in written.certificates], at_most, _("me.self_reported"))


def _languages(written: Page, at_most: int) -> Section | None:
    return _section(_("me.languages"), [Entry(one.name, str(one.get_level_display())) for one in written.languages], at_most)


def _conditions(written: Page) -> Section | None:
    said, lines = written.conditions, []
    if said and said.is_said:
        lines = [_("cv.conditions.hours") % {"n": said.hours} if said.hours else "",
                 *(_("cv.list").join(part) for part in (said.get_bands_display(), said.get_blocks_display(), said.get_channels_display()))]
    lines.append(written.profile.conditions if written.profile else "")
    return _section(_("me.conditions.label"), [Entry("", lines=some(*lines))] if any(lines) else [])


def _pay(own: Own, wish: Wish) -> Section | None:
    if not wish.has_pay or not own.pay:
        return None
    return _section(_("me.pay"), [Entry("", lines=(_("me.pay.say") % {
        "amount": words.yen(own.pay.amount_yen), "per": own.pay.get_per_display(), "tax": own.pay.get_tax_display()},))])


def some(*texts: str) -> tuple[str, ...]:
    """Without what nobody wrote."""
    return tuple(text for text in texts if text)


def in_years(years: int | None) -> str:
    return _("me.career.years") % {"years": years} if years else ""
