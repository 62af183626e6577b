"""The desk of sealed papers: for finance and auditors, a fact each time, nothing for anybody else."""
import datetime

import pytest
from django.urls import reverse

from machi.accounts.actions import introduce
from machi.activity.models import Fact
from machi.contracts.actions import accept_delivery, agree_on_date, ask_for_date, deliver
from machi.contracts.models import Contract
from machi.notifications.words import day
from machi.payments.models import Earning
from machi.privacy import keys
from machi.privacy.actions import erase_account
from machi.privacy.models import Paper
from machi.shared import clock
from tests.people import a_contract
from tests.web.contracts.walking import said, signed_in, text_of
from tests.web.desk.staff import at_work

pytestmark = pytest.mark.django_db


@pytest.fixture
def terms():
    """The sealed terms of a client who has left."""
    contract = a_contract(accepted=True)
    erase_account(by=contract.client.person)
    return Paper.objects.get(kind="terms")


@pytest.mark.parametrize("duty", ["finance", "auditor"])
def test_a_paper_is_opened_and_each_time_is_written_down(terms, duty):
    browser, person = at_work(duty)

    listed = browser.get("/desk/sealed/")
    assert said("desk.sealed.contract", n=terms.number) in text_of(listed) and "みなと地域スポーツ応援会" not in text_of(listed)
    opened = browser.post(f"/desk/sealed/{terms.pk}/open/")
    browser.post(f"/desk/sealed/{terms.pk}/open/")

    assert "みなと地域スポーツ応援会" in text_of(opened) and "no-store" in opened["Cache-Control"]
    read = Fact.objects.filter(name="privacy.sealed_paper_read").order_by("pk")
    assert [(fact.actor, fact.about, fact.data["paper"]) for fact in read] == [(person, f"user:{terms.holder.person_id}", terms.pk)] * 2


def test_the_side_that_is_still_here_reads_that_the_paper_was_opened(terms):
    browser, person = at_work("finance")
    introduce(by=person, display_name="みや")
    worker = Contract.objects.get().worker

    browser.post(f"/desk/sealed/{terms.pk}/open/")

    words = text_of(signed_in(worker).get(reverse("privacy:seen")))
    assert "みやさん（" + said("role.finance") + "）" in words and said("looked.sealed") in words


def test_every_paper_is_read_in_words_with_what_was_agreed_later():
    contract = a_contract(funded=True)
    client, worker, milestone = contract.client.person, contract.worker, contract.milestones.get()
    before = day(milestone.due_on)
    agree_on_date(request=ask_for_date(milestone=milestone, by=worker, wished_on=milestone.due_on + datetime.timedelta(days=3)), by=client)
    deliver(milestone=milestone, by=worker, text="できました。", ai_note="使っていません")
    accept_delivery(milestone=milestone, by=client)
    erase_account(by=client)
    browser, _person = at_work("finance")

    listed = text_of(browser.get("/desk/sealed/"))
    terms, statement = (text_of(browser.post(f"/desk/sealed/{Paper.objects.get(kind=kind).pk}/open/")) for kind in ("terms", "statement"))

    number = said("desk.sealed.contract", n=contract.pk)
    assert all(number in words for words in (listed, terms, statement)) and "contract:" not in listed + terms + statement
    assert said("agreed.reward.text", price="10,000円", total="11,000円") in terms and said("agreed.before", before=before) in terms
    earning = Earning.objects.get()
    for label, told in (("agreed.client", "みなと地域スポーツ応援会"), ("agreed.worker", worker.name), ("agreed.work", contract.title),
                        ("statement.accepted", day(clock.today())), ("agreed.pay_on", day(earning.pay_on)),
                        ("statement.arrived", said("statement.not_yet")), ("money.price", "10,000円"), ("money.tax", "1,000円"),
                        ("money.fee", "2,200円"), ("money.fee_tax", "220円"), ("money.withheld", "0円"), ("money.net", "8,580円"),
                        ("statement.number", str(milestone.pk))):
        assert f"{said(label)}{told}" in statement
    for code in ("client_name", "price_yen", "due_on", "earned_on", "bank_transfer", clock.today().isoformat()):
        assert code not in terms + statement


@pytest.mark.parametrize("duty", ["operator", "moderator", "supporter", "editor"])
def test_for_every_other_duty_it_does_not_exist(terms, duty):
    browser, _person = at_work(duty)

    assert browser.get("/desk/sealed/").status_code == browser.post(f"/desk/sealed/{terms.pk}/open/").status_code == 404
    assert not Fact.objects.filter(name="privacy.sealed_paper_read").exists()


def test_the_copy_of_whoever_stayed_is_not_for_the_desk(terms):
    browser, _person = at_work("finance")
    copy = Paper.objects.get(kind="copy")

    assert browser.post(f"/desk/sealed/{copy.pk}/open/").status_code == 404


def test_a_paper_whose_key_is_gone_says_so(terms):
    browser, _person = at_work("auditor")
    keys.destroy(terms.key.stored_as)

    answer = browser.post(f"/desk/sealed/{terms.pk}/open/")

    assert answer.status_code == 409 and said("desk.sealed.gone") in text_of(answer)
