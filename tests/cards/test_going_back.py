"""What goes back to a client goes to the card it came from, all of it or a part; once; and what no card takes stays owed."""
import datetime

import pytest

from machi.cards import stripe_door
from machi.cards.models import CardRefund
from machi.contracts.actions import accept_delivery, agree_to_change, ask_for_part, deliver
from machi.ledger.accounts import Kind
from machi.ledger.queries import balance
from machi.payments.actions import (
    answer_line,
    ask_about_cards,
    book_line,
    give_back_withheld,
    look_at_refund_account,
    pay_due,
    send_refunds,
)
from machi.payments.models import Payout, Refund, RefundAccount
from machi.payments.queries import refunds_not_by_card, refunds_of_sum
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from tests.cards.living import calls
from tests.cards.town import FEE, SUM, a_paid_contract, state, yen
from tests.conftest import broken_rules
from tests.people import client_of, with_bank_account


@pytest.fixture(autouse=True)
def cards(account):
    return account


def with_refund_account(party):
    """Named so long ago that it rests no more."""
    RefundAccount.objects.create(party=party, bank_code="0005", branch_code="001", number="7654321", holder_kana="ミナト",
                                 changed_at=clock.now() - datetime.timedelta(days=4))


def settled_for_less(back: int = 4_400):
    """Both agreed that only a part is paid."""
    contract, intent = a_paid_contract()
    milestone = contract.milestones.get()
    order = ask_for_part(milestone=milestone, by=contract.worker, price=Yen(10_000 - back * 10 // 11), words="半分までできました。")
    agree_to_change(order=order, by=client_of(contract))
    return contract, intent, Refund.objects.get()


def test_a_part_goes_back_to_the_card_and_the_rest_is_earned(by_card):
    contract, intent, refund = settled_for_less()
    assert refund.amount_yen == 4_400

    assert send_refunds() == 1 and send_refunds() == 0

    back = CardRefund.objects.get()
    assert (back.intent, back.amount_yen, back.state, state(refund)) == (intent, 4_400, "succeeded", "paid")
    assert yen(Kind.GATEWAY) == [-(SUM - FEE - 4_400)] and int(balance(Kind.CLIENT_CREDIT.of(contract.client_id))) == 0
    assert contract.client.person.notices.filter(kind="refund.arrived").exists() and broken_rules() == {}


def test_the_town_dies_after_the_service_sent_it_and_it_goes_back_once(by_card, monkeypatch):
    _contract, intent, refund = settled_for_less()
    whole = stripe_door.refund

    def dies(*given, **named):
        whole(*given, **named)
        raise stripe_door.Silent("the machine went off")
    with monkeypatch.context() as broken:
        broken.setattr(stripe_door, "refund", dies)
        with pytest.raises(OSError, match="went off"):
            send_refunds()
    assert (state(refund), CardRefund.objects.get().state) == ("sending", "asked")
    with clock.moved(by=datetime.timedelta(days=3)):            # the service has forgotten the key by now: it is found by its token
        ask_about_cards()

    assert state(refund) == "paid" and calls(by_card).count("POST /v1/refunds") >= 1
    assert yen(Kind.GATEWAY) == [-(SUM - FEE - 4_400)] and len(_at_the_service(intent)) == 1


def test_what_the_card_cannot_take_stays_owed_and_leaves_by_a_transfer(by_card, account, monkeypatch):
    contract, _intent, refund = settled_for_less()
    with_refund_account(contract.client)
    assert look_at_refund_account(refund=refund, by=account.finance) is None        # its card is asked in a moment
    monkeypatch.setattr(stripe_door, "refund", lambda *_given, **_named: None)
    send_refunds()
    send_refunds()
    assert look_at_refund_account(refund=refund, by=account.finance).number == "7654321"

    assert (CardRefund.objects.get().state, state(refund)) == ("failed", "sending")
    assert client_of(contract).notices.filter(kind="refund.no_card").count() == 1
    assert list(refunds_not_by_card()) == [refund] and int(balance(Kind.CLIENT_CREDIT.of(contract.client_id))) == 4_400
    (line,) = account.shows((-4_400, "ﾐﾅﾄ"))
    answer_line(line=line, refund=refund, by=account.finance, reason="カードに戻せなかった")
    assert state(refund) == "paid" and not refunds_not_by_card() and broken_rules() == {}


def test_what_is_at_the_card_is_no_line_of_the_bank(by_card, account, monkeypatch):
    """Else it would go back twice: by the transfer that somebody takes for it, and to the card a moment later."""
    contract, _intent, refund = settled_for_less()

    def is_silent(*_given, **_named):
        raise stripe_door.Silent("no answer")
    with monkeypatch.context() as silent:
        silent.setattr(stripe_door, "refund", is_silent)
        with pytest.raises(OSError, match="no answer"):
            send_refunds()
    (line,) = account.shows((-4_400, "ﾐﾅﾄ"))

    assert (state(refund), refunds_of_sum(4_400)) == ("sending", [])
    with pytest.raises(DomainError):
        answer_line(line=line, refund=refund, by=account.finance, reason="返金だと思った")
    assert (state(refund), state(line)) == ("sending", "open")
    assert send_refunds() == 1 and int(balance(Kind.CLIENT_CREDIT.of(contract.client_id))) == 0 and broken_rules() == {}


def test_withheld_tax_goes_back_to_the_card_too_and_its_worker_is_paid_by_the_bank(by_card, account, clock_at):
    contract, intent = a_paid_contract(is_withholding_agent=True)
    with_bank_account(contract.worker)
    deliver(milestone=contract.milestones.get(), by=contract.worker, text="できました。", ai_note="使っていません")
    accept_delivery(milestone=contract.milestones.get(), by=client_of(contract))
    clock_at(clock.end_of(contract.milestones.get().pay_on))
    pay_due()
    (left,) = account.shows((-Payout.objects.get().amount_yen, "ﾏﾁﾀﾞ"))
    answer_line(line=left, payout=Payout.objects.get(), by=account.finance, reason="出金")
    clock_at(clock.end_of(contract.milestones.get().pay_on + datetime.timedelta(days=40)))
    give_back_withheld()
    assert send_refunds() == 1

    assert (CardRefund.objects.get().intent, CardRefund.objects.get().amount_yen) == (intent, 1_021)
    assert [int(balance(kind.of(contract.client_id))) for kind in (Kind.WITHHELD, Kind.CLIENT_CREDIT)] == [0, 0] and broken_rules() == {}


def test_what_the_service_brings_to_the_bank_is_taken_from_what_lies_there(by_card, account):
    a_paid_contract()
    (line,) = account.shows((SUM - FEE, "ｽﾄﾗｲﾌﾟ"))
    book_line(line=line, use="service", by=account.finance, reason="決済サービスからの入金")

    assert yen(Kind.GATEWAY, Kind.SUSPENSE) == [0, 0] and broken_rules() == {}


def _at_the_service(intent) -> list:
    return stripe_door._ask(lambda of: of.v1.refunds.list({"payment_intent": intent.provider_id})).data
