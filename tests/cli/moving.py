"""What moves in a town while it is copied; runs inside the town's own Django (`machi manage shell`)."""
import datetime
import hashlib
import itertools
import json

from machi.accounts.models import User
from machi.contracts.actions import accept_delivery, deliver, fund, take_up_fundings
from machi.files.models import File
from machi.files.storing import path_of, store_all
from machi.ledger.models import Entry
from machi.ledger.seal import seal_until
from machi.payments import actions as payments
from machi.payments.fakebank import FakeBank
from machi.payments.models import Earning, ExpectedDeposit, Payout, PayoutBatch
from machi.privacy.actions import erase_account
from machi.shared import clock
from machi.shared.errors import Paused
from tests import people
from tests.payments.batches import morning, proposed, set_aside_on
from tests.payments.statements import Account
from tests.people import a_contract, a_person, a_staff_member, client_of, payday, with_bank_account
from tests.web.contracts.walking import upload


def move() -> None:
    """Until killed: work is paid for, handed over with a file, accepted, and paid out; prints how many entries stand by then."""
    people._numbers = itertools.count(User.objects.latest("pk").pk * 10)
    for number in itertools.count():
        with clock.moved(by=datetime.timedelta(days=-75)):
            contract = a_contract(funded=True)
            with_bank_account(contract.worker)
            step = contract.milestones.get()
            deliver(milestone=step, by=contract.worker, text="できました。", ai_note="使っていません",
                    files=store_all([upload(f"記録{number}.txt", f"{number}回目の記録".encode() * 500)]))
            accept_delivery(milestone=step, by=client_of(contract))
        payday()
        print(Entry.objects.count(), flush=True)


def join(name: str, number: int = 1) -> None:
    people._numbers = itertools.count(number)
    print(json.dumps({"pk": a_person(name).pk}))


def leave(pk: int) -> None:
    erase_account(by=User.objects.get(pk=pk))
    print(json.dumps({}))


def seal() -> None:
    """What is written until now lies under a seal."""
    print(json.dumps({"digest": seal_until(datetime.datetime.now(datetime.UTC)).hex()}))


def _digest(file: File) -> str:
    return hashlib.sha256(path_of(file.stored_as).read_bytes()).hexdigest()


def _whole_files() -> dict[str, bool]:
    return {file.stored_as: path_of(file.stored_as).exists() and _digest(file) == file.sha256 for file in File.objects.all()}


def _keys() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("key", flat=True))


def _states() -> list[str]:
    return list(Payout.objects.order_by("pk").values_list("state", flat=True))


def look() -> None:
    """The books in the order in which they were written, what the bank has, and every file as its row knows it."""
    print(json.dumps({
        "entries": _keys(), "files": _whole_files(),
        "bank": [line.key for line in FakeBank().statement()], "people": {user.pk: user.name for user in User.objects.all()}}))


def pay_by_bank() -> None:
    """In a town with a bank of its own: a transfer comes, work with a file is accepted, and what it brings lies in a batch whose file one
    person put together, another agreed to, and somebody carried to the bank.
    """
    people._numbers = itertools.count(1_000)
    first, second = a_staff_member("finance"), a_staff_member("finance")
    with clock.moved(by=datetime.timedelta(days=-45)):
        contract = a_contract(reward_yen=500_000)
        with_bank_account(contract.worker)
        fund(contract=contract, by=client_of(contract))
        deposit = ExpectedDeposit.objects.get()
        Account(first).shows((deposit.amount_yen, f"{deposit.code} ﾐﾅﾄ"))
        take_up_fundings()
        step = contract.milestones.get()
        deliver(milestone=step, by=contract.worker, text="できました。", ai_note="使っていません",
                files=store_all([upload("記事.txt", "港の一日。".encode() * 2_000)]))
        accept_delivery(milestone=step, by=client_of(contract))
    with clock.moved(to=set_aside_on(Earning.objects.get().pay_on)):
        payments.pay_due()
        batch = payments.approve_batch(batch=proposed(first), by=second)
        payments.take_file(batch=batch, by=second)
    look_by_bank()


def look_by_bank() -> None:
    """What is under way to the bank; the file again, to the byte, unless money stands still."""
    batch = PayoutBatch.objects.get()
    try:
        data = payments.take_file(batch=batch, by=batch.approved_by)
    except Paused:
        data = b""
    print(json.dumps({
        "batch": [batch.state, batch.count, batch.total_yen], "payouts": _states(), "books": _keys(), "files": _whole_files(),
        "file": hashlib.sha256(data).hexdigest() if data else "money stands still"}))


def bring_statement() -> None:
    """The bank carried the file while the town was away: its statement says so, and somebody of the finance desk takes it in."""
    batch = PayoutBatch.objects.get()
    with clock.moved(to=morning(batch.value_on)):
        (line,) = Account(batch.proposed_by).shows((-batch.total_yen, "ｿｳｺﾞｳﾌﾘｺﾐ"))
        payments.settle_batch(line=line, batch=batch, by=batch.approved_by, reason="総合振込の合計")
    print(json.dumps({"payouts": _states(), "books": _keys()}))
