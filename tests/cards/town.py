"""What people do in a town that takes cards, for tests."""
from machi.cards.actions import receive
from machi.cards.models import Intent
from machi.contracts.actions import fund, take_up_fundings
from machi.contracts.models import Contract
from machi.ledger.accounts import Kind
from machi.ledger.queries import balance
from machi.payments.actions import hear_cards, start_card, take_up_card
from machi.payments.models import ExpectedDeposit
from tests.cards.living import message, pay, put_dispute
from tests.people import a_contract, client_of

SUM, FEE = 11_000, 11_000 * 36 // 1000


def asked(contract: Contract) -> ExpectedDeposit:
    """The client has pressed "pay in"."""
    fund(contract=contract, by=client_of(contract))
    return ExpectedDeposit.objects.get(about=contract.reference, state="waiting")


def begun(deposit: ExpectedDeposit) -> Intent:
    """They have pressed "by card", and see the page of the service."""
    return start_card(deposit=deposit, by=deposit.asked_by, back_to="http://localhost:8000/back/")


def a_paid_contract(**named) -> tuple[Contract, Intent]:
    """Its money came by card, and its work has begun."""
    contract = a_contract(**named)
    deposit = asked(contract)
    intent = begun(deposit)
    pay(intent)
    take_up_card(deposit=deposit)
    take_up_fundings()
    return Contract.objects.get(pk=contract.pk), Intent.objects.get(pk=intent.pk)


def yen(*kinds: Kind) -> list[int]:
    return [int(balance(kind.of())) for kind in kinds]


def state(thing) -> str:
    thing.refresh_from_db()
    return thing.state


def dispute(api: str, intent: Intent, status: str, *, kind: str = "updated", amount: int = SUM, number: str = "",
            fees: list[int] | None = None) -> tuple[bytes, str]:
    """The service has this of a payment that its bank takes back, and sends a message that it has changed."""
    said = {"id": f"du_{number or intent.pk}", "object": "dispute", "amount": amount, "currency": "jpy", "reason": "fraudulent",
            "status": status, "payment_intent": intent.provider_id, "evidence_details": {"due_by": 1_893_456_000},
            "balance_transactions": [{"id": f"txn_{fee}", "object": "balance_transaction", "amount": -amount, "fee": fee}
                                     for fee in fees or ()]}
    put_dispute(api, **said)
    return message(f"charge.dispute.{kind}", said)


def hear(*told: tuple[bytes, str]) -> None:
    for body, signature in told:
        receive(body, signature)
    hear_cards()
