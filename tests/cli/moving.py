"""What moves in a town while it is copied; runs inside the town's own Django (`machi manage shell`)."""
import datetime
import hashlib
import itertools
import json

from machi.accounts.models import User
from machi.contracts.actions import accept_delivery, deliver
from machi.files.models import File
from machi.files.storing import path_of, store_all
from machi.ledger.models import Entry
from machi.payments.fakebank import FakeBank
from machi.privacy.actions import erase_account
from machi.shared import clock
from tests import people
from tests.people import a_contract, a_person, client_of, payday, with_bank_account
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


def _digest(file: File) -> str:
    return hashlib.sha256(path_of(file.stored_as).read_bytes()).hexdigest()


def look() -> None:
    """The books in the order in which they were written, what the bank has, and every file as its row knows it."""
    files = {file.stored_as: path_of(file.stored_as).exists() and _digest(file) == file.sha256 for file in File.objects.all()}
    print(json.dumps({
        "entries": list(Entry.objects.order_by("pk").values_list("key", flat=True)), "files": files,
        "bank": [line.key for line in FakeBank().statement()], "people": {user.pk: user.name for user in User.objects.all()}}))
