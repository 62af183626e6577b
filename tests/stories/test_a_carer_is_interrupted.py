"""Somebody who looks after another person does fifteen minutes of micro-tasks on a telephone, in やさしい日本語 with ふりがな, and is
called away three times: in the middle of an answer, where there is no line, and for so long that they have to sign in again. Nothing that
they typed is lost, and they are paid on the day they read.

Proves F67 (blocks of fifteen minutes), F69 (at any hour, without anybody else being there), F70's care beside work, F75 (やさしい日本語,
a bad line, an old telephone) and W15 (called away, the connection broken).
"""
import datetime
import re

from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core import mail

from machi.payments.models import Earning, Payout
from machi.shared import clock
from machi.tasks.actions import approve_for_silent, close_batches, lapse_bundles, put_together
from machi.tasks.models import Answer, Batch, Bundle
from tests import conftest
from tests.conftest import broken_rules
from tests.looking import a_context, at_other_widths
from tests.people import a_client, a_person, payday, with_bank_account
from tests.stories import words
from tests.stories.person import Person
from tests.stories.test_a_month_by_bank import open_town as open_town
from tests.stories.test_an_appeal import demo_town as demo_town
from tests.tasks.making import a_batch
from tests.web.contracts.walking import signed_in

town = conftest.town                                # rows of its own, and the books must be right afterwards
FORM = {"version": 1, "parts": [
    {"kind": "cell", "name": "text", "column": "文", "label": "口コミ"},
    {"kind": "choice", "name": "feeling", "label": "気持ち", "options": ["よい", "わるい"]},
    {"kind": "text", "name": "why", "label": "そう思うところ", "most": 200}]}
SIX, EACH, SECONDS = 6, 100, 150                    # answers in fifteen minutes, yen for one, and what one takes
NET = 515                                           # of all six, as they receive it
HALF, TUNNEL, LATE = "「とてもよい」と", ("電車の中の1つ目", "電車の中の2つ目"), "夜に書いた続き"


def say(identity: str, **gaps) -> str:
    return words.say(identity, language="ja-simple", **gaps)


def test_three_times_called_away_and_still_paid(chromium, demo_town, clock_at):
    batch = a_batch(a_client("みなと書店"), title="口コミの気持ち", rows=8, form=FORM, seconds=SECONDS, price_yen=EACH, answers_each=1,
                    most_each=1, gold_percent=0, extra_percent=0)
    user = with_bank_account(a_person("みさき"))
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    context = a_context(chromium, demo_town.url, width=390, theme="dark", voice=("ja-simple", "on"))
    context.add_cookies([{"name": name, "value": kept.value, "url": demo_town.url} for name, kept in signed_in(user).cookies.items()])
    carer = Person(context, demo_town, user.name, user.email, readings=True)

    begin(carer, batch)
    called_away(carer, clock_at)
    without_a_line(carer)
    signed_out(carer, clock_at)
    day = finish(carer)

    assert list(Answer.objects.filter(bundle=Bundle.objects.get()).order_by("position").values_list("values__why", flat=True)) == [
        f"{HALF}あるから", *TUNNEL, LATE, "5つ目を直した", "6つ目"]
    is_paid(carer, clock_at, day)
    assert carer.complaints == [] and broken_rules() == {}
    carer.context.close()


def begin(carer: Person, batch: Batch) -> None:
    """Found by the time there is; the page says what it brings."""
    carer.open(f"{carer.town.url}/tasks/")
    carer.follow(batch.title)
    carer.pick(say("tasks.facet.minutes.n", n=15))
    carer.look()
    carer.press(say("tasks.take"))
    is_at(carer, 1)
    carer.look()
    assert at_other_widths(carer.page, 390) == []


def called_away(carer: Person, clock_at) -> None:
    """The page is closed with half an answer, at once; three hours later they come back by the list of what is under way."""
    carer.pick("よい")
    carer.fill("そう思うところ", HALF)
    carer.page.close()

    clock_at("2026-12-01 13:00")
    assert lapse_bundles() == 0
    carer.new_window()
    carer.open(f"{carer.town.url}/bundles/")
    carer.look()
    carer.press(say("tasks.go_on.go"))
    is_at(carer, 1)
    assert typed(carer) == ("よい", HALF)
    carer.fill("そう思うところ", f"{HALF}あるから")
    answer(carer)
    is_at(carer, 2)


