"""The desk of payouts: a day is put together, a second person agrees, the file is taken and given to the bank."""
import datetime
import json
import re

import pytest
from django.db import connection

from machi.banking import checker
from machi.payments import actions
from machi.payments.models import BankAccount, MoneyStop, Payout, PayoutBatch
from machi.shared import clock
from tests.payments.batches import morning, proposed, set_aside_on, somebody_earned
from tests.people import a_staff_member, with_bank_account
from tests.web.contracts.walking import said, text_of
from tests.web.desk.staff import at_work
from tests.web.payments.test_transfers import ACCOUNT

DAY = datetime.timedelta(days=1)


@pytest.fixture
def desk(town, settings, tmp_path):
    settings.MONEY_MODE, settings.MACHI_HOME = "bank", tmp_path
    (tmp_path / "account.json").write_text(json.dumps({"account": [ACCOUNT]}))
    return at_work("finance")


def a_payday(clock_at, count: int = 2, **traits) -> dict:
    """So many people are paid on one day, and it is the morning on which that is put together; what the form says then."""
    earned = [somebody_earned(**traits) for _each in range(count)]
    clock_at(set_aside_on(earned[0].pay_on))
    actions.pay_due()
    return {"value_on": earned[0].pay_on.isoformat(), "count": count, "total_yen": sum(one.amount_yen for one in earned)}


def test_below_the_limit_one_person_sends_and_the_file_is_the_same_each_time(desk, clock_at):
    browser, _person = desk
    form = a_payday(clock_at)
    page = text_of(browser.get("/desk/payouts/"))
    assert "17,160円" in page and said("desk.payouts.two", sum="300,000円") not in page

    browser.post("/desk/payouts/", form)
    batch = PayoutBatch.objects.get()
    address = f"/desk/payouts/{batch.pk}/"
    assert said("desk.batch.approve") in text_of(browser.get(address))
    assert browser.post(f"{address}file/").status_code == 409 and not Payout.objects.filter(state="sending").exists()
    browser.post(f"{address}move/", {"move": "approve"})
    first, second = (browser.post(f"{address}file/") for _twice in range(2))
    assert first.content == second.content and checker.check(first.content).total == 17_160
    assert first["Content-Disposition"].endswith('.txt"') and "no-store" in first["Cache-Control"]
    assert browser.post(f"{address}move/", {"move": "withdraw"}).status_code == 409

    browser.post(f"{address}move/", {"move": "give"})
    page = browser.get(address)
    assert said("batch.state.given") in text_of(page) and b'value="give"' not in page.content
    assert re.search(rf"{said('payout.state.sending')}\s*2", text_of(page))       # what became of them, above their names
    assert text_of(browser.get("/desk/payouts/")).count(said("batch.state.given")) == 1


def test_above_the_limit_whoever_put_it_together_cannot_agree(desk, clock_at):
    browser, _person = desk
    browser.post("/desk/payouts/", a_payday(clock_at, 1, reward_yen=400_000))
    address = f"/desk/payouts/{PayoutBatch.objects.get().pk}/"
    page = text_of(browser.get(address))
    assert said("batch.two_people") in page and said("desk.batch.approve") not in page
    refused = browser.post(f"{address}move/", {"move": "approve"})
    assert refused.status_code == 409 and said("batch.two_people") in text_of(refused)

    other, _second = at_work("finance")
    other.post(f"{address}move/", {"move": "approve"})
    assert PayoutBatch.objects.get().state == "approved"


@pytest.mark.parametrize("wrong", [{"count": "1"}, {"total_yen": "1"}, {"value_on": "2026-02-30"}, {"count": "x"}, {"total_yen": "-5"},
                                   {"total_yen": str(10**30)}, {"value_on": ""}, {"value_on": "9999-12-31"}, {"count": "\x00"}])
def test_another_sum_than_on_the_screen_is_refused_in_a_sentence(desk, clock_at, wrong):
    browser, _person = desk
    answer = browser.post("/desk/payouts/", a_payday(clock_at) | wrong)
    assert answer.status_code in (409, 422) and said("batch.changed") in text_of(answer) and not PayoutBatch.objects.exists()


