"""A contract's page and calendar say when its pay really reaches the worker: earlier, later, or what it waits for."""
import datetime

import pytest
from django.http import HttpResponse

from machi.contracts.models import Contract
from machi.notifications.words import called, day, yen
from machi.payments import actions as payments
from machi.payments.models import BankAccount, Earning, Payout
from machi.payments.queries import pays_out_on
from machi.shared import clock
from machi.shared.money import Yen
from tests.payments.batches import in_a_town_with_files, somebody_earned
from tests.people import a_contract, a_staff_member, client_of
from tests.web.contracts.walking import said, signed_in, text_of


@pytest.fixture
def files(town):
    with in_a_town_with_files():
        yield


def both(contract) -> tuple[str, str, str]:
    """The page as the worker and the client read it, and the calendar."""
    page, worker = f"/contracts/{contract.pk}/", signed_in(contract.worker)
    return (text_of(worker.get(page)), text_of(signed_in(client_of(contract)).get(page)),
            worker.get(f"{page}calendar.ics").content.decode().replace("\r\n ", ""))


def now(contract, of) -> str:
    """What the page says first to somebody: how it stands, and what comes next."""
    page = signed_in(of).get(f"/contracts/{contract.pk}/").content.decode()
    return text_of(HttpResponse(page[page.index('<section class="fit" id="now"'):].partition("</section>")[0]))


def earned() -> tuple[Earning, Contract]:
    earning = somebody_earned()
    return earning, Contract.objects.get(pk=earning.about.partition(":")[2])


def test_paid_early_it_is_the_early_day(files):
    earning, contract = earned()
    with clock.moved(by=datetime.timedelta(days=4)):
        payments.ask_early(by=earning.worker, amount=Yen(earning.amount_yen))
        early = Payout.objects.get().value_on
        worker, client, calendar = both(contract)
        told = now(contract, contract.worker), now(contract, client_of(contract))

    assert early < earning.pay_on
    assert said("money.on_day", day=day(early)) in worker and said("room.pays_worker", day=day(early)) in client
    assert all(day(early) in words and day(earning.pay_on) not in words for words in told)
    assert f"{early:%Y%m%d}" in calendar and f"{earning.pay_on:%Y%m%d}" not in calendar


def test_while_it_rests_the_worker_reads_why_and_the_client_only_that_it_waits(files):
    earning, contract = earned()
    payments.pause_payouts(worker=earning.worker, code="account", words="口座を確かめています。", by=a_staff_member("finance"),
                           until_on=earning.pay_on + datetime.timedelta(days=20))
    worker, client, calendar = both(contract)

    assert said("room.pays.waits_for", why="")[:6] in worker and "口座を確かめています" not in client
    assert said("room.pays_worker.waits") in client
    names = {"worker": called(earning.worker.name), "net": yen(earning.amount_yen)}
    told = now(contract, client_of(contract))
    assert said("standing.rests.client.text", **names) in told and day(earning.pay_on) not in told and "口座を確かめています" not in told
    assert said("hold.paused", code="", day="")[:6] in now(contract, contract.worker)
    assert said("calendar.pay.waits", job="")[:8] in calendar


def test_without_an_account_it_waits_for_one_and_after_its_day_the_next_one_is_said(files):
    earning, contract = earned()
    BankAccount.objects.all().delete()
    assert said("room.pays.no_account") in both(contract)[0]
    BankAccount.objects.create(worker=earning.worker, bank_code="0005", branch_code="001", kind="1", number="1234567", holder_kana="ミナト",
                               changed_at=clock.now(), holder_checked_at=clock.now())
    with clock.moved(to=clock.start_of(earning.pay_on + datetime.timedelta(days=30))):
        worker, _client, calendar = both(contract)
        assert said("money.on_day", day=day(pays_out_on())) in worker and f"{pays_out_on():%Y%m%d}" in calendar


def test_before_anything_is_earned_it_is_the_printed_day(files):
    contract = a_contract()
    assert said("room.pays_worker", day=day(contract.milestones.get().pay_on)) in both(contract)[1]
