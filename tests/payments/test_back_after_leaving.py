"""A payout comes back after its worker has left for good: it stays theirs, finance sees it, and it is sent again when they have named an
account in writing and two people have read it. Of the account nothing stays.
"""
import datetime

import pytest

from machi.accounts.actions import give_duty, name_operator
from machi.accounts.models import User
from machi.banking.days import bank_days_after
from machi.payments import actions
from machi.payments.models import BankAccount, LateAccount, Payout
from machi.payments.queries import held_back, hold, left_with_money, pays_out_on
from machi.privacy.actions import erase_account
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from tests.conftest import broken_rules
from tests.payments.batches import morning, proposed
from tests.payments.test_answers import NET, at_the_bank
from tests.payments.test_answers import account as account
from tests.people import a_person, a_staff_member, balance_of
from tests.web.contracts.walking import said, text_of
from tests.web.desk.staff import at_work

LETTER = {"bank_code": "0005", "branch_code": "001", "kind": "1", "number": "7654321", "holder_kana": "ミナト ソラ"}
TYPED = LETTER | {"words": "12月20日に届いた手紙。契約の控えと同じ署名"}


def come_back_after_leaving(account, clock_at) -> User:
    (payout,) = at_the_bank(account, clock_at, "ミナト ソラ")
    account.shows((-NET, "ﾐﾅﾄ ｿﾗ"))
    erase_account(by=payout.worker)
    clock_at(clock.now() + datetime.timedelta(days=4))
    (back,) = account.shows((NET, "ｸﾐﾓﾄﾞｼ"))
    actions.take_payout_back(line=back, payout=payout, by=account.finance, reason="口座が解約されている")
    return User.objects.get(pk=payout.worker_id)


def test_it_stays_theirs_and_the_desk_reads_how_much_since_when_and_the_way_to_their_papers(account, clock_at):
    worker = come_back_after_leaving(account, clock_at)
    browser, _finance = at_work("finance")

    assert balance_of(worker) == NET and broken_rules() == {}
    (owed,) = left_with_money()
    assert (owed.pk, owed.owed_yen, clock.day_of(owed.since_at)) == (worker.pk, NET, clock.today())
    assert [one.why for one in held_back(at_most=9)] == [said("hold.left")]
    board, page = browser.get("/desk/payouts/"), browser.get(f"/desk/payouts/left/{worker.pk}/")
    assert said("hold.left") in text_of(board) and f"/desk/payouts/left/{worker.pk}/" in board.text
    assert "8,580円" in text_of(page) and f"/desk/sealed/?of={worker.pk}" in page.text
    assert str(worker.pk) in text_of(browser.get(f"/desk/sealed/?of={worker.pk}"))
    assert said("desk.sealed.none") in text_of(browser.get(f"/desk/sealed/?of={worker.pk + 99}"))
    clock_at(clock.now() + datetime.timedelta(days=400))
    assert actions.pay_due() == 0 and balance_of(worker) == NET, "it does not lapse, and goes nowhere by itself"


def test_two_people_read_the_letter_and_it_is_sent_again_and_nothing_of_the_account_stays(account, clock_at):
    worker = come_back_after_leaving(account, clock_at)
    address = f"/desk/payouts/left/{worker.pk}/"
    (first, _one), (second, _two) = at_work("finance"), at_work("finance")
    wrong = first.post(address, TYPED | {"number": "12", "words": ""})
    assert wrong.status_code == 422 and "ミナト ソラ" in wrong.text and not LateAccount.objects.exists()
    assert first.post(address, TYPED).status_code == 302
    assert said("adjust.two_people") in text_of(first.get(address))
    assert first.post(f"{address}answer/", {"answer": "sign"}).status_code == 409 and not BankAccount.objects.filter(worker=worker).exists()
    assert "7654321" in text_of(second.get(address))
    assert second.post(f"{address}answer/", {"answer": "sign"}).status_code == 302
    late = LateAccount.objects.get()
    assert (late.state, late.told_as, late.holder_kana) == ("signed", "", "") and BankAccount.objects.get(worker=worker).ending == "321"
    assert actions.pay_due() == 0, "the account rests as any new one"

    clock_at(morning(bank_days_after(clock.day_of(clock.now() + hold()), 1)))
    assert actions.forget_late_accounts() == 0 and actions.pay_due() == 1
    actions.take_file(batch=actions.approve_batch(batch=proposed(account.finance), by=account.finance), by=account.finance)
    again = Payout.objects.latest("pk")
    clock_at(morning(again.value_on))
    account.shows((-NET, "ﾐﾅﾄ ｿﾗ"))
    again.refresh_from_db()
    assert (again.state, balance_of(worker), broken_rules()) == ("paid", 0, {}) and pays_out_on() > again.value_on

    assert actions.forget_late_accounts() == 1 and not BankAccount.objects.filter(worker=worker).exists()
    again.refresh_from_db()
    assert (again.bank_account, again.holder_kana, again.bank_name) == ("", "", "") and not worker.notices.exists()
    assert broken_rules() == {} and second.get(address).status_code == 404


def test_what_is_not_as_in_the_letter_stays_owed_and_is_typed_in_anew(account, clock_at):
    worker, (one, two) = come_back_after_leaving(account, clock_at), (a_staff_member("finance"), a_staff_member("finance"))
    late = actions.ask_late_account(worker=worker, by=one, **TYPED)
    with pytest.raises(DomainError):
        actions.ask_late_account(worker=worker, by=two, **TYPED)
    actions.refuse_late_account(late=late, by=two)

    assert LateAccount.objects.get().told_as == "" and not BankAccount.objects.filter(worker=worker).exists()
    assert actions.ask_late_account(worker=worker, by=one, **TYPED).state == "asked" and balance_of(worker) == NET


def test_whoever_paid_this_person_does_not_say_where_it_goes(account, clock_at):
    worker = come_back_after_leaving(account, clock_at)
    client = worker.earnings.get().party.person
    give_duty(person=client, kind="finance", by=name_operator(email=a_person("運営の人").email).person)
    with pytest.raises(NotAllowed, match=said("pause.not_yours")):
        actions.ask_late_account(worker=worker, by=User.objects.get(pk=client.pk), **TYPED)
