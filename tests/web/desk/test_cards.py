"""The finance desk sees what cards bring: days of evidence, refunds that no card takes, and what is odd."""
import json

import pytest
from django.test import Client
from django.urls import reverse

from machi.cards.models import Chargeback, Quarantine
from machi.contracts.actions import accept_delivery, deliver
from machi.payments.actions import name_refund_account
from machi.payments.models import Debt, ExpectedDeposit, Refund, Taken
from machi.payments.queries import hold
from machi.shared import clock
from tests.cards.living import account as account
from tests.cards.living import by_card as by_card
from tests.cards.living import payment_service as payment_service
from tests.cards.town import SUM, a_paid_contract, dispute, hear
from tests.people import client_of
from tests.web.contracts.walking import said, signed_in, text_of
from tests.web.desk.staff import at_work
from tests.web.payments.test_transfers import ACCOUNT


@pytest.fixture
def desk(account):
    return at_work("finance")[0]


def test_until_when_evidence_is_due_what_was_held_and_what_is_owed(desk, by_card):
    assert said("desk.cards.taken_back.none") in text_of(desk.get("/desk/cards/"))
    contract, intent = a_paid_contract()
    hear(dispute(by_card, intent, "needs_response"))

    shown = text_of(desk.get("/desk/cards/"))

    for words in (Chargeback.objects.get().get_state_display(), "2030年", "11,000円", str(contract.client)):
        assert words in shown


def test_a_refund_without_a_card_is_named(desk):
    contract, _intent = a_paid_contract()
    Refund.objects.create(party=contract.client, reference="withheld:0", about="party:1", title="どこにも戻せない分", amount_yen=99_999,
                          requested_at=contract.formed_at)
    assert "どこにも戻せない分" in text_of(desk.get("/desk/cards/"))
    Refund.objects.all().delete()


def test_what_is_odd_is_looked_at_with_words_and_then_gone_from_the_list(desk):
    odd = Quarantine.objects.create(thing="pi_9", why="amount", amount_yen=1, currency="jpy", found_at="2026-12-01T00:00:00Z")
    assert "pi_9" in text_of(desk.get("/desk/cards/"))

    assert desk.post(f"/desk/cards/{odd.pk}/", {"words": " "}).status_code == 422
    assert desk.post(f"/desk/cards/{odd.pk}/", {"words": "管理画面で確かめた"})["Location"] == "/desk/cards/"

    odd.refresh_from_db()
    assert odd.words == "管理画面で確かめた" and "pi_9" not in text_of(desk.get("/desk/cards/"))
    assert "管理画面で確かめた" in text_of(desk.get(f"/desk/cards/{odd.pk}/"))


def test_held_money_that_is_lost_is_stood_in_for_by_two_people(desk, by_card):
    contract, intent = a_paid_contract()
    hear(dispute(by_card, intent, "lost"))
    taken = Taken.objects.get()
    assert "11,000円" in text_of(desk.get("/desk/cards/"))
    assert said("desk.cards.stand_in.text") in text_of(desk.get(f"/desk/cards/held/{taken.pk}/"))
    assert desk.post(f"/desk/cards/held/{taken.pk}/", {"words": " "}).status_code == 422

    asked = desk.post(f"/desk/cards/held/{taken.pk}/", {"words": "納品された仕事のためです。"})["Location"]

    assert "納品された仕事のためです。" in text_of(desk.get(asked))
    assert desk.post(f"{asked}answer/", {"answer": "sign"}).status_code == 409
    assert at_work("finance")[0].post(f"{asked}answer/", {"answer": "sign"}).status_code == 302
    taken.refresh_from_db()
    assert taken.state == "covered" and desk.get(f"/desk/cards/held/{taken.pk}/").status_code == 404


def test_both_sides_read_in_the_room_what_follows_and_the_client_is_led_to_pay_anew(by_card, account, tmp_path):
    (tmp_path / "account.json").write_text(json.dumps({"account": [ACCOUNT]}))
    contract, intent = a_paid_contract()
    hear(dispute(by_card, intent, "lost"))
    client, worker = signed_in(client_of(contract)), signed_in(contract.worker)
    again = ExpectedDeposit.objects.get(place__startswith="again:")

    room = client.get(f"/contracts/{contract.pk}/")
    assert f"/earnings/deposit/{again.pk}/" in room.content.decode() and "払い直すと、仕事が続きます" in text_of(room)
    way = text_of(client.get(f"/earnings/deposit/{again.pk}/"))
    assert said("card.pay.or_transfer.text") in way and again.code in way
    room = text_of(worker.get(f"/contracts/{contract.pk}/"))
    assert "この区切りは報酬なしで終わり、実績には響きません" in room and "払い直す" not in said("standing.lost")


def test_what_a_client_owes_is_seen_with_its_age_and_they_are_led_to_repay_it(desk, by_card):
    contract, intent = a_paid_contract()
    deliver(milestone=contract.milestones.get(), by=contract.worker, text="できました。", ai_note="使っていません")
    accept_delivery(milestone=contract.milestones.get(), by=client_of(contract))
    hear(dispute(by_card, intent, "lost"))
    debt, client = Debt.objects.get(), signed_in(client_of(contract))

    shown = text_of(desk.get("/desk/cards/"))
    assert "0日前から" in shown and said("desk.cards.debts.number", number=contract.client_id) in shown and "11,000円" in shown
    assert "11,000円" in text_of(client.get(f"/earnings/debt/{debt.pk}/"))
    way = client.post(f"/earnings/debt/{debt.pk}/")["Location"]
    assert said("debt.title") in text_of(client.get(way)) and client.post(f"/earnings/debt/{debt.pk}/")["Location"] == way
    assert signed_in(contract.worker).get(f"/earnings/debt/{debt.pk}/").status_code == 404
    Debt.objects.update(back_yen=SUM)
    assert client.post(f"/earnings/debt/{debt.pk}/").status_code == 409
    Debt.objects.update(back_yen=0)


def test_a_refund_that_no_card_takes_leads_to_the_account_to_transfer_it_to(desk):
    contract, _intent = a_paid_contract()
    refund = Refund.objects.create(party=contract.client, reference="withheld:0", about="party:1", title="どこにも戻せない分",
                                   amount_yen=99_999, requested_at=contract.formed_at)
    address = f"/desk/refunds/{refund.pk}/"
    assert f'href="{address}"' in desk.get("/desk/cards/").content.decode() and said("refund.no_account") in text_of(desk.get(address))
    with clock.moved(by=-hold()):
        name_refund_account(party=contract.client, by=client_of(contract), bank_code="0005", branch_code="001", kind="1", number="7654321",
                            holder_kana="ミナト")
    assert "7654321" in text_of(desk.get(address)) and "7654321" not in text_of(desk.get("/desk/cards/"))
    Refund.objects.all().delete()


def test_the_terms_say_how_cards_are_where_clients_pay_so(by_card, settings):
    assert said("terms.by_card") in text_of(Client().get(reverse("guide:terms")))
    settings.MONEY_MODE = "bank"
    assert said("terms.by_card") not in text_of(Client().get(reverse("guide:terms")))
