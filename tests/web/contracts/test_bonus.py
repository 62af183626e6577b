"""A client gives a bonus (おひねり) through its pages: what is typed, the look at both sides' money, and what both see of it afterwards."""
import pytest

from machi.contracts.actions import give_bonus
from machi.contracts.models import Bonus
from machi.payments.models import ExpectedDeposit
from machi.shared.money import Yen
from tests.people import a_contract, a_member, an_organisation, balance_of, client_of
from tests.web.contracts.walking import as_it_stands, queries_of, said, signed_in, text_of

pytestmark = pytest.mark.django_db
WORDS = "読者から電話がありました。"


def address(contract) -> str:
    return f"/contracts/{contract.pk}/bonus/"


def looked_at(browser, contract, price: str = "1,000", words: str = WORDS):
    """The form is filled in and sent: the page with both sides' money."""
    fresh = as_it_stands(browser.get(address(contract)), address(contract))
    return browser.post(address(contract), fresh | {"price": price, "words": words})


def test_a_client_sees_both_sides_first_and_then_gives_and_both_read_it_in_the_room():
    contract = a_contract(accepted=True, is_withholding_agent=True)
    client, worker = signed_in(client_of(contract)), signed_in(contract.worker)
    assert said("bonus.title") in text_of(client.get(f"/contracts/{contract.pk}/"))

    form = text_of(client.get(address(contract)))
    assert said("bonus.lead") in form and said("bonus.law") in form
    look = looked_at(client, contract)
    for words in ("1,100円を贈る", "102円", "998円", WORDS):
        assert words in text_of(look)
    assert not Bonus.objects.exists()

    answer = client.post(address(contract), as_it_stands(look, address(contract)))

    assert answer.status_code == 302 and answer["Location"] == f"/contracts/{contract.pk}/#bonuses"
    assert balance_of(contract.worker) == 7_559 + 998
    for browser, net in ((worker, "998円"), (client, "1,100円")):
        room = text_of(browser.get(f"/contracts/{contract.pk}/"))
        assert net in room and WORDS in room and said("story.bonus") in room
    assert said("bonus.thank") in text_of(worker.get(f"/contracts/{contract.pk}/"))
    assert said("bonus.title") not in text_of(worker.get(f"/contracts/{contract.pk}/"))


def test_it_stands_in_the_lists_of_both_and_in_the_calendar():
    contract = a_contract(accepted=True)
    bonus = give_bonus(contract=contract, by=client_of(contract), price=Yen(1_000), key="k", words=WORDS)
    client, worker = signed_in(client_of(contract)), signed_in(contract.worker)
    title = said("bonus.titled", job=contract.title)

    paid = text_of(client.get("/earnings/paid/"))
    assert title in paid and "1,100円" in paid and "11,000円" in paid
    assert title in text_of(worker.get("/earnings/"))
    assert f"{title}," in b"".join(worker.get("/earnings/list.csv").streaming_content).decode()
    calendar = worker.get(f"/contracts/{contract.pk}/calendar.ics").content.decode()
    assert f"bonus:{bonus.pk}:pay@machi" in calendar and f"{bonus.pay_on:%Y%m%d}" in calendar


@pytest.mark.parametrize(("price", "why"), [
    ("", "form.required"), ("たくさん", "yen.not_a_number"), ("99", "yen.out_of_range"), ("100001", "yen.out_of_range"),
    ("-5", "yen.out_of_range"), ("9" * 30, "yen.not_a_number")])
def test_what_does_not_fit_is_said_at_its_field_and_nothing_typed_is_lost(price, why):
    contract = a_contract(accepted=True)
    browser = signed_in(client_of(contract))

    answer = looked_at(browser, contract, price)

    assert answer.status_code == 422 and WORDS in answer.content.decode() and not Bonus.objects.exists()
    assert (said(why, least="100", most="100,000") if why == "yen.out_of_range" else said(why)) in text_of(answer)


