"""A month of a town that takes cards: two clients pay on the card page of the payment service, one of them gets a part back, both workers
are paid by one file of two people, and then a client's bank takes a payment back. In the end every yen is where it belongs.

The payment service runs in a process of its own (tests/cards/loopback.py); the town runs in this one, as in test_a_month_by_bank.py.
"""
import datetime
import urllib.request

import pytest

from machi.banking import checker
from machi.cards.models import Intent
from machi.checks import actions as checks
from machi.contracts import actions as contracts
from machi.ledger.accounts import Kind
from machi.ledger.queries import balance
from machi.payments import actions as payments
from machi.payments.models import BankAccount, Payout, Refund
from machi.payments.queries import reward_delivered
from machi.shared.money import Yen
from tests import conftest
from tests.cards.living import DECLINED, GOOD, KEY, SIGNING
from tests.cards.living import payment_service as payment_service
from tests.cards.town import dispute
from tests.conftest import broken_rules
from tests.looking import a_context
from tests.payments.batches import morning, set_aside_on
from tests.people import a_contract, client_of, with_bank_account
from tests.stories.person import Person
from tests.stories.test_a_month_by_bank import bring, of_the_desk, place
from tests.stories.test_a_month_by_bank import open_town as open_town
from tests.stories.words import say
from tests.web.contracts.walking import signed_in
from tests.web.desk.test_money import OPENING, upload

town = conftest.town                                # rows of its own, and the books must be right afterwards
NAMES = ("マチダ ハナ", "ミナト ソラ")
OWN, PAID_IN, FEE = 300_000, 165_000, 165_000 * 36 // 1000
BACK, NETS = 55_000, (135_850, 86_900)              # of the second work two thirds are done


@pytest.fixture
def card_town(open_town, settings, monkeypatch, payment_service):
    monkeypatch.setenv("MACHI_STRIPE_KEY", KEY)
    monkeypatch.setenv("MACHI_STRIPE_WEBHOOK", SIGNING)
    settings.MONEY_MODE, settings.STRIPE_API, settings.SITE_URL = "provider", payment_service, open_town.url
    return open_town


def client_at_home(chromium, town, work) -> Person:
    """Its client, on a telephone, without JavaScript: the card page needs none of ours."""
    person = client_of(work)
    context = a_context(chromium, town.url, width=390, script=False)
    context.add_cookies([{"name": name, "value": kept.value, "url": town.url} for name, kept in signed_in(person).cookies.items()])
    return Person(context, town, person.name, person.email, script=False)


def type_card(client: Person, number: str) -> None:
    client.page.get_by_label("Card").fill(number)
    client.page.get_by_role("button", name="Pay").click()