def test_before_anything_is_put_together_every_rule_is_asked_and_a_broken_one_stops_money(desk, clock_at):
    browser, _person = desk
    form = a_payday(clock_at)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE payments_earning SET payout_id = NULL WHERE id = (SELECT min(id) FROM payments_earning)")

    assert browser.post("/desk/payouts/", form).status_code == 503
    assert MoneyStop.objects.standing().exists() and not PayoutBatch.objects.exists()
    Payout.objects.first().earnings.update(payout=None)
    MoneyStop.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE payments_earning SET payout_id = p.id FROM payments_payout p WHERE p.worker_id = payments_earning.worker_id")


def test_a_town_that_pays_by_itself_says_so_and_one_without_an_account_what_is_missing(desk, settings, tmp_path):
    browser, _person = desk
    (tmp_path / "account.json").unlink()
    assert said("batch.no_account") in text_of(browser.get("/desk/payouts/"))
    settings.MONEY_MODE = "demo"
    assert said("desk.payouts.by_itself.text") in text_of(browser.get("/desk/payouts/"))


def test_somebody_rests_with_a_reason_until_a_day_and_goes_on_by_one_press(desk, clock_at):
    browser, _person = desk
    a_payday(clock_at, 1)
    worker = Payout.objects.get().worker
    address = f"/desk/payouts/people/{worker.pk}/"
    form = {"code": "risk", "words": "確かめています。", "until_on": clock.today().isoformat()}
    for wrong in ({"code": "x"}, {"words": " "}, {"until_on": "2020-01-01"}, {"until_on": ""}, {"until_on": "9999-12-31"}):
        answer = browser.post(address, form | wrong)
        assert answer.status_code in (409, 422) and not worker.payout_pauses.exists()
        assert wrong.get("words") or "確かめています。" in text_of(answer) or 'value="確かめています。"' in answer.content.decode()
    browser.post(address, form)
    assert said("pause.code.risk") in text_of(browser.get(address)) and "17,160" not in text_of(browser.get("/desk/payouts/"))
    browser.post(f"{address}move/", {"move": "end"})
    assert worker.payout_pauses.get().ended_at and browser.post(f"{address}move/", {"move": "end"}).status_code == 409


def test_a_holder_of_another_name_is_confirmed_by_one_press(desk, clock_at):
    browser, _person = desk
    earning = somebody_earned()
    BankAccount.objects.update(holder_checked_at=None)
    clock_at(set_aside_on(earning.pay_on))
    assert said("hold.holder") in text_of(browser.get("/desk/payouts/"))
    address = f"/desk/payouts/people/{earning.worker_id}/"
    browser.post(f"{address}move/", {"move": "confirm", "named_at": BankAccount.objects.get().changed_at.isoformat()})
    assert BankAccount.objects.get().holder_checked_at and said("hold.holder") not in text_of(browser.get("/desk/payouts/"))


def test_an_account_that_is_a_payers_too_is_looked_at_and_confirmed_by_one_press(desk, clock_at):
    browser, _person = desk
    earning = somebody_earned()
    with_bank_account(earning.party.person)
    clock_at(set_aside_on(earning.pay_on))
    address = f"/desk/payouts/people/{earning.worker_id}/"
    assert said("hold.shared") in text_of(browser.get("/desk/payouts/")) and said("desk.payee.shared") in text_of(browser.get(address))
    browser.post(f"{address}move/", {"move": "shared", "named_at": earning.worker.bank_account.changed_at.isoformat()})
    assert BankAccount.objects.get(worker=earning.worker).shared_checked_at
    assert said("hold.shared") not in text_of(browser.get("/desk/payouts/"))


