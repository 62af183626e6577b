"""The safety desk: finance reads what stopped money, which rows, since when; it is lifted clean, or by two people."""
import pytest

from machi.checks.models import Alarm
from machi.payments import actions as payments
from machi.payments.invariants import RULES
from machi.payments.models import MoneyStop
from machi.shared import clock
from tests import database
from tests.people import a_contract
from tests.web.contracts.walking import said, text_of
from tests.web.desk.staff import at_work

BALANCE = next(rule for rule in RULES if rule.numbers == (3,))


@pytest.mark.django_db
def test_finance_stops_money_with_a_reason_and_lets_it_move_again():
    browser, person = at_work("finance")
    assert said("desk.safety.moves") in text_of(browser.get("/desk/safety/"))
    assert browser.post("/desk/safety/", {"why": " "}).status_code == 422

    browser.post("/desk/safety/", {"why": "銀行の明細と合いません。"})

    stop = MoneyStop.objects.get()
    page = text_of(browser.get(f"/desk/safety/{stop.pk}/"))
    assert "銀行の明細と合いません。" in page and person.name in page
    assert said("desk.safety.stands") in text_of(browser.get("/desk/safety/"))
    browser.post(f"/desk/safety/{stop.pk}/lift/")
    payments.guard()
    assert said("desk.safety.over") in text_of(browser.get(f"/desk/safety/{stop.pk}/"))


def test_a_broken_rule_is_named_with_its_rows_and_lifted_by_two_people(town, breaks_books):
    a_contract(accepted=True)
    (first, asker), (second, _other) = at_work("finance"), at_work("finance")
    with database.as_superuser() as root:
        root.execute("UPDATE ledger_balance SET balance_yen = balance_yen + 1")
    stop = payments.stop_money(rule=BALANCE.name, rows=[13_000_000_000_007])
    address = f"/desk/safety/{stop.pk}/"
    page = text_of(first.get(address))
    assert said("safety.n3") in page and "13000000000007" in page and said("desk.safety.how.mend") in page

    refused = first.post(f"{address}lift/")
    assert refused.status_code == 409 and said("stop.still_broken") in text_of(refused)
    assert first.post(address, {"reason": "銀行に確かめました。"}).status_code == 302
    answer = {"asked": asker.pk, "answer": "agree"}
    assert first.post(f"{address}answer/", answer).status_code == 409
    assert "銀行に確かめました。" in text_of(second.get(address))
    assert second.post(f"{address}answer/", {"asked": 0, "answer": "agree"}).status_code == 422
    assert second.post(f"{address}answer/", answer).status_code == 302
    payments.guard()


@pytest.mark.django_db
def test_what_is_late_is_named_and_stops_nothing():
    browser, _person = at_work("finance")
    Alarm.objects.create(rule="what silence accepts is accepted within an hour", row="7", since_at=clock.now())

    page = text_of(browser.get("/desk/safety/"))

    assert said("safety.n27") in page and said("desk.safety.moves") in page
    assert all(said(f"safety.n{number}") in page for number in range(1, 31))


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["", "あ" * 501, "\0", "‮", "<script>alert(1)</script>", "𠮷" * 100, "0" * 400])
def test_whatever_is_typed_is_kept_or_done(typed):
    browser, _person = at_work("finance")

    answer = browser.post("/desk/safety/", {"why": typed})

    assert answer.status_code in (302, 422)
    assert MoneyStop.objects.count() == (answer.status_code == 302)