def without_a_line(carer: Person) -> None:
    """In a tunnel: both answers stay on the telephone, which says so, and arrive by themselves."""
    carer.page.locator("form[data-ready]").wait_for()
    carer.context.set_offline(True)
    for number, text in enumerate(TUNNEL, 2):
        carer.pick("わるい")
        carer.fill("そう思うところ", text)
        answer(carer)
        heading(carer, number + 1)
    carer.see(say("tasks.offline.now", n=2), say("tasks.progress.of", done=1, total=SIX))         # what has arrived, and what has not
    carer.look()
    carer.shot("carer-offline")
    assert Answer.objects.filter(state="given").count() == 1, "the page may not say that they have arrived"

    with carer.page.expect_navigation(url=re.compile("/answers/4/$")):
        carer.context.set_offline(False)
    is_at(carer, 4)
    carer.never_see(say("tasks.offline.now", n=2))
    assert Answer.objects.filter(state="given").count() == 3
    assert all("ERR_INTERNET_DISCONNECTED" in complaint for complaint in carer.complaints)      # so it was
    carer.complaints.clear()


def signed_out(carer: Person, clock_at) -> None:
    """In the night the sign-in has run out, and the page finds out while they type: they sign in, and are where they were."""
    clock_at("2026-12-01 23:40")
    Session.objects.all().delete()
    carer.pick("よい")
    carer.fill("そう思うところ", LATE)
    carer.page.wait_for_url("**/account/login/**")
    carer.look()
    carer.fill(say("account.email"), carer.email)
    carer.press(say("account.login.go"))
    carer.fill(say("account.code"), re.search(r"\d{4}-?\d{4}", mail.outbox[-1].body).group())
    carer.press(say("account.code.go"))
    carer.see(LATE)                                 # what was on its way is shown; one press sends it, and leads back to the item
    carer.look()
    carer.press(say("interrupted.go"))
    is_at(carer, 4)
    assert typed(carer) == ("よい", LATE)
    answer(carer)
    is_at(carer, 5)


def finish(carer: Person) -> datetime.date:
    """One answer was given too soon. Returns the day on which the page says that the money arrives."""
    carer.pick("よい")
    carer.fill("そう思うところ", "5つ目")
    answer(carer)
    is_at(carer, 6)
    carer.press(say("tasks.undo"))
    is_at(carer, 5)
    assert typed(carer) == ("よい", "5つ目")
    carer.fill("そう思うところ", "5つ目を直した")
    answer(carer)
    is_at(carer, 6)
    carer.pick("よい")
    carer.fill("そう思うところ", "6つ目")
    answer(carer)
    carer.see(say("tasks.finish.title"))
    carer.look()
    carer.press(say("tasks.finish.go"))
    carer.see(say("tasks.done.title"))
    carer.look()
    carer.shot("carer-done")
    carer.see(f"{NET}円", say("money.pay_on"))
    month, day = re.search(carer._loose(say("money.pay_on")) + r"\D*(\d+)月\D*(\d+)日", carer.text()).groups()
    return datetime.date(2026, int(month), int(day))


def is_paid(carer: Person, clock_at, day: datetime.date) -> None:
    """Nobody looks at the answers: the clock approves them, the night closes what is due, and the bank brings it."""
    clock_at("2026-12-09 00:00")
    put_together()
    assert approve_for_silent() == SIX
    clock_at("2026-12-10 02:00")
    assert close_batches() == 1
    earning = Earning.objects.get()
    assert (earning.price_yen, earning.pay_on) == (SIX * EACH, day), "the day that was read is the day it arrives"

    clock_at(datetime.datetime.combine(day, datetime.time(10), clock.JAPAN))
    payday()
    assert (Payout.objects.get().state, Payout.objects.get().amount_yen) == ("paid", NET)
    carer.open(f"{carer.town.url}/earnings/")
    carer.see("口コミの気持ち", f"{NET}円")
    carer.look()
    carer.shot("carer-paid")


def answer(carer: Person) -> None:
    carer.press(say("tasks.answer.go"))


def heading(carer: Person, number: int) -> None:
    carer.see(say("tasks.item.of", n=number, all=SIX))


def is_at(carer: Person, number: int) -> None:
    carer.page.wait_for_url(f"**/answers/{number}/")
    heading(carer, number)


def typed(carer: Person) -> tuple[str, str]:
    """What stands in the form."""
    return carer.page.locator(":checked").get_attribute("value"), carer._field("そう思うところ").input_value()
