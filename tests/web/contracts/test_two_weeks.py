"""Two weeks by the hour whose money is held at once: what is said about one is about that one, on its own page."""
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from machi.contracts import actions as contracts
from machi.contracts.models import ChangeOrder, Contract, Dispute
from tests.conftest import broken_rules
from tests.people import a_contract, an_hourly_contract, balance_of, client_of, held_for, hours_written, in_week
from tests.web.contracts.walking import as_it_stands, queries_of, said, signed_in, text_of

pytestmark = pytest.mark.django_db


def counted():
    return CaptureQueriesContext(connection)


def at(contract: Contract, name: str, number: int = 2) -> str:
    return reverse(f"contracts:week_{name}" if name != "week" else "contracts:week", args=[contract.pk, number])


def room(contract: Contract) -> str:
    return reverse("contracts:room", args=[contract.pk])


def two_weeks() -> tuple[Contract, object, object]:
    """The first week waits for its confirmation, the second was handed over too; and a browser of each side."""
    contract = an_hourly_contract(funded=True)
    contracts.fund(contract=contract, by=client_of(contract), number=2)
    for number, hours in ((1, 4), (2, 2)):
        hours_written(contract.timesheets.get(milestone__number=number), hours)
        with in_week(contract, number, hour=20) as sheet:
            contracts.submit_week(timesheet=sheet, by=contract.worker)
    return contract, signed_in(contract.worker), signed_in(client_of(contract))


def states(contract: Contract) -> list[str]:
    return list(contract.milestones.order_by("number").values_list("state", flat=True)[:2])


def test_a_client_sees_the_second_week_differently_while_the_first_waits_for_its_confirmation():
    contract, worker, client = two_weeks()

    assert said("dispute.go") in text_of(client.get(at(contract, "week"))) and said("dispute.go") not in text_of(client.get(room(contract)))
    assert client.post(at(contract, "dispute"), {"text": "火曜日の2時間は別の仕事です。"}).status_code == 302

    assert states(contract) == ["delivered", "disputed"]
    assert "火曜日の2時間は別の仕事です。" in text_of(worker.get(room(contract)))
    assert "火曜日の2時間は別の仕事です。" in text_of(worker.get(at(contract, "week")))
    assert "火曜日の2時間は別の仕事です。" not in text_of(worker.get(at(contract, "week", 1)))
    mine = f'href="{room(contract)}#dispute"'
    assert mine in worker.get("/contracts/").content.decode() and mine not in client.get("/contracts/").content.decode()
    assert broken_rules() == {}


def test_two_differences_stand_beside_each_other_and_each_is_answered_and_taken_back_in_its_own_place():
    contract, worker, client = two_weeks()
    client.post(at(contract, "dispute", 2), {"text": "二週目の話です。"})
    client.post(at(contract, "dispute", 1), {"text": "一週目の話です。"})
    page = worker.get(room(contract))

    assert all(words in text_of(page) for words in ("一週目の話です。", "二週目の話です。", said("dispute.answer.go")))
    assert all(at(contract, "dispute", number) in page.content.decode() for number in (1, 2))
    assert all(at(contract, "part", number) in page.content.decode() for number in (1, 2))
    asked = worker.get(at(contract, "dispute", 2))
    assert "二週目の話です。" in text_of(asked) and "一週目の話です。" not in text_of(asked)
    token = as_it_stands(asked, at(contract, "dispute", 2))
    assert worker.post(at(contract, "dispute", 2), {"text": "二週目は、図の作業です。"} | token).status_code == 302
    assert list(Dispute.objects.order_by("milestone__number").values_list("state", flat=True)) == ["open", "heard"]
    assert worker.post(at(contract, "dispute_back", 1)).status_code == 409
    assert client.post(at(contract, "dispute_back", 1)).status_code == 302

    assert states(contract) == ["delivered", "disputed"] and broken_rules() == {}


def test_a_part_of_the_second_week_is_asked_for_read_and_signed_and_the_first_stays():
    contract, worker, client = two_weeks()

    assert client.post(at(contract, "part"), {"price_1": "1,000"}).status_code == 422
    assert client.post(at(contract, "part"), {"price_2": "1,000", "words": "1時間ぶんです。"}).status_code == 302
    order = ChangeOrder.objects.get()
    assert order.parts == [{"number": 2, "price_yen": 1_000}]
    asked = worker.get(reverse("contracts:wish", args=[contract.pk]))
    assert at(contract, "part", 2) in asked.content.decode() and "1時間ぶんです。" in text_of(asked)
    instead = {"price_2": "2,000"} | as_it_stands(worker.get(at(contract, "part")), at(contract, "part"))
    assert worker.post(at(contract, "part"), instead).status_code == 302
    order = ChangeOrder.objects.get(state="asked")
    assert client.post(reverse("contracts:wish", args=[contract.pk]), {"wish": order.pk, "answer": "agree"}).status_code == 302

    assert states(contract) == ["delivered", "settled"] and held_for(contract.pk) == 16_500
    assert balance_of(contract.worker) == 2_200 - 484 and broken_rules() == {}


@pytest.mark.parametrize("name", ["part", "dispute", "dispute_back"])
def test_a_week_that_is_none_has_no_such_pages(name):
    contract, project = an_hourly_contract(funded=True), a_contract(delivered=True)

    for there, number in ((contract, 4), (contract, 0), (project, 1)):
        assert signed_in(client_of(there)).get(at(there, name, number)).status_code == 404
        assert signed_in(client_of(there)).post(at(there, name, number), {"text": "違います。"}).status_code == 404


@pytest.mark.parametrize("text", ["", "  ", "長" * 3_001])
def test_words_that_are_none_or_too_many_are_said_and_freeze_nothing(text):
    contract, worker, _client = two_weeks()

    answer = worker.post(at(contract, "dispute"), {"text": text})

    assert answer.status_code == 422 and text.strip()[:50] in answer.content.decode() and states(contract) == ["delivered"] * 2


def test_the_week_of_the_address_counts_and_no_number_that_was_written_into_the_form():
    contract, _worker, client = two_weeks()

    client.post(at(contract, "dispute", 2), {"text": "二週目の話です。", "number": "1"})

    assert states(contract) == ["delivered", "disputed"]


def test_two_differences_ask_the_database_no_more_than_one():
    contract, worker, client = two_weeks()
    client.post(at(contract, "dispute", 1), {"text": "一週目の話です。"})
    one = queries_of(worker, room(contract), counted)
    client.post(at(contract, "dispute", 2), {"text": "二週目の話です。"})

    assert queries_of(worker, room(contract), counted) == one
