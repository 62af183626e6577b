"""The page on which one side asks to go on for some months more, and where both read of it."""
import datetime

import pytest

from machi.contracts import actions
from machi.contracts.models import ChangeOrder, Contract
from machi.jobs.plans import Step
from machi.notifications.words import day
from machi.payments.fees import settlement
from machi.shared import clock
from machi.shared.money import Yen
from tests.people import a_contract_in_months, a_contract_in_steps, a_member, an_organisation, client_of
from tests.web.contracts.walking import HTMX, as_it_stands, said, signed_in, text_of

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def two_browsers(months: int = 3, **values) -> tuple[Contract, object, object]:
    contract = a_contract_in_months(months, funded=True, **values)
    return contract, signed_in(contract.worker), signed_in(client_of(contract))


def at(contract: Contract, where: str) -> str:
    return f"/contracts/{contract.pk}/{where}"


def asked(browser, contract: Contract, **typed):
    return browser.post(at(contract, "go-on/"), as_it_stands(browser.get(at(contract, "go-on/")), at(contract, "go-on/")) | typed)


def test_one_chooses_how_many_months_and_the_other_agrees_with_one_press():
    contract, worker, client = two_browsers()
    last_on = contract.milestones.get(number=3).due_on
    page = text_of(worker.get(at(contract, "go-on/")))
    for words in (day(clock.months_away(last_on, 1)), "10,000円", "20,000円", said("go_on.before_end")):
        assert words in page

    assert asked(worker, contract, months="2", words="来年もお願いします。").status_code == 302
    room = text_of(client.get(at(contract, "")))
    assert said("go_on.kind", n=2) in room and "来年もお願いします。" in room
    wish = text_of(client.get(at(contract, "wish/")))
    money = settlement(Yen(10_000), on=clock.today(), is_withheld=False, before=Yen(40_000))
    for words in (said("go_on.kind", n=2), "4か月目", "5か月目", f"{int(money.worker_receives):,}円", f"{int(money.client_pays):,}円"):
        assert words in wish
    assert "2か月目" not in wish, "only what is added"
    assert client.post(at(contract, "wish/"), {"wish": ChangeOrder.objects.get().pk, "answer": "agree"}).status_code == 302

    assert contract.milestones.filter(state="agreed").count() == 4
    assert "5か月目" in text_of(worker.get(at(contract, "")))


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize("months", ["", "0", "13", "-1", "1.5", "たくさん", "9" * 40])
def test_a_number_that_cannot_be_is_said_beside_the_field_and_words_stay(months, headers):
    contract, worker, _client = two_browsers()

    answer = worker.post(at(contract, "go-on/"), {"months": months, "words": "ここまで書きました"}, **headers)

    assert answer.status_code == 422 and said("go_on.choose") in text_of(answer) and "ここまで書きました" in answer.content.decode()
    assert not ChangeOrder.objects.exists()


def test_whoever_was_asked_for_months_may_ask_for_another_number():
    contract, worker, client = two_browsers()
    asked(worker, contract, months="6")
    assert f'href="{at(contract, "go-on/")}"' in client.get(at(contract, "wish/")).content.decode()

    late = client.post(at(contract, "go-on/"), {"months": "2", "words": "まず2か月で。"})
    assert late.status_code == 409 and "まず2か月で。" in late.content.decode(), "an old window that has not seen the wish"
    assert asked(client, contract, months="2").status_code == 302

    assert list(ChangeOrder.objects.order_by("pk").values_list("state", "months_count", "side")) == [
        ("answered", 6, "worker"), ("asked", 2, "client")]


def test_a_wish_whose_contract_is_over_meanwhile_is_refused_and_nothing_typed_is_lost():
    contract, worker, client = two_browsers(2)
    token = as_it_stands(worker.get(at(contract, "go-on/")), at(contract, "go-on/"))
    actions.agree_to_change(order=actions.ask_to_end(contract=contract, by=client_of(contract), prices={1: Yen(0)}), by=contract.worker)

    answer = worker.post(at(contract, "go-on/"), token | {"months": "1", "words": "ここまで書きました"})

    assert answer.status_code == 409 and "ここまで書きました" in answer.content.decode()
    assert worker.get(at(contract, "go-on/")).status_code == 302


def test_two_weeks_before_the_last_month_is_over_the_room_says_so_to_both(clock_stands_at):
    contract, worker, client = two_browsers(2)
    last_on = contract.milestones.get(number=2).due_on
    assert said("go_on.near").partition("%(day)s")[2] not in text_of(worker.get(at(contract, "")))

    clock_stands_at(clock.start_of(last_on - 14 * DAY))
    words = said("go_on.near", day=day(last_on))
    contract.milestones.filter(number=1).update(due_on=clock.today())
    for browser in (worker, client):
        assert words in text_of(browser.get(at(contract, "")))
    asked(worker, contract, months="1")
    assert words not in text_of(client.get(at(contract, ""))), "then it is the wish that stands there"


def test_other_work_and_whoever_only_pays_see_nothing_of_it():
    steps = a_contract_in_steps(funded=True)
    worker = signed_in(steps.worker)
    assert said("go_on.go") not in text_of(worker.get(at(steps, "")))
    assert worker.get(at(steps, "go-on/")).status_code == 302 and worker.post(at(steps, "go-on/"), {"months": "1"}).status_code == 409

    party = an_organisation()
    contract, _worker, _client = two_browsers(party=party, by=party.people("keeper")[0])
    payer = signed_in(a_member(party, "payer"))
    assert said("go_on.go") not in text_of(payer.get(at(contract, "")))
    assert payer.post(at(contract, "go-on/"), {"months": "1"}).status_code == 409 and not ChangeOrder.objects.exists()


def test_where_a_month_that_waits_has_passed_other_terms_are_talked_about_first(clock_stands_at):
    contract, worker, _client = two_browsers()
    contract.milestones.filter(number=2).update(due_on=clock.today() - DAY)

    assert worker.get(at(contract, "go-on/")).status_code == 302
    assert worker.post(at(contract, "go-on/"), {"months": "1"}).status_code == 409


def test_a_month_at_another_price_is_asked_for_as_other_terms():
    contract, worker, _client = two_browsers()
    waiting = [Step(step.title, Yen(12_000), step.due_on) for step in contract.milestones.filter(state="agreed").order_by("number")]
    actions.agree_to_change(order=actions.ask_for_terms(contract=contract, by=contract.worker, steps=waiting), by=client_of(contract))

    assert said("go_on.each", price="12,000円", day=day(clock.months_away(waiting[-1].due_on, 1))) in text_of(
        worker.get(at(contract, "go-on/")))
