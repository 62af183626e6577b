"""While money is stopped: what would move it is answered with 503, in plain words, and what was typed is kept. The rest goes on."""
import inspect
from collections.abc import Iterator

import pytest
from django.urls import URLPattern, get_resolver, reverse

from machi.contracts import actions as contracts
from machi.contracts.models import ChangeOrder
from machi.messaging.models import Message
from machi.payments import actions as payments
from machi.shared.money import Yen
from machi.web.frame.money_stop import ALWAYS
from tests import rows
from tests.people import a_contest, a_contract, a_person, an_entry, an_hourly_contract, client_of, hours_written, with_bank_account
from tests.tasks.making import a_batch, a_draft
from tests.web.contracts.walking import HTMX, hidden, said, signed_in, text_of
from tests.web.reaching import reaches

pytestmark = pytest.mark.django_db
DOOR = ("machi.payments.actions.stopping", "guard")
# To agree moves money, to keep the terms or to say no does not; a stand-in takes over.
SOMETIMES = {"contracts:wish", "contracts:offer_accept", "contracts:dispute_split", "contracts:week_dispute_split", "contracts:bonus"}
DESK = {"desk:take_in", "desk:bank_line", "desk:safety", "desk:money_stop", "desk:lift_stop", "desk:answer_lift", "desk:payouts",
        "desk:batch", "desk:move_batch", "desk:batch_file", "desk:unsent", "desk:sign_ruling", "desk:answer_adjustment"}

CARDS = {"cards:go", "cards:back",                                 # no forms: to the page of the payment service, and back (web/cards)
         "payments:debt"}                                           # what a bank took back is repaid (cards/test_debts)


def addresses(patterns, room: str = "") -> Iterator[tuple[str, object]]:
    for one in patterns.url_patterns:
        if isinstance(one, URLPattern):
            yield f"{room}:{one.name}" if room else one.name, inspect.unwrap(one.callback)
        else:
            yield from addresses(one, one.namespace or room)


def test_every_address_that_leads_to_the_door_of_money_is_known_here():
    """Whoever adds one says whether each of its forms moves money (money_stop.ALWAYS) or only some (SOMETIMES, with a test below)."""
    leading = {name for name, view in addresses(get_resolver()) if reaches((view.__module__, getattr(view, "__name__", "")), DOOR)}

    assert leading - DESK == ALWAYS | SOMETIMES | CARDS


def unfunded():
    contract = a_contract()
    return client_of(contract), [contract.pk]


def delivered():
    contract = a_contract(delivered=True)
    return client_of(contract), [contract.pk]


def a_week_without_money():
    contract = an_hourly_contract()
    return client_of(contract), [contract.pk]


def a_week_to_confirm():
    contract = an_hourly_contract(funded=True)
    hours_written(contract.timesheets.get(milestone__number=1))
    contracts.submit_week(timesheet=contract.timesheets.get(milestone__number=1), by=contract.worker)
    return client_of(contract), [contract.pk, 1]


def a_draft_with_prizes():
    job = a_contest(opened=False)
    return client_of(job), [job.pk]


def a_contest_with_an_entry():
    job = an_entry().job
    return client_of(job), [job.pk]


def somebody_who_earned():
    return with_bank_account(a_contract(accepted=True).worker), []


def a_draft_of_tasks():
    batch = a_draft()
    return batch.by, [batch.pk]


def tasks_that_are_out():
    batch = a_batch()
    return batch.by, [batch.pk]


MAKERS = {"tasks:pay": a_draft_of_tasks, "tasks:top_up": tasks_that_are_out, "tasks:raise": tasks_that_are_out,
          "contracts:fund": unfunded, "contracts:accept": delivered, "contracts:week_fund": a_week_without_money,
          "contracts:week_confirm": a_week_to_confirm, "contests:open": a_draft_with_prizes, "contests:award": a_contest_with_an_entry,
          "contests:call_off": a_contest_with_an_entry, "payments:early": somebody_who_earned}


def the_address(name: str, numbers: list) -> str:
    return reverse(name, args=numbers)


