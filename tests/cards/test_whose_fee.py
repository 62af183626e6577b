"""What the payment service takes for a chargeback: the town's, unless its client had read that it is theirs when they paid."""
import json

import pytest

from machi.ledger.accounts import Kind
from machi.payments import actions as payments
from machi.payments.models import Debt
from tests.cards.test_debts import an_owing_client, of
from tests.cards.test_debts import cards as cards
from tests.cards.town import SUM, a_paid_contract, asked, begun, dispute, hear, yen
from tests.conftest import broken_rules
from tests.people import a_contract, client_of
from tests.web.contracts.walking import signed_in


def charged_to_clients(settings) -> None:
    """The operator has chosen so, and whoever pays from now on reads it first."""
    row = {"from": "2024-11-02", "chargeback_fee": "client", "source": "運営の選択"}
    (settings.MACHI_HOME / "money.json").write_text(json.dumps({"cards": [row]}))


def test_where_a_client_had_read_so_the_fee_of_a_lost_chargeback_of_accepted_work_is_theirs(by_card, settings):
    charged_to_clients(settings)
    contract, intent, _debt = an_owing_client(by_card)
    expense = yen(Kind.EXPENSE)[0]
    hear(dispute(by_card, intent, "under_review", fees=[1_500]))
    assert (of(contract)[0], yen(Kind.EXPENSE)) == (-SUM, [expense - 1_500])
    told = [dispute(by_card, intent, "lost", fees=[1_500])] * 2
    hear(*told)
    hear(*told)

    assert (of(contract), yen(Kind.EXPENSE)) == ((-SUM - 1_500, 8_580), [expense]) and broken_rules() == {}
    assert client_of(contract).notices.filter(kind="debt.fee").count() == 1
    fee = Debt.objects.get(reference__startswith="chargeback_fee:")
    assert "手数料" in signed_in(client_of(contract)).get(f"/earnings/debt/{fee.pk}/").text


@pytest.mark.parametrize("is_repaid", [False, True])
def test_a_fee_that_the_service_gives_back_is_owed_no_more_and_told_again_it_is_the_towns(by_card, settings, account, is_repaid):
    charged_to_clients(settings)
    contract, intent, _debt = an_owing_client(by_card)
    expense = yen(Kind.EXPENSE)[0]
    hear(dispute(by_card, intent, "lost", fees=[1_300]))
    if is_repaid:
        fee = Debt.objects.get(reference__startswith="chargeback_fee:")
        deposit = payments.ask_to_repay(debt=fee, by=client_of(contract))
        account.shows((1_300, f"{deposit.code} ﾐﾅﾄ"))
        assert of(contract)[0] == -SUM and broken_rules() == {}
    for again, towns in ((0, 0), (1_300, 1_300), (0, 0)):
        hear(dispute(by_card, intent, "lost", fees=[again]))
        assert (of(contract)[0], yen(Kind.EXPENSE)) == (-SUM, [expense - towns]) and broken_rules() == {}

    assert sum(contract.client.refunds.values_list("amount_yen", flat=True)) == (1_300 if is_repaid else 0)


def test_a_fee_that_is_told_after_it_was_lost_is_theirs_too(by_card, settings):
    charged_to_clients(settings)
    contract, intent, _debt = an_owing_client(by_card, "lost")
    hear(dispute(by_card, intent, "lost", fees=[1_300]))

    assert of(contract)[0] == -SUM - 1_300 and broken_rules() == {}


def test_whoever_paid_before_the_town_said_so_pays_no_fee(by_card, settings):
    contract, intent, _debt = an_owing_client(by_card)
    charged_to_clients(settings)
    hear(dispute(by_card, intent, "lost", fees=[1_500]))

    assert of(contract)[0] == -SUM and broken_rules() == {}


def test_where_nobody_was_paid_for_the_work_yet_the_fee_is_the_towns(by_card, settings):
    charged_to_clients(settings)
    contract, intent = a_paid_contract()
    hear(dispute(by_card, intent, "lost", fees=[1_500]))

    assert of(contract) == (0, 0) and not Debt.objects.exists() and broken_rules() == {}


def test_before_they_pay_a_client_reads_whose_the_fee_would_be(by_card, settings):
    deposit = asked(a_contract())
    browser, words = signed_in(deposit.asked_by), "手数料もお支払い"
    assert words not in browser.get(f"/earnings/deposit/{deposit.pk}/").text
    intent = begun(deposit)
    charged_to_clients(settings)
    assert words in browser.get(f"/earnings/deposit/{deposit.pk}/").text
    assert begun(deposit) == intent and not begun(deposit).is_fee_theirs        # the page they began from said nothing of it
