"""What the crash tests start from and look at afterwards; runs inside the town's own Django (`machi manage shell`)."""
import datetime
import json
import os
import signal
import time

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from machi.contracts.actions import accept_delivery, accept_offer, deliver, fund
from machi.payments.fakebank import FakeBank
from machi.shared import clock
from tests.people import a_client, a_contract, a_job, a_person, a_proposal, an_offer, client_of, payday, with_bank_account

WORKERS = 5
A_DAY = 86_400                                          # seconds: longer than the longest round of crashes


def prepare(waiting: int, payable: int) -> None:
    """Deliveries that wait for their client, and work whose pay date has come. Prints what the test needs, as JSON."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")  # only this preparation may be lost, and it is not
    client = a_client()
    workers = [with_bank_account(a_person(), number=f"{number:07}") for number in range(1, WORKERS + 1)]
    contracts = [_delivered(client, workers[number % WORKERS]) for number in range(waiting)]
    for number in range(payable):
        with clock.moved(by=datetime.timedelta(days=-75)):
            contract = _delivered(client, workers[number % WORKERS])
            accept_delivery(milestone=contract.milestones.get(), by=client)
    print(json.dumps({"contracts": [contract.pk for contract in contracts], "session": _signed_in(client)}))


def _delivered(client, worker):
    offer = an_offer(a_proposal(a_job(client), worker))
    contract = fund(contract=accept_offer(offer=offer, by=worker, terms_hash=offer.terms_hash), by=client)
    deliver(milestone=contract.milestones.get(), by=worker, text="できました。", ai_note="使っていません")
    return contract


def _signed_in(user) -> str:
    session = SessionStore()
    session.update({SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
                    HASH_SESSION_KEY: user.get_session_auth_hash(),
                    "account_authentication_methods_user": str(user.pk),       # money asks who has just shown who they are
                    "account_authentication_methods": [{"method": "code", "at": time.time() + A_DAY, "email": user.email}]})
    session.create()
    return session.session_key


def die_while_funding() -> None:
    """The bank has the client's money; then, before that is written down here, this process is killed."""
    contract = a_contract()
    print(json.dumps({"contract": contract.pk}), flush=True)
    at_the_bank = FakeBank.deposit

    def deposit_and_die(self, **named):
        at_the_bank(self, **named)
        os.kill(os.getpid(), signal.SIGKILL)
    FakeBank.deposit = deposit_and_die
    fund(contract=contract, by=client_of(contract))


def look_at_contract(contract: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT state FROM contracts_contract WHERE id = %s", [contract])
        print(json.dumps({"state": cursor.fetchone()[0]}))


def look() -> None:
    """Finish what payday began, then print what is written: in the town, in the books, at the bank."""
    payday()
    payday()
    bank = [line for line in FakeBank().statement() if line.key.startswith("payout:")]
    with connection.cursor() as cursor:
        cursor.execute("SELECT contract_id FROM contracts_milestone WHERE state = 'accepted'")
        accepted = [pk for (pk,) in cursor]
        cursor.execute("SELECT count(*), count(DISTINCT reference), sum(amount_yen)::bigint FROM payments_earning")
        earnings = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM ledger_entry WHERE key LIKE 'settle:%'")
        settled = cursor.fetchone()[0]
        cursor.execute("SELECT sum(amount_yen)::bigint FROM payments_payout WHERE state = 'paid'")
        paid = cursor.fetchone()[0]
    print(json.dumps({"accepted": accepted, "earnings": earnings, "settled": settled, "paid_yen": paid,
                      "bank_yen": -sum(line.amount_yen for line in bank), "bank_lines": [line.key for line in bank]}))
