"""The bank of the demo keeps its own book: what it answered is on the disk, and a key moves money once."""
import multiprocessing
from concurrent.futures import ThreadPoolExecutor

import pytest

from machi.payments.fakebank import UNKNOWN_ACCOUNT, FakeBank, Line
from machi.shared import clock


@pytest.fixture
def bank(tmp_path) -> FakeBank:
    return FakeBank(tmp_path / "bank")


def send(bank: FakeBank, key: str = "payout:1", amount: int = 8_580, number: str = "1234567") -> Line:
    return bank.transfer(key=key, amount_yen=amount, account=f"0005-001-1-{number}", holder="マチダ タロウ")


def test_a_bank_nobody_used_has_an_empty_statement(bank):
    assert bank.statement() == [] and bank.sent_yen() == 0


def test_the_statement_holds_what_came_in_and_what_left(bank):
    bank.deposit(key="deposit:milestone:1", amount_yen=11_000, payer="みなと, 「応援会」\n\"二行目\"")
    send(bank)

    assert bank.statement() == [Line("deposit:milestone:1", clock.today(), 11_000, "みなと, 「応援会」 \"二行目\""),
                                Line("payout:1", clock.today(), -8_580, "マチダ タロウ")]
    assert bank.sent_yen() == 8_580


def test_the_same_key_moves_nothing_and_answers_what_was_done(bank, clock_at):
    clock_at("2026-12-15 10:00")
    first = send(bank)
    clock_at("2026-12-16 10:00")

    assert send(bank) == first == send(bank, amount=999_999)
    assert len(bank.statement()) == 1 and bank.sent_yen() == 8_580


def test_an_unknown_account_sends_the_money_back_at_once(bank):
    send(bank, number=UNKNOWN_ACCOUNT)

    there, back = bank.statement()
    assert (there.amount_yen, back.amount_yen, back.key, back.reason) == (-8_580, 8_580, "return:payout:1", "該当口座なし")
    assert bank.sent_yen() == 0


def test_another_process_reads_the_same_book(bank):
    send(bank)

    assert FakeBank(bank.file.parent).statement() == bank.statement()


@pytest.mark.parametrize("torn", ["payout:2,2026-12-15,-5", "payout:2,2026-12-15,-500,マチ", '"pay', "payout:2,2026-12-15,-500,マチダ,"])
def test_a_line_in_which_the_machine_died_was_never_answered(bank, torn):
    send(bank)
    with open(bank.file, "ab") as file:
        file.write(torn.encode())

    assert [line.key for line in bank.statement()] == ["payout:1"]
    send(bank, "payout:2", 500)
    assert [(line.key, line.amount_yen) for line in bank.statement()] == [("payout:1", -8_580), ("payout:2", -500)]


def test_a_letter_torn_in_the_middle_hurts_nobody(bank):
    send(bank)
    with open(bank.file, "ab") as file:
        file.write("payout:2,2026-12-15,-500,マ".encode()[:-1])

    assert [line.key for line in bank.statement()] == ["payout:1"]
    assert send(bank, "payout:2", 500).amount_yen == -500


def test_sixteen_threads_with_four_keys_move_four_times(bank):
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda n: send(bank, f"payout:{n % 4}", 100 + n % 4), range(64)))

    assert sorted(line.key for line in bank.statement()) == [f"payout:{n}" for n in range(4)]
    assert {line.amount_yen for line in answers} == {-100, -101, -102, -103} and bank.sent_yen() == 406


def _send_many(folder) -> None:
    for number in range(20):
        send(FakeBank(folder), f"payout:{number}", 100)


def test_four_processes_with_the_same_keys_move_once(bank):
    many = multiprocessing.get_context("fork")
    processes = [many.Process(target=_send_many, args=(bank.file.parent,)) for _number in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(30)

    assert bank.sent_yen() == 2_000 and len(bank.statement()) == 20
