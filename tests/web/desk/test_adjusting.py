"""The desk of corrections: one person asks, another signs; whoever is concerned reads why where their money is."""
import pytest

from machi.payments.models import Adjustment, Earning
from tests.conftest import broken_rules
from tests.people import a_contract, a_person, an_organisation, balance_of
from tests.web.contracts.walking import said, signed_in, text_of
from tests.web.desk.staff import at_work

pytestmark = pytest.mark.django_db
FORM = {"what": "to_worker", "amount": "1000", "reason": "mistake", "words": "手数料を二度いただいていました。"}


def test_one_asks_and_another_signs_and_the_worker_reads_why(town):
    a_contract(accepted=True)
    worker, (browser, asker) = a_person(), at_work("finance")
    answer = browser.post("/desk/adjust/", FORM)
    assert answer.status_code == 422 and said("adjust.number.missing") in text_of(answer) and FORM["words"] in text_of(answer)
    assert browser.post("/desk/adjust/", FORM | {"number": worker.pk}).status_code == 302
    one = Adjustment.objects.get()
    address = f"/desk/adjust/{one.pk}/"
    page = text_of(browser.get(address))
    assert said("adjust.two_people") in page and f"{said('held.loss')} → {said('held.worker')}" in page and worker.name in page
    answer = browser.post(f"{address}answer/", {"answer": "sign"})
    assert answer.status_code == 409 and said("adjust.two_people") in text_of(answer) and balance_of(worker) == 0

    other, _signer = at_work("finance")
    assert asker.name in text_of(other.get("/desk/adjust/"))
    assert other.post(f"{address}answer/", {"answer": "sign"}).status_code == 302
    assert other.post(f"{address}answer/", {"answer": "sign"}).status_code == 409
    assert balance_of(worker) == 1_000

    mine = signed_in(worker)
    assert "街からの訂正" in text_of(mine.get("/earnings/"))
    assert "街からの訂正" in b"".join(mine.get("/earnings/list.csv").streaming_content).decode()
    page = text_of(mine.get(f"/earnings/{Earning.objects.get(worker=worker).pk}/"))
    assert FORM["words"] in page and said("adjust.by_town") in page
    assert broken_rules() == {}


def test_a_refusal_says_why_and_nothing_moves(town):
    browser, _asker = at_work("finance")
    browser.post("/desk/adjust/", FORM | {"what": "was_fee"})
    one, (other, _signer) = Adjustment.objects.get(), at_work("finance")
    answer = other.post(f"/desk/adjust/{one.pk}/answer/", {"answer": "refuse", "words": ""})
    assert answer.status_code == 422 and said("adjust.words.missing") in text_of(answer)
    other.post(f"/desk/adjust/{one.pk}/answer/", {"answer": "refuse", "words": "その行は手数料でした。"})
    assert "その行は手数料でした。" in text_of(browser.get(f"/desk/adjust/{one.pk}/"))


@pytest.mark.parametrize("typed", [
    {"amount": "-5"}, {"amount": "x"}, {"what": "steal"}, {"number": "999999999"}, {"reason": ""}, {"words": " "}])
def test_what_cannot_be_is_said_beside_its_field(typed):
    browser, _asker = at_work("finance")
    assert browser.post("/desk/adjust/", FORM | {"number": str(a_person().pk)} | typed).status_code == 422
    assert not Adjustment.objects.exists()


def test_whose_money_it_is_may_be_found_by_name_or_address_and_is_chosen_of_those_who_are_called_so(town):
    a_contract(accepted=True)
    first, second, (browser, _asker) = a_person("同じ 名前"), a_person("同じ 名前"), at_work("finance")
    typed = FORM | {"number": "同じ", "amount": "1,234", "reason": "fault"}

    page = browser.post("/desk/adjust/", typed | {"look": "1"})
    assert page.status_code == 200 and not Adjustment.objects.exists()
    for one in (first, second):
        assert said("adjust.name_and_number", name="同じ 名前", n=one.pk) in text_of(page)
    html = page.content.decode()
    assert 'value="同じ"' in html and 'value="1,234"' in html and FORM["words"] in html and said("form.title_wrong") not in html
    assert html.count("checked") == 2                   # what it is, and why; nobody is chosen for them

    answer = browser.post("/desk/adjust/", typed)
    assert answer.status_code == 422 and said("adjust.who.choose") in text_of(answer) and FORM["words"] in text_of(answer)
    assert browser.post("/desk/adjust/", typed | {"who": str(a_person().pk)}).status_code == 422
    assert browser.post("/desk/adjust/", typed | {"who": str(second.pk)}).status_code == 302
    assert Adjustment.objects.get().worker == second

    assert browser.post("/desk/adjust/", FORM | {"number": first.email}).status_code == 422         # found, and not chosen yet
    assert browser.post("/desk/adjust/", FORM | {"number": first.email, "who": str(first.pk)}).status_code == 302
    wide = str(second.pk).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert browser.post("/desk/adjust/", FORM | {"number": f" {wide} "}).status_code == 302         # a number says who it is


def test_a_client_is_found_by_the_name_they_give_work_under(town):
    keeper, (browser, _asker) = a_person(), at_work("finance")
    party = a_contract(accepted=True, party=an_organisation(keeper, "みなと出版"), by=keeper).client

    page = text_of(browser.post("/desk/adjust/", FORM | {"what": "to_client", "number": "みなと", "look": "1"}))
    assert said("adjust.name_and_number", name="みなと出版", n=party.pk) in page
    browser.post("/desk/adjust/", FORM | {"what": "to_client", "number": "みなと", "who": str(party.pk)})
    assert Adjustment.objects.get().party == party


@pytest.mark.parametrize("number", ["", "み", "だれも", "nobody@example.jp", "9" * 25, "²", "0", "%", "\\"])
def test_who_is_not_found_is_told_so_and_what_was_typed_stays(number):
    browser, _asker = at_work("finance")
    answer = browser.post("/desk/adjust/", FORM | {"number": number, "look": "1"})
    assert answer.status_code == 422 and said("adjust.number.missing") in text_of(answer) and FORM["words"] in text_of(answer)
    assert said("adjust.who.choose") not in text_of(answer)


def test_of_many_of_one_name_the_first_are_shown_and_how_to_find_the_others():
    for _each in range(22):
        a_person("同じ 名前")
    browser, _asker = at_work("finance")
    page = browser.post("/desk/adjust/", FORM | {"number": "同じ", "look": "1"})
    assert page.content.decode().count('name="who"') == 20 and said("adjust.who.more") in text_of(page)
