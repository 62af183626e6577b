"""Withheld tax goes back to whoever remits it: once for each month that is over, to the yen, and they hear by which day it is due."""
import datetime

import pytest
from django.urls import reverse

from machi.ledger.accounts import Kind
from machi.ledger.queries import balance
from machi.payments import actions
from machi.payments.models import Payout, Refund
from machi.payments.queries import monthly_average, months_of
from machi.shared import clock
from tests.conftest import broken_rules
from tests.people import a_client, a_contract, a_member, an_organisation, client_of, payday, with_bank_account
from tests.web.contracts.walking import said, text_of

DAY = datetime.timedelta(days=1)


def paid(contract) -> datetime.date:
    """The worker has the money; the day on which it arrived."""
    with_bank_account(contract.worker)
    with clock.moved(to=clock.end_of(contract.milestones.get().pay_on)):
        payday()
    return Payout.objects.get(worker=contract.worker, state="paid").paid_on


def after_month_of(day: datetime.date, *, seconds: int = 0):
    return clock.moved(to=clock.start_of(clock.months_away(day.replace(day=1), 1)) + datetime.timedelta(seconds=seconds))


def waiting(contract) -> int:
    return int(balance(Kind.WITHHELD.of(contract.client_id)))


@pytest.mark.django_db
def test_it_goes_back_when_the_month_is_over_and_not_a_second_before(town):
    contract = a_contract(accepted=True, is_withholding_agent=True)
    day = paid(contract)

    with after_month_of(day, seconds=-1):
        assert actions.give_back_withheld() == 0
    assert waiting(contract) == 1_021
    with after_month_of(day):
        assert (actions.give_back_withheld(), actions.give_back_withheld()) == (1, 0)
        assert broken_rules() == {}
        actions.send_refunds()

    assert waiting(contract) == 0 == balance(Kind.CLIENT_CREDIT.of(contract.client_id))
    assert (Refund.objects.get().amount_yen, Refund.objects.get().state) == (1_021, "paid")
    notice = client_of(contract).notices.get(kind="withheld.arrived")
    assert notice.words["due_on"] == clock.months_away(day.replace(day=10), 1).isoformat()
    assert broken_rules() == {}


@pytest.mark.django_db
def test_what_has_not_reached_its_worker_is_not_due_and_stays(town):
    contract = a_contract(accepted=True, is_withholding_agent=True)

    with clock.moved(by=120 * DAY):
        assert actions.give_back_withheld() == 0

    assert waiting(contract) == 1_021


@pytest.mark.django_db
def test_months_are_told_apart_and_clients_too(town):
    client = a_client(is_withholding_agent=True)
    contracts = [a_contract(accepted=True, by=client) for _number in range(2)]
    days = [paid(contract) for contract in contracts]
    with clock.moved(by=70 * DAY):
        contracts.append(a_contract(accepted=True, by=client))
    days.append(paid(contracts[-1]))
    other = a_contract(accepted=True, is_withholding_agent=True)
    paid(other)

    with after_month_of(max(days)):
        assert actions.give_back_withheld() == 2
        actions.send_refunds()

    mine = Refund.objects.filter(party=contracts[0].client).order_by("pk")
    assert [refund.amount_yen for refund in mine] == [2 * 1_021, 1_021] and Refund.objects.count() == 3
    assert [(month.paid_yen, month.withheld_yen, month.given_back_yen) for month in months_of(contracts[0].client)] == [
        (11_000, 1_021, 1_021), (22_000, 2_042, 2_042)]
    assert broken_rules() == {}


@pytest.mark.django_db
def test_the_client_reads_the_month_with_its_sums_and_its_day(town, browser):
    contract = a_contract(accepted=True, is_withholding_agent=True)
    day = paid(contract)
    browser.force_login(client_of(contract))

    page = text_of(browser.get(reverse("payments:paid")))
    assert said("paid.months") in page and "1,021円" in page and said("paid.months.later") in page

    with after_month_of(day):
        actions.give_back_withheld()
        actions.send_refunds()
    assert said("paid.months.back") in text_of(browser.get(reverse("payments:paid")))


@pytest.mark.django_db
def test_in_an_organisation_only_who_pays_reads_the_months(town, browser):
    party = an_organisation()
    member = a_member(party, "member")
    browser.force_login(member)

    assert said("paid.months") not in text_of(browser.get(reverse("payments:paid")))


@pytest.mark.django_db
def test_a_worker_reads_what_came_in_a_month_on_average_of_three(town, browser):
    contract = a_contract(accepted=True)
    day = paid(contract)
    assert monthly_average(contract.worker) is None

    with after_month_of(day):
        found = monthly_average(contract.worker)
        browser.force_login(contract.worker)
        page = text_of(browser.get(reverse("payments:earnings")))
    assert (found.amount, found.until) == (2_860, clock.months_away(day.replace(day=1), 1) - DAY)
    assert "2,860円" in page and said("earnings.average") in page
    with clock.moved(to=clock.start_of(clock.months_away(day.replace(day=1), 4))):
        assert monthly_average(contract.worker) is None
