"""The finance desk sees what cards bring: days of evidence, refunds that no card takes, and what is odd."""
import pytest

from machi.cards.models import Chargeback, Quarantine
from machi.payments.models import Refund
from tests.cards.living import account as account
from tests.cards.living import by_card as by_card
from tests.cards.living import payment_service as payment_service
from tests.cards.town import a_paid_contract, dispute, hear
from tests.web.contracts.walking import said, text_of
from tests.web.desk.staff import at_work


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
