"""Where clients transfer to the town's own account: a batch goes out when its money stands on the statement, and what comes for something
else goes back.
"""
import pytest

from machi.ledger.accounts import Kind
from machi.ledger.queries import balance
from machi.payments.models import ExpectedDeposit
from machi.shared.errors import DomainError
from machi.tasks.actions import (
    edit_batch,
    finish_bundle,
    give_answer,
    note_trial,
    publish_batch,
    raise_price,
    take_bundle,
    take_up_slots,
    top_up,
)
from machi.tasks.actions.publishing import asked_for
from machi.tasks.models import Slots
from tests.conftest import broken_rules
from tests.payments.statements import Account
from tests.people import a_person
from tests.tasks.making import a_draft, held_answers, price_of


@pytest.fixture
def account(town, settings, clock_at) -> Account:
    clock_at("2026-12-07 10:00")
    settings.MONEY_MODE = "bank"
    return Account()


def waited_for(batch) -> ExpectedDeposit:
    return ExpectedDeposit.objects.get(about=batch.reference, state="waiting")


def test_it_goes_out_when_its_money_stands_on_the_statement(account):
    batch = a_draft(rows=4)
    publish_batch(batch=batch, by=batch.by, amount=price_of(batch))
    batch.refresh_from_db()
    assert batch.state == "draft"

    deposit = waited_for(batch)
    account.shows((deposit.amount_yen, f"{deposit.code} ﾐﾅﾄ"))
    take_up_slots()

    batch.refresh_from_db()
    assert batch.state == "open" and balance(Kind.BATCH.of(batch.pk)) == deposit.amount_yen and broken_rules() == {}


def test_whoever_tries_the_form_while_the_transfer_is_on_its_way_opens_no_place_that_nobody_paid_for(account):
    batch = a_draft(rows=40, golds=4, trial_golds=3, seconds=30, price_yen=200)
    publish_batch(batch=batch, by=batch.by, amount=(paid := price_of(batch)))
    for _more in range(9):
        note_trial(batch=batch, by=batch.by, seconds=500)
    batch.refresh_from_db()
    assert price_of(batch) > paid
    deposit = waited_for(batch)
    account.shows((deposit.amount_yen, f"{deposit.code} ﾐﾅﾄ"))
    take_up_slots()

    batch.refresh_from_db()
    assert batch.state == "open" and broken_rules() == {}


def test_it_is_topped_up_by_a_transfer_too(account):
    batch = a_draft(rows=4)
    publish_batch(batch=batch, by=batch.by, amount=price_of(batch))
    deposit = waited_for(batch)
    account.shows((deposit.amount_yen, f"{deposit.code} ﾐﾅﾄ"))
    take_up_slots()
    batch.refresh_from_db()
    before = batch.extra_left
    top_up(batch=batch, by=batch.by, count=5, amount=asked_for(batch, Slots.Why.TOP_UP, 5, batch.price_yen))

    deposit = waited_for(batch)
    account.shows((deposit.amount_yen, f"{deposit.code} ﾐﾅﾄ"))
    take_up_slots()

    batch.refresh_from_db()
    assert batch.extra_left == before + 5 and broken_rules() == {}


def test_what_comes_for_a_batch_that_was_changed_meanwhile_goes_back(account):
    batch = a_draft(rows=4)
    publish_batch(batch=batch, by=batch.by, amount=price_of(batch))
    deposit = waited_for(batch)
    edit_batch(batch=batch, by=batch.by, price_yen=9)

    account.shows((deposit.amount_yen, f"{deposit.code} ﾐﾅﾄ"))
    take_up_slots()

    batch.refresh_from_db()
    assert batch.state == "draft" and balance(Kind.BATCH.of(batch.pk)) == 0
    assert balance(Kind.CLIENT_CREDIT.of(batch.client_id)) == deposit.amount_yen and broken_rules() == {}


def test_another_sum_than_stood_on_the_button_is_refused(account):
    batch = a_draft(rows=4)

    with pytest.raises(DomainError):
        publish_batch(batch=batch, by=batch.by, amount=price_of(batch) + 1)
    assert not ExpectedDeposit.objects.exists() and not Slots.objects.exists()


def test_pressed_again_it_is_the_same_number(account):
    batch = a_draft(rows=4)
    for _time in range(2):
        publish_batch(batch=batch, by=batch.by, amount=price_of(batch))

    assert ExpectedDeposit.objects.count() == 1 and Slots.objects.count() == 1


def test_a_raise_that_is_pressed_again_while_people_answer_is_the_same_deposit(account):
    batch = a_draft(rows=20, answers_each=1, most_each=1, gold_percent=0, price_yen=100, seconds=90)
    publish_batch(batch=batch, by=batch.by, amount=price_of(batch))
    deposit = waited_for(batch)
    account.shows((deposit.amount_yen, f"{deposit.code} ﾐﾅﾄ"))
    take_up_slots()
    batch.refresh_from_db()
    raise_price(batch=batch, by=batch.client.person, price=200, amount=(first := asked_for(batch, Slots.Why.RAISE, 0, 200)))
    asked = waited_for(batch)
    bundle = take_bundle(batch=batch, by=(worker := a_person()), minutes=15)
    for answer in held_answers(bundle):
        give_answer(answer=answer, by=worker, posted={"a.feeling": ["よい"]}, seconds=8)
    finish_bundle(bundle=bundle, by=worker)
    assert (now := asked_for(batch, Slots.Why.RAISE, 0, 200)) < first

    raise_price(batch=batch, by=batch.client.person, price=200, amount=now)
    assert waited_for(batch) == asked and asked.amount_yen == first
    account.shows((asked.amount_yen, f"{asked.code} ﾐﾅﾄ"))
    take_up_slots()

    batch.refresh_from_db()
    assert batch.price_yen == 200 and broken_rules() == {}
