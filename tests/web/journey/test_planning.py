"""The goal for a month: written, seen beside what arrived, changed, deleted; and nobody else's (F71)."""
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from machi.journey.models import Target
from machi.shared import clock
from tests.people import a_person, with_bank_account
from tests.web.contracts.walking import said, signed_in, text_of
from tests.web.payments.test_earnings import earned_by, on_the_pay_date

ADDRESS = "/me/plan/"
GOAL = {"monthly": "８０００円", "months": "2か月", "aside_percent": "", "savings": "20,000"}


@pytest.fixture
def worker(db):
    return with_bank_account(a_person("みどり"))


def test_a_goal_is_written_changed_and_deleted(worker):
    browser = signed_in(worker)
    assert said("target.none_yet") in text_of(browser.get(ADDRESS)) and said("target.forget") not in text_of(browser.get(ADDRESS))

    assert browser.post(ADDRESS, GOAL).status_code == browser.post(ADDRESS, GOAL | {"aside_percent": "20%"}).status_code == 302

    kept = Target.objects.get(user=worker)
    assert (kept.monthly_yen, kept.months_count, kept.aside_percent, kept.savings_yen) == (8_000, 2, 20, 20_000)
    page = text_of(browser.get(ADDRESS))
    assert said("target.savings.last", n="2.5") in page and said("target.row.none") in page and said("target.yours") in page
    assert browser.post("/me/plan/forget/").status_code == 302 and not Target.objects.exists()


@pytest.mark.parametrize("field, typed", [("monthly", ""), ("monthly", "0"), ("monthly", "たくさん"), ("months", "25"), ("months", "0"),
                                          ("months", ""), ("aside_percent", "61"), ("savings", "-1")])
def test_what_cannot_be_is_said_beside_its_field_and_stays_typed(worker, field, typed):
    answer = signed_in(worker).post(ADDRESS, GOAL | {field: typed})

    assert answer.status_code == 422 and f'id="id_{field}_error"' in answer.content.decode() and not Target.objects.exists()
    assert f'value="{typed}"' in answer.content.decode() or not typed


def test_what_arrived_in_the_months_that_are_over_stands_beside_the_goal(worker, clock_at):
    contract = earned_by(worker)
    on_the_pay_date(contract, clock_at)
    browser, paid_on = signed_in(worker), contract.milestones.get().pay_on
    browser.post(ADDRESS, GOAL | {"monthly": "2,860", "months": "1"})
    assert said("target.none_yet") in text_of(browser.get(ADDRESS)), "its month is not over"

    clock_at(clock.start_of(clock.months_away(paid_on.replace(day=1), 1)))

    page = text_of(browser.get(ADDRESS))
    assert said("target.average", sum="2,860円", share=100) in page and said("target.row.there", n=1) in page and "8,580" in page
    with CaptureQueriesContext(connection, ) as asked:
        browser.get(ADDRESS)
    assert len(asked) <= 12


def test_nobody_sees_anothers_goal(worker):
    signed_in(worker).post(ADDRESS, GOAL)

    assert "8000" not in text_of(signed_in(a_person("となり")).get(ADDRESS))