@pytest.mark.parametrize("name", sorted(ALWAYS))
@pytest.mark.parametrize("typed", [{}, {"words": "ありがとうございました。", "round": "1"}])
def test_a_form_that_moves_money_waits_and_nothing_is_lost(name, typed):
    person, numbers = MAKERS[name]()
    browser = signed_in(person)
    payments.stop_money(why="確かめます。")
    before = rows.fingerprint()

    answer = browser.post(the_address(name, numbers), typed)

    assert answer.status_code == 503 and answer.headers["Retry-After"]
    assert said("stop.money") in text_of(answer) and all(value in text_of(answer) for name, value in typed.items() if name == "words")
    assert {table for table in rows.changed(before, rows.fingerprint()) if not table.startswith("django_session")} == set()
    assert browser.get(the_address(name, numbers)).status_code in (200, 302)


def test_to_sign_a_part_waits_and_to_keep_the_terms_does_not():
    contract = a_contract(funded=True)
    order = contracts.ask_for_part(milestone=contract.milestones.get(), by=contract.worker, price=Yen(4_000))
    client = signed_in(client_of(contract))
    payments.stop_money(why="確かめます。")
    address = f"/contracts/{contract.pk}/wish/"

    assert client.post(address, {"wish": order.pk, "answer": "agree"}).status_code == 503
    assert ChangeOrder.objects.get().state == "asked" and contract.milestones.get().state == "funded"
    assert client.post(address, {"wish": order.pk, "answer": "keep"}).status_code == 302


def test_a_bonus_is_looked_at_and_given_once_money_moves_again():
    contract = a_contract(accepted=True)
    client, address = signed_in(client_of(contract)), f"/contracts/{contract.pk}/bonus/"
    payments.stop_money(why="確かめます。")
    typed = {"price": "1000", "words": "ありがとうございました。", "key": hidden(client.get(address), "key"), "seen": ""}

    assert client.post(address, typed).status_code == 200
    answer = client.post(address, typed | {"seen": "1000"})
    assert answer.status_code == 503 and "ありがとうございました。" in text_of(answer) and not contract.bonuses.exists()


def test_a_stand_in_takes_over_once_money_moves_again():
    contract = a_contract(funded=True)
    stand_in = contracts.name_stand_in(contract=contract, by=contract.worker, person=a_person(), kept_percent=50)
    for person in (stand_in.person, client_of(contract)):
        contracts.agree_to_stand_in(stand_in=stand_in, by=person)
    offer = contracts.call_stand_in(stand_in=stand_in, by=contract.worker)
    browser, address = signed_in(offer.worker), reverse("contracts:offer_accept", args=[offer.pk])
    stop = payments.stop_money(why="確かめます。")

    assert browser.post(address, {"terms_hash": offer.terms_hash}).status_code == 503
    payments.lift_clean_stop(stop=stop)
    assert browser.post(address, {"terms_hash": offer.terms_hash}).status_code == 302


def test_work_is_handed_over_and_a_letter_is_sent_while_money_stands_still():
    contract = a_contract(funded=True)
    payments.stop_money(why="確かめます。")
    browser = signed_in(contract.worker)

    key = hidden(browser.get(f"/contracts/{contract.pk}/"), "key")

    browser.post(f"/contracts/{contract.pk}/message/", {"body": "届けますね。", "key": key})
    browser.post(f"/contracts/{contract.pk}/deliver/", {"round": 1, "text": "できました。", "ai_note": "なし"})

    assert Message.objects.filter(body="届けますね。").exists() and contract.milestones.get().state == "delivered"


@pytest.mark.parametrize(("language", "words"), [
    ("ja", "お金は、どこにも動いていません。"), ("ja-simple", "お金は、動いていません。"), ("en", "No money has moved.")])
def test_it_is_said_in_the_language_of_the_person(language, words):
    contract = a_contract()
    person = client_of(contract)
    person.language = language
    person.save(update_fields=["language"])
    payments.stop_money(why="確かめます。")

    assert words in text_of(signed_in(person).post(f"/contracts/{contract.pk}/fund/"))


def test_a_part_of_a_page_keeps_its_form_and_says_it_above():
    contract = a_contract()
    payments.stop_money(why="確かめます。")

    answer = signed_in(client_of(contract)).post(f"/contracts/{contract.pk}/fund/", **HTMX)

    assert answer.status_code == 503 and answer.headers["HX-Retarget"] == "#notices" and "<html" not in answer.content.decode()


def test_every_page_says_so_while_it_lasts(settings):
    settings.STOP_MARK.touch()
    assert said("stop.banner") in text_of(signed_in(a_person()).get("/home/"))
    settings.STOP_MARK.unlink()
    assert said("stop.banner") not in text_of(signed_in(a_person()).get("/home/"))
