"""A page is made of sections, one file each.

templates/profiles/me/        a section as its person writes it; me.html includes them in their order
templates/profiles/public/    a section as others read it; public.html includes them in their order
lines.py                      the forms and actions behind a line (LINES) or an entry (KINDS)

What a section shows besides what is written on the page comes from a function in one of the two lists below. Each is given the
person and what they wrote, asks the same number of questions however much there is, and answers with names for the template.
"""
from collections.abc import Callable

from machi.accounts.models import User
from machi.contracts.queries import track_record
from machi.insights.actions import SETTLED_AFTER
from machi.insights.queries import PEOPLE_AT_LEAST, chances
from machi.profiles.queries import Page, completeness
from machi.reviews.queries import newest_reviews_of_worker, newest_thanks_to
from machi.taxonomy.queries import category_names
from machi.web.pages.contracts.standing import client_called
from machi.web.pages.profiles.words import next_step


def _progress(person: User, written: Page) -> dict:
    return {"done": completeness(written), "step": next_step(written)}


def _chances(person: User, written: Page) -> dict:
    return {"chances": chances(), "least": PEOPLE_AT_LEAST, "days": SETTLED_AFTER.days}


def _record(person: User, written: Page) -> dict:
    record, names = track_record(person), category_names()
    return {"record": record, "categories": [(names.get(code, ""), count) for code, count in record.categories]}


def _thanks(person: User, written: Page) -> dict:
    return {"thanks": [(thanks, client_called(thanks.contract.client)) for thanks in newest_thanks_to(person)]}


def _reviews(person: User, written: Page) -> dict:
    return {"reviews": [(review, client_called(review.client)) for review in newest_reviews_of_worker(person)]}


FOR_ME: tuple[Callable[[User, Page], dict], ...] = (_progress, _chances)
FOR_OTHERS: tuple[Callable[[User, Page], dict], ...] = (_record, _thanks, _reviews)


def shown(ways: tuple[Callable[[User, Page], dict], ...], person: User, written: Page) -> dict:
    """Everything the sections need."""
    return {name: value for way in ways for name, value in way(person, written).items()}
