"""A contract in which very much has happened: its page stays as short as that of a young one, and everything can be read."""
import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from machi.activity.models import Fact
from machi.contracts import facts
from machi.contracts.actions import accept_delivery, ask_changes, deliver, fund
from machi.contracts.models import Contract
from machi.messaging.models import Message, Thread
from machi.shared import clock
from machi.web.pages.contracts.story import SHOWN
from tests.people import a_contract, a_contract_in_steps, an_hourly_contract, client_of, payday, with_bank_account
from tests.web.contracts.walking import said, signed_in, text_of

pytestmark = pytest.mark.django_db
MINUTE = datetime.timedelta(minutes=1)


def much_happened(contract: Contract, rows: int = 500) -> Contract:
    """So many moved dates and letters."""
    step, client = contract.milestones.order_by("number").first(), client_of(contract)
    Fact.objects.bulk_create(Fact(
        happened_at=contract.formed_at + number * MINUTE, name=facts.DATE_MOVED, actor=client, about=contract.reference,
        data={"milestone": step.pk, "due_on": step.due_on.isoformat()}) for number in range(rows))
    thread = Thread.objects.get(about=contract.reference)
    Message.objects.bulk_create(Message(thread=thread, sender=client, key=f"k{number}", body=f"手紙その{number}。",
                                        sent_at=contract.formed_at + number * MINUTE) for number in range(rows))
    return contract


def rows_of(answer) -> int:
    timeline = re.search(r'<ol class="timeline".*?</ol>', answer.content.decode(), re.S)[0]
    return timeline.count("<li>")


@pytest.mark.parametrize("kind", [a_contract, a_contract_in_steps, an_hourly_contract])
def test_the_newest_stands_there_and_the_rest_comes_at_a_press_without_a_script(kind):
    contract = much_happened(kind(funded=True))
    browser = signed_in(contract.worker)

    short, whole = (browser.get(f"/contracts/{contract.pk}/{query}") for query in ("", "?story=all"))

    assert rows_of(short) == SHOWN and 'href="?story=all#story"' in short.content.decode()
    of_letters = text_of(whole).count(said("story.letters.read"))
    assert rows_of(whole) - of_letters == 500 + 3 and "?story=all#story" not in whole.content.decode()   # and offered, agreed, funded
    assert said("story.offered") in text_of(whole) and said("story.offered") not in text_of(short)
    assert len(short.content) < len(whole.content) / 2


@pytest.mark.parametrize("kind", [a_contract, a_contract_in_steps, an_hourly_contract])
def test_five_hundred_rows_ask_as_many_questions_as_three(kind):
    young, old = kind(funded=True), much_happened(kind(funded=True))
    counts = []
    for contract in (young, old):
        browser = signed_in(contract.worker)
        browser.get(f"/contracts/{contract.pk}/")                   # what is new there is read by now
        with CaptureQueriesContext(connection) as asked:
            browser.get(f"/contracts/{contract.pk}/")
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_what_is_next_stands_before_everything_that_was():
    contract = much_happened(a_contract(funded=True))
    page = signed_in(contract.worker).get(f"/contracts/{contract.pk}/").content.decode()

    places = [page.index(f'id="{part}"') for part in ("now", "letters", "terms", "story")]
    assert places == sorted(places) and places[0] < len(page) / 2


def test_of_many_deliveries_the_newest_stand_there_and_all_when_asked():
    contract = a_contract(funded=True, revisions_count=5)
    milestone, client = contract.milestones.get(), client_of(contract)
    for number in range(5):
        deliver(milestone=milestone, by=contract.worker, text=f"納品その{number}。", ai_note="なし")
        if number < 4:
            ask_changes(milestone=milestone, by=client, points=f"直し{number}")
    browser = signed_in(client)

    page, whole = (text_of(browser.get(f"/contracts/{contract.pk}/{query}")) for query in ("", "?rounds=all"))

    assert "納品その2。" in page and "納品その1。" not in page and said("room.rounds.older") in page
    assert "納品その0。" in whole and said("room.rounds.older") not in whole


def test_the_money_of_every_step_stands_in_the_story():
    """Also of those that were paid before the one that counts now."""
    contract = a_contract_in_steps(funded=True)
    first, client = contract.milestones.get(number=1), client_of(contract)
    with_bank_account(contract.worker)
    deliver(milestone=first, by=contract.worker, text="できました。", ai_note="なし")
    accept_delivery(milestone=first, by=client)
    fund(contract=contract, by=client)
    first.refresh_from_db()
    with clock.moved(to=clock.start_of(first.pay_on) + 600 * MINUTE):
        payday()
        page = text_of(signed_in(contract.worker).get(f"/contracts/{contract.pk}/"))

    assert said("story.arrived") in page and page.count(said("story.sent")) == 1