def test_words_that_are_too_long_stay_and_are_told():
    contract = a_contract(accepted=True)

    answer = looked_at(signed_in(client_of(contract)), contract, words="あ" * 301)

    assert answer.status_code == 422 and "あ" * 301 in answer.content.decode() and not Bonus.objects.exists()


def test_another_sum_than_the_one_looked_at_is_looked_at_again_and_write_anew_leads_back():
    contract = a_contract(accepted=True)
    browser = signed_in(client_of(contract))
    look = as_it_stands(looked_at(browser, contract), address(contract))

    other = browser.post(address(contract), look | {"price": "２０００円"})
    back = browser.post(address(contract), look | {"again": "1"})

    assert other.status_code == 200 and "2,200円を贈る" in text_of(other) and not Bonus.objects.exists()
    assert back.status_code == 200 and WORDS in back.content.decode() and said("bonus.look") in text_of(back)


def test_pressed_twice_it_is_one_and_before_the_work_was_accepted_it_is_refused_with_everything_kept():
    contract, early = a_contract(accepted=True), a_contract(funded=True)
    browser = signed_in(client_of(contract))
    look = as_it_stands(looked_at(browser, contract), address(contract))

    assert [browser.post(address(contract), look).status_code for _press in range(2)] == [302, 302]
    assert Bonus.objects.count() == 1

    client = signed_in(client_of(early))
    assert client.get(address(early)).status_code == 302
    answer = client.post(address(early), {"price": "1000", "words": WORDS, "key": "k", "seen": "1000"})
    assert answer.status_code == 409 and said("bonus.refused") in text_of(answer) and WORDS in answer.content.decode()
    assert said("bonus.title") not in text_of(client.get(f"/contracts/{early.pk}/"))


def test_where_money_comes_by_a_transfer_the_room_says_the_number_and_the_worker_hears_nothing_yet(settings):
    contract = a_contract(accepted=True)
    browser = signed_in(client_of(contract))
    settings.MONEY_MODE = "bank"

    answer = browser.post(address(contract), as_it_stands(looked_at(browser, contract), address(contract)))

    asked = ExpectedDeposit.objects.get()
    assert answer["Location"] == f"/earnings/deposit/{asked.pk}/"
    assert browser.get(answer["Location"]).status_code == 200
    assert asked.code in text_of(browser.get(f"/contracts/{contract.pk}/"))
    room = text_of(signed_in(contract.worker).get(f"/contracts/{contract.pk}/"))
    assert asked.code not in room and WORDS not in room and said("bonus.heading") not in room
    another = browser.post(address(contract), as_it_stands(looked_at(browser, contract), address(contract)))
    assert another.status_code == 409 and said("bonus.one_waits") in text_of(another)


def test_who_only_pays_for_an_organisation_gives_and_reads_no_words_of_others():
    party = an_organisation()
    keeper, payer = party.people("keeper")[0], a_member(party, "payer")
    contract = a_contract(accepted=True, party=party, by=keeper)
    give_bonus(contract=contract, by=keeper, price=Yen(500), key="k", words=WORDS)
    browser = signed_in(payer)

    room = text_of(browser.get(f"/contracts/{contract.pk}/"))
    assert "550円" in room and WORDS not in room
    assert browser.post(address(contract), as_it_stands(looked_at(browser, contract), address(contract))).status_code == 302
    assert Bonus.objects.filter(state="paid").count() == 2


def test_the_room_asks_as_much_for_three_as_for_one(django_assert_max_num_queries):
    def counted():
        return django_assert_max_num_queries(30)
    contract = a_contract(accepted=True)
    browser = signed_in(contract.worker)
    give_bonus(contract=contract, by=client_of(contract), price=Yen(500), key="a")
    one = queries_of(browser, f"/contracts/{contract.pk}/", counted)
    for key in "bc":
        give_bonus(contract=contract, by=client_of(contract), price=Yen(500), key=key)

    assert queries_of(browser, f"/contracts/{contract.pk}/", counted) == one
