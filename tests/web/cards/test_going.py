"""From the contract to the page of the payment service and back, in plain pages without JavaScript."""
import pytest

from machi.cards.models import Intent
from machi.contracts.actions import take_up_fundings
from machi.payments import actions as payments
from machi.payments.models import ExpectedDeposit
from tests.cards.living import DECLINED, pay
from tests.people import a_contract, client_of
from tests.web.contracts.walking import said, signed_in, text_of


def test_a_client_goes_to_the_card_page_comes_back_unpaid_tries_again_and_the_work_begins(account):
    contract = a_contract()
    browser = signed_in(client_of(contract))
    asked = browser.post(f"/contracts/{contract.pk}/fund/", {"number": 1})
    deposit = ExpectedDeposit.objects.get()
    way = f"/earnings/deposit/{deposit.pk}/"
    assert asked["Location"] == way
    shown = text_of(browser.get(way))
    assert "カードの画面へ進む" in shown and "11,000" in shown and "口座へお振り込み" not in shown

    onward = browser.get(f"{way}card/")
    intent = Intent.objects.get()
    assert (onward.status_code, onward["Location"]) == (302, intent.page_url)
    pay(intent, DECLINED)
    assert browser.get(f"{way}card/back/")["Location"] == way
    assert browser.get(f"{way}card/")["Location"] == intent.page_url
    pay(intent)
    assert "お金が届きました" in text_of(browser.get(f"{way}card/back/", follow=True))
    take_up_fundings()

    contract.refresh_from_db()
    assert contract.state == "active"
    assert "もう待っていません" not in text_of(browser.get(way)) and browser.get(f"{way}card/")["Location"] == way


def test_when_the_service_is_silent_the_page_says_that_nothing_moved(account, settings):
    contract = a_contract()
    browser = signed_in(client_of(contract))
    browser.post(f"/contracts/{contract.pk}/fund/", {"number": 1})
    way = f"/earnings/deposit/{ExpectedDeposit.objects.get().pk}/card/"
    settings.STRIPE_API = "http://127.0.0.1:9"

    assert "お金は動いていません" in text_of(browser.get(way, follow=True))

@pytest.mark.parametrize("end", ["", "back/"])
def test_nobody_else_is_led_there(account, end):
    contract = a_contract()
    signed_in(client_of(contract)).post(f"/contracts/{contract.pk}/fund/", {"number": 1})

    assert signed_in(contract.worker).get(f"/earnings/deposit/{ExpectedDeposit.objects.get().pk}/card/{end}").status_code == 404


def test_while_money_stands_still_nobody_is_led_on_and_who_comes_back_reads_that_it_is_looked_at(account):
    contract = a_contract()
    browser = signed_in(client_of(contract))
    browser.post(f"/contracts/{contract.pk}/fund/", {"number": 1})
    way = f"/earnings/deposit/{ExpectedDeposit.objects.get().pk}/"
    payments.stop_money(why="確かめます。")

    assert browser.get(f"{way}card/").status_code == 503 and not Intent.objects.exists()
    assert said("card.checking") in text_of(browser.get(f"{way}card/back/", follow=True))
