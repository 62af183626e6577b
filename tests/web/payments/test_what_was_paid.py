"""What a client paid, as it really was: of a part the part and its tax, of what went back nothing."""
import pytest

from machi.contracts.actions import accept_delivery, agree_to_change, ask_for_part, submit_week
from machi.payments.actions import read_statement, send_refunds
from machi.payments.models import Earning, Refund
from machi.shared.money import Yen
from tests.people import a_contract, an_hourly_contract, client_of, hours_written, in_week
from tests.web.contracts.walking import said, signed_in, text_of

pytestmark = pytest.mark.django_db


def settled_for(price: int):
    contract = a_contract(funded=True, is_withholding_agent=True)
    step = contract.milestones.get()
    agree_to_change(by=contract.worker, order=ask_for_part(milestone=step, by=client_of(contract), price=Yen(price)))
    return contract, signed_in(client_of(contract))


def test_of_a_part_the_part_its_tax_and_what_went_back():
    contract, client = settled_for(5_000)
    earning = Earning.objects.get()

    page = text_of(client.get("/earnings/paid/"))

    assert (earning.price_yen, earning.withheld_yen) == (5_000, 510)
    assert "源泉徴収510円" in page and "1,021円" not in page
    assert said("paid.back", sum="5,500円") in page and "11,000円" not in page
    assert said("paid.withheld", tax="510円", day="").split("：")[0] in page
    room = text_of(client.get(f"/contracts/{contract.pk}/"))
    assert said("room.withheld", tax="510円") in room


def test_of_what_went_back_nothing_is_held_and_nothing_was_paid():
    _contract, client = settled_for(0)

    page = text_of(client.get("/earnings/paid/"))
    assert said("paid.held") not in page and "源泉徴収1,021円" not in page and " 0円" in page
    assert said("paid.back", sum="11,000円") in page and said("paid.pot.returning") in page
    send_refunds()
    read_statement()

    refund = Refund.objects.get()
    assert refund.paid_on and "にお返ししました" in text_of(client.get("/earnings/paid/"))


def test_of_a_week_the_hours_that_were_worked():
    contract = an_hourly_contract(funded=True)
    with in_week(contract) as sheet:
        hours_written(sheet, 4)
    with in_week(contract, day=6, hour=20) as sheet:
        submit_week(timesheet=sheet, by=contract.worker)
        accept_delivery(milestone=sheet.milestone, by=client_of(contract))

        page = text_of(signed_in(client_of(contract)).get("/earnings/paid/"))
    assert "6,600円" in page and said("paid.back", sum="9,900円") in page and "16,500円" not in page
