"""Somebody's answer is refused though it is right: they appeal, somebody of the town reads both sides and decides, and the money arrives by
the clock (W10). Worker, client and moderator use nothing but their browsers; what the clock does is done when its day has come.
"""
import datetime

import pytest

from machi.accounts.models import User
from machi.payments.models import Earning, Payout
from machi.shared import clock
from machi.tasks.actions import close_batches, let_refusals_stand, put_together
from machi.tasks.models import Answer, Batch
from tests import conftest
from tests.looking import a_context
from tests.people import a_client, a_person, payday, with_bank_account
from tests.stories.person import Person
from tests.stories.test_a_month_by_bank import open_town as open_town
from tests.stories.words import say
from tests.tasks.making import a_batch
from tests.web.contracts.walking import signed_in
from tests.web.desk.staff import at_work

town = conftest.town                                # rows of its own, and the books must be right afterwards
REASON, APPEAL = "「わるい」と読めます。直してください。", "手引きに、ほめていれば「よい」とあります。"
RULING = "手引きのとおりの答えです。全額を払います。"
WHOLE, NET = 1_000, 858                             # of one answer: without tax, and what its worker receives


@pytest.fixture
def demo_town(request, settings):
    """The same doors, and the bank of a demo town behind them."""
    folder = settings.BANK_FOLDER
    opened = request.getfixturevalue("open_town")
    settings.MONEY_MODE, settings.BANK_FOLDER = "demo", folder
    return opened


def at_browser(chromium, town, user: User, browser=None, *, width: int) -> Person:
    """Somebody who has signed in."""
    context = a_context(chromium, town.url, width=width)
    cookies = (browser or signed_in(user)).cookies.items()
    context.add_cookies([{"name": name, "value": kept.value, "url": town.url} for name, kept in cookies])
    return Person(context, town, user.name, user.email)


def test_an_unjust_refusal_is_appealed_and_paid(chromium, demo_town, clock_at):
    giver = a_client("みなと書店")
    batch = a_batch(giver, title="口コミの気持ち", rows=1, answers_each=1, most_each=1, gold_percent=0, extra_percent=0, price_yen=WHOLE)
    desk, moderator = at_work("moderator")
    worker = at_browser(chromium, demo_town, with_bank_account(a_person("あおい")), width=390)
    client = at_browser(chromium, demo_town, giver, width=1280)
    judge = at_browser(chromium, demo_town, moderator, desk, width=1280)

    answer(worker, batch)
    refuse(client, batch)
    appeal(worker)
    client.open(f"{demo_town.url}/tasks/{batch.pk}/judge/?show=refused")
    client.see(REASON, say("tasks.refuse.appeal"))
    client.never_see(APPEAL)                        # it is not theirs to answer

    clock_at("2026-12-09 10:00")                    # eight days: what nobody appealed would stand now
    assert let_refusals_stand() == 0
    decide(judge)
    worker.page.reload()
    worker.see(RULING)
    client.page.reload()
    client.never_see(REASON)

    clock_at("2026-12-10 02:00")                    # the closing of the night
    put_together()
    assert close_batches() == 1
    earning = Earning.objects.get()
    assert (earning.price_yen, Batch.objects.get().state) == (WHOLE, "ended")
    clock_at(datetime.datetime.combine(earning.pay_on, datetime.time(10), clock.JAPAN))
    payday()
    assert (Payout.objects.get().state, Payout.objects.get().amount_yen) == ("paid", NET)
    worker.open(f"{demo_town.url}/earnings/")
    worker.see(batch.title, f"{NET}円")
    worker.look()

    for person in (worker, client, judge):
        assert person.complaints == [], person.name
        person.context.close()


def answer(worker: Person, batch: Batch) -> None:
    """Found by the time there is, answered, handed in."""
    worker.open(f"{worker.town.url}/tasks/")
    worker.follow(batch.title)
    worker.press(say("tasks.take"))
    worker.pick("よい")
    worker.press(say("tasks.answer.go"))
    worker.press(say("tasks.finish.go"))
    worker.see(say("tasks.done.title"))


def refuse(client: Person, batch: Batch) -> None:
    """Nothing at all is to be paid for it."""
    client.open(f"{client.town.url}/tasks/{batch.pk}/judge/")
    client.pick(say("tasks.judge.choose_one", n=1))
    client.press(say("tasks.judge.refuse"))
    client.fill(say("tasks.refuse.reason"), REASON)
    client.fill(say("tasks.refuse.part"), "0")
    client.look()
    client.press(say("tasks.refuse.deed", n=1))
    client.see(say("tasks.judge.none"))


def appeal(worker: Person) -> None:
    """They read why, and what is paid, and say otherwise."""
    worker.page.reload()
    worker.see(REASON, say("tasks.refused.percent", n=0))
    worker.press(say("tasks.appeal.go"))
    worker.see(say("tasks.appeal.note"))
    worker.fill(say("tasks.appeal.words"), APPEAL)
    worker.look()
    worker.press(say("tasks.appeal.go"))
    worker.see(APPEAL, say("tasks.answer.state.appealed"))
    assert Answer.objects.get().state == "appealed"


def decide(judge: Person) -> None:
    """Both sides on one page, and words that both will read."""
    judge.open(f"{judge.town.url}/desk/appeals/")
    judge.follow("口コミの気持ち")
    judge.see(REASON, APPEAL, "きょうは1回目です")
    judge.pick(say("desk.appeal.grant"))
    judge.fill(say("desk.appeal.words"), RULING)
    judge.look()
    judge.press(say("desk.appeal.deed"))
    judge.see(say("desk.appeals.none"))
