"""The desk of corrections: one person asks, another signs; whoever is concerned reads why where their money is."""
import pytest

from machi.payments.models import Adjustment, Earning
from tests.conftest import broken_rules
from tests.people import a_contract, a_person, balance_of
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
