import pytest

from machi.accounts.models import User
from tests.people import a_person


@pytest.fixture
def newcomer(db, browser) -> User:
    person = a_person("")
    User.objects.filter(pk=person.pk).update(display_name="")
    person.refresh_from_db()
    browser.force_login(person)
    return person