def test_a_month_from_two_cards_to_a_payday_and_a_payment_that_is_taken_back(chromium, card_town, payment_service, clock_at):
    one, two = of_the_desk(chromium, card_town), of_the_desk(chromium, card_town)
    works = [a_contract(reward_yen=150_000) for _name in NAMES]
    for work, name in zip(works, NAMES, strict=True):
        with_bank_account(work.worker)
        BankAccount.objects.filter(worker=work.worker).update(holder_kana=name)

    # what the service keeps is paid of the operator's own money
    bring(one, upload((OWN, "ｳﾝｴｲ")))
    place(one, "ｳﾝｴｲ", say("desk.line.own"), "運営の資金")

    # two clients pay by card: the first card of one is declined
    for number, work in enumerate(works):
        client = client_at_home(chromium, card_town, work)
        client.open(f"{card_town.url}/contracts/{work.pk}/fund/")
        client.press(say("contract.fund.deed", gross="165,000円"))
        client.see(say("card.pay.lead"), "165,000円")
        client.press(say("card.pay.go"))
        if number:
            type_card(client, DECLINED)
            client.page.get_by_role("link", name="Back").click()
            client.press(say("card.pay.go"))
        type_card(client, GOOD)
        client.see(say("deposit.here"))
        assert client.complaints == []
    assert contracts.take_up_fundings() and broken_rules() == {}
    assert int(balance(Kind.GATEWAY.of())) == -2 * (PAID_IN - FEE)

    # one work is accepted whole; of the other both agree on two thirds, and the rest goes back to its card
    first, second = works
    for work in works:
        contracts.deliver(milestone=work.milestones.get(), by=work.worker, text="できました。", ai_note="使っていません")
    contracts.accept_delivery(milestone=first.milestones.get(), by=client_of(first))
    order = contracts.ask_for_part(milestone=second.milestones.get(), by=second.worker, price=Yen(100_000), words="二つできました。")
    contracts.agree_to_change(order=order, by=client_of(second))
    assert payments.send_refunds() == 1 and Refund.objects.get().amount_yen == BACK
    assert int(balance(Kind.GATEWAY.of())) == -(2 * (PAID_IN - FEE) - BACK) and broken_rules() == {}

    # the payday: one puts the file together, the other agrees and takes it to the bank
    pay_on = max(work.milestones.get().pay_on for work in works)
    assert {work.milestones.get().pay_on for work in works} == {pay_on}
    clock_at(set_aside_on(pay_on))
    assert checks.pay_what_is_due() == 2
    one.open(f"{card_town.url}/desk/payouts/")
    one.press(say("desk.payouts.propose"))
    batch = one.page.url
    two.open(batch)
    two.press(say("desk.batch.approve"))
    with two.page.expect_download() as given:
        two.press(say("desk.batch.file"))
    read = checker.check(given.value.path().read_bytes())
    assert (read.total, [item["holder"] for item in read.items]) == (sum(NETS), ["ﾏﾁﾀﾞ ﾊﾅ", "ﾐﾅﾄ ｿﾗ"])
    two.open(batch)
    two.press(say("desk.batch.give"))
    clock_at(morning(pay_on, 18))
    bring(one, upload((-NETS[0], "ﾏﾁﾀﾞ ﾊﾅ"), (-NETS[1], "ﾐﾅﾄ ｿﾗ"), opening=OPENING + OWN))
    assert {payout.state for payout in Payout.objects.all()} == {"paid"} and int(reward_delivered().amount) == sum(NETS)

    # the bank of the first client takes its payment back: its worker was paid, and keeps every yen
    taken = Intent.objects.get(place=first.milestones.get().reference)
    body, signature = dispute(payment_service, taken, "needs_response", kind="created", amount=PAID_IN)
    for _twice in range(2):
        sent = urllib.request.Request(f"{card_town.url}/cards/messages/", data=body, headers={
            "Stripe-Signature": signature, "Content-Type": "application/json"})
        with urllib.request.urlopen(sent) as answer:
            assert answer.status == 200
    assert payments.hear_cards() == 1 and contracts.hear_of_chargebacks()
    one.open(f"{card_town.url}/desk/cards/")
    one.see(say("chargeback.state.evidence_due"), "165,000円", "2030年")
    one.look()
    one.shot("cards-taken-back")

    # what is left at the service comes to the bank
    left = 2 * (PAID_IN - FEE) - BACK - PAID_IN
    bring(one, upload((left, "ｽﾄﾗｲﾌﾟ"), opening=OPENING + OWN - sum(NETS)))
    place(one, "ｽﾄﾗｲﾌﾟ", say("desk.line.service"), "決済サービスからの入金")
    one.see(say("desk.suspense.none"))

    assert [int(balance(kind.of())) for kind in (Kind.GATEWAY, Kind.SUSPENSE, Kind.EXPENSE, Kind.BANK)] == [
        0, 0, -2 * FEE, -(OPENING + OWN - sum(NETS) + left)]
    assert int(balance(Kind.CLIENT_DEBT.of(first.client_id))) == -PAID_IN and int(reward_delivered().amount) == sum(NETS)
    assert not first.worker.notices.filter(kind__startswith="contract.taken_back").exists()     # all of it is theirs: nothing to wait for
    assert broken_rules() == {} and not checks.check(is_full=True)
    assert one.complaints == two.complaints == []
    assert datetime.date(2026, 12, 1) < pay_on