def test_what_the_bank_did_not_carry_is_offered_only_when_its_statement_shows_it(desk, clock_at, monkeypatch):
    browser, _person = desk
    form = a_payday(clock_at, 1)
    browser.post("/desk/payouts/", form)
    batch, payout = PayoutBatch.objects.get(), Payout.objects.get()
    browser.post(f"/desk/payouts/{batch.pk}/move/", {"move": "approve"})
    browser.post(f"/desk/payouts/{batch.pk}/file/")
    address = f"/desk/payouts/people/{payout.worker_id}/"
    assert said("desk.unsent") not in text_of(browser.get(address))
    assert browser.post(f"{address}unsent/", {"payout": str(payout.pk), "reason": "銀行"}).status_code == 422

    for module in ("machi.web.desk.payouts.people", "machi.payments.actions.batching"):
        monkeypatch.setattr(f"{module}.surely_not_sent", lambda payouts: [one for one in payouts if one.state == "sending"])
    assert said("desk.unsent") in text_of(browser.get(address))
    for wrong in ({"reason": " "}, {"payout": "0"}, {"payout": "x"}):
        assert browser.post(f"{address}unsent/", {"payout": str(payout.pk), "reason": "銀行が断りました。"} | wrong).status_code == 422
    browser.post(f"{address}unsent/", {"payout": str(payout.pk), "reason": "銀行が断りました。"})
    payout.refresh_from_db()
    assert payout.state == "returned"


def test_the_desk_asks_as_often_for_many_as_for_one(desk, clock_at, django_assert_max_num_queries):
    browser, _person = desk
    form = a_payday(clock_at, 5)
    with django_assert_max_num_queries(17):
        browser.get("/desk/payouts/")
    browser.post("/desk/payouts/", form)
    with django_assert_max_num_queries(14):
        browser.get(f"/desk/payouts/{PayoutBatch.objects.get().pk}/")
    assert morning(clock.today())


def test_before_the_file_leaves_every_rule_is_asked_once_more_and_not_when_it_is_taken_again(desk, clock_at, monkeypatch):
    browser, _person = desk
    browser.post("/desk/payouts/", a_payday(clock_at))
    address = f"/desk/payouts/{PayoutBatch.objects.get().pk}/"
    browser.post(f"{address}move/", {"move": "approve"})
    earning = Payout.objects.first().earnings.get()
    type(earning).objects.filter(pk=earning.pk).update(payout=None)

    assert browser.post(f"{address}file/").status_code == 503 and MoneyStop.objects.standing().exists()
    assert {payout.state for payout in Payout.objects.all()} == {"requested"}
    earning.save(update_fields=["payout"])
    MoneyStop.objects.all().delete()
    assert browser.post(f"{address}file/").status_code == 200
    monkeypatch.setattr("machi.checks.actions.check", lambda **_said: pytest.fail("asked for a file that has left"))
    assert browser.post(f"{address}file/").status_code == 200


def test_a_batch_under_way_stands_on_the_board_however_many_came_after_it(desk, clock_at):
    browser, person = desk
    browser.post("/desk/payouts/", a_payday(clock_at))
    old = PayoutBatch.objects.get()
    PayoutBatch.objects.bulk_create([PayoutBatch(
        value_on=old.value_on, state="withdrawn", total_yen=1, count=1, limit_yen=1, proposed_by=person, proposed_at=clock.now())
        for _each in range(70)])
    assert f"/desk/payouts/{old.pk}/" in browser.get("/desk/payouts/").content.decode()
    PayoutBatch.objects.exclude(pk=old.pk).delete()


def test_the_page_of_one_person_asks_as_often_for_many_payouts_as_for_one(desk, clock_at, django_assert_max_num_queries):
    browser, _person = desk
    worker = somebody_earned().worker
    for _each in range(4):
        earning = somebody_earned(worker=worker, due_on=clock.today() + 40 * DAY)
        clock_at(set_aside_on(earning.pay_on))
        actions.pay_due()
        batch = actions.approve_batch(batch=proposed(a_staff_member("finance")), by=a_staff_member("finance"))
        actions.take_file(batch=batch, by=batch.proposed_by)
    assert Payout.objects.filter(state="sending").count() >= 4
    with django_assert_max_num_queries(20):
        browser.get(f"/desk/payouts/people/{worker.pk}/")
