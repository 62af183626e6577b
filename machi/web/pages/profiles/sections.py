"""A page is made of sections, one file each.

templates/profiles/me/        a section as its person writes it; me.html includes them in their order
templates/profiles/public/    a section as others read it; public.html includes them in their order
lines.py                      the forms and actions behind a line (LINES) or an entry (KINDS)

What a section shows besides what is written on the page comes from a function in one of the two lists below. Each is given the
person and what they wrote, asks the same number of questions however much there is, and answers with names for the template.
"""
from collections.abc import Callable, Iterable

from machi.accounts.models import User
from machi.insights.actions import SETTLED_AFTER
from machi.insights.queries import PEOPLE_AT_LEAST, about_chances, chances
from machi.portfolio.actions import BROUGHT_BACK_WITHIN, PIECES_AT_MOST
from machi.portfolio.queries import TO_ME, about_cards, cards_of, removed_lately
from machi.profiles.queries import Page, completeness
from machi.proposals.contest_queries import about_wins, wins_of
from machi.reviews.badges import about_person, badges_of_person
from machi.reviews.models import Review
from machi.reviews.queries import (
    ON_A_PAGE,
    THANKS_ON_A_PAGE,
    Heard,
    about_worker,
    newest_reviews_of_worker,
    newest_thanks_to,
    record_of,
)
from machi.shared import clock
from machi.tasks.record import about_small_work, small_work_of
from machi.taxonomy.queries import category_names
from machi.web.pages.contracts.standing import words_called
from machi.web.pages.guide import badges
from machi.web.pages.profiles.words import next_step, other_steps


def _progress(person: User, written: Page) -> dict:
    return {"done": completeness(written), "step": next_step(written), "other_steps": other_steps(written)}


def _own_works(person: User, written: Page) -> dict:
    return {"works": cards_of(person.pk, TO_ME), "works_at_most": PIECES_AT_MOST, "kinds_of_work": category_names(),
            "removed_piece": removed_lately(person.pk, clock.now() - BROUGHT_BACK_WITHIN)}


def _chances(person: User, written: Page) -> dict:
    return {"chances": chances(), "least": PEOPLE_AT_LEAST, "days": SETTLED_AFTER.days}


def _record(person: User, written: Page) -> dict:
    record, names = record_of(person), category_names()
    earned = badges_of_person(person)
    return {"record": record, "categories": [(names.get(code, ""), count) for code, count in record.categories],
            "small_work": [(names.get(one.category, ""), one.bundles, one.minutes) for one in small_work_of(person.pk)],
            "badges": badges.told(earned.as_worker), "client_badges": badges.told(earned.as_client)}


def _own(person: User, written: Page) -> dict:
    return {"is_own": True}


def _thanks(person: User, written: Page) -> dict:
    found = newest_thanks_to(person)
    return {"thanks": thanks_in_words(found[:THANKS_ON_A_PAGE]), "has_more_thanks": len(found) > THANKS_ON_A_PAGE}


def thanks_in_words(found: Iterable[Heard]) -> list[tuple[str, str, str]]:
    """As ui.thanks draws them: the text, who, and after which work."""
    return [(heard.text, words_called(heard.client), heard.work) for heard in found]


def _reviews(person: User, written: Page) -> dict:
    found = newest_reviews_of_worker(person)
    return {"reviews": reviews_in_words(found[:ON_A_PAGE]), "has_more_reviews": len(found) > ON_A_PAGE}


def reviews_in_words(found: Iterable[Heard]) -> list[tuple[str, str, str, str]]:
    """As ui.review draws them: would they work together again, the text, who, and after which work."""
    said = {again.value: str(again.label) for again in Review.Again}
    return [(said[heard.again], heard.text, words_called(heard.client), heard.work) for heard in found]


def _wins(person: User, written: Page) -> dict:
    return {"wins": [(win.contest, win.job, win.prize, win.day, words_called(win.client), win.is_there) for win in wins_of(person.pk)]}


FOR_ME: tuple[Callable[[User, Page], dict], ...] = (_progress, _chances, _own, _own_works, _record, _wins, _thanks)
FOR_OTHERS: tuple[Callable[[User, Page], dict], ...] = (_record, _wins, _thanks, _reviews)


def about_my_page(pk: int) -> list:
    """What FOR_ME asks of somebody, for `asked_together`."""
    return [*about_chances(), *about_cards(pk, TO_ME), *about_worker(pk, with_reviews=False), *about_small_work(pk), *about_person(pk),
            *about_wins(pk)]


def about_others_page(pk: int) -> list:
    """What FOR_OTHERS asks."""
    return [*about_worker(pk), *about_small_work(pk), *about_person(pk), *about_wins(pk)]


def shown(ways: tuple[Callable[[User, Page], dict], ...], person: User, written: Page) -> dict:
    """Everything the sections need."""
    return {name: value for way in ways for name, value in way(person, written).items()}
