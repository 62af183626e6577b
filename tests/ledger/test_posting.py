"""Posting: every entry once, every yen in its place, nobody below the floor; one round trip, all or none."""
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from machi.ledger.accounts import Kind, has_floor, kind_of, name_of
from machi.ledger.actions import Entry, KeyTaken, Malformed, NotEnoughMoney, Transfer, post, post_batch
from machi.ledger.invariants import broken as broken_books
from machi.ledger.queries import balance
from machi.shared.errors import DomainError
from machi.shared.money import Yen

pytestmark = pytest.mark.django_db
IN, ANNA, BEN, FEE = Kind.GATEWAY.of(), Kind.WORKER.of(1), Kind.WORKER.of(2), Kind.FEE.of()


@pytest.fixture(autouse=True)
def the_books_are_right():
    yield
    assert broken_books() == {}


def gift(to: int = ANNA, amount: int = 5, key: str = "gift:1", actor: str = "user:1") -> int:
    return post(Entry(key, actor, "contract:1", [Transfer(IN, to, Yen(amount))]))


def test_an_account_number_carries_its_kind_and_its_owner():
    assert Kind.ESCROW.of(123) == 11_000000000123 and kind_of(11_000000000123) is Kind.ESCROW
    assert (name_of(Kind.ESCROW.of(123)), name_of(FEE), name_of(Kind.CLIENT_DEBT.of(7))) == ("escrow:123", "fee", "client_debt:7")
    assert has_floor(ANNA) and not has_floor(FEE)
    for owner in (-1, 1_000_000_000_000):
        with pytest.raises(ValueError, match="does not fit"):
            Kind.ESCROW.of(owner)


def test_yen_go_from_one_account_to_the_other():
    gift(amount=8_580)
    post(Entry("pay:1", "user:1", "contract:1", [Transfer(ANNA, BEN, Yen(500)), Transfer(ANNA, FEE, Yen(80))]))

    assert [balance(account) for account in (IN, ANNA, BEN, FEE, Kind.WORKER.of(99), Kind.LOSS.of())] == [-8_580, 8_000, 500, 80, 0, 0]


def test_the_same_entry_again_is_the_same_entry_whoever_repeats_it():
    assert gift() == gift(actor="system:clock")
    assert balance(ANNA) == 5


@pytest.mark.parametrize("other", [{"amount": 6}, {"to": BEN}, {"to": FEE}])
def test_the_same_key_with_another_content_is_refused(other):
    gift()

    with pytest.raises(KeyTaken), transaction.atomic():
        gift(**other)
    with pytest.raises(KeyTaken), transaction.atomic():
        post(Entry("gift:1", "user:1", "contract:2", [Transfer(IN, ANNA, Yen(5))]))
    assert balance(ANNA) == 5


def test_nobody_is_overdrawn():
    gift(amount=100)

    for account, amount in ((ANNA, 101), (BEN, 1)):             # BEN was never opened
        with pytest.raises(NotEnoughMoney), transaction.atomic():
            post(Entry("take", "user:1", "", [Transfer(account, FEE, Yen(amount))]))
    post(Entry("take", "user:1", "", [Transfer(ANNA, FEE, Yen(100))]))      # the refused key is free
    assert balance(ANNA) == 0


def test_what_comes_and_goes_within_one_entry_is_counted_together():
    post(Entry("through", "user:1", "", [Transfer(ANNA, FEE, Yen(5)), Transfer(IN, ANNA, Yen(5))]))

    assert balance(ANNA) == 0


@pytest.mark.parametrize(("debit", "credit", "amount"), [
    (IN, ANNA, 0), (IN, ANNA, -5), (ANNA, ANNA, 5), (IN, 12, 5), (IN, 30 * 10**12, 5), (99 * 10**12, FEE, 5), (-1, FEE, 5)])
def test_impossible_transfers_are_refused_in_words(debit, credit, amount):
    with pytest.raises((Malformed, NotEnoughMoney)) as refusal, transaction.atomic():
        post(Entry("wrong", "user:1", "", [Transfer(debit, credit, Yen(amount))]))

    assert isinstance(refusal.value, DomainError) and not str(refusal.value).startswith("ledger.")


def test_an_entry_without_transfers_is_refused():
    with pytest.raises(Malformed), transaction.atomic():
        post(Entry("empty", "user:1", "", []))


def test_an_entry_belongs_to_the_transaction_of_its_caller():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        gift()
        print(1 / 0)

    assert balance(ANNA) == 0
    assert gift()


@pytest.mark.parametrize("count", [1, 4, 40])
def test_one_entry_is_one_round_trip_however_many_transfers(count):
    with CaptureQueriesContext(connection) as asked:
        post(Entry("many", "user:1", "", [Transfer(IN, Kind.WORKER.of(n + 1), Yen(1)) for n in range(count)]))

    assert len(asked) == 1


# ---- many at once ----------------------------------------------------------------------------------------------------

def single(key: str, debit: int, credit: int, amount: int) -> Entry:
    return Entry(key, "system:clock", key, [Transfer(debit, credit, Yen(amount))])


def test_a_batch_moves_everybody_once():
    wishes = [single(f"p:{n}", IN, Kind.WORKER.of(n), 8_000) for n in range(1, 21)]

    assert (post_batch(wishes[:15], actor="system:clock"), post_batch(wishes, actor="system:clock")) == (15, 5)
    assert {balance(Kind.WORKER.of(n)) for n in range(1, 21)} == {8_000} and balance(IN) == -160_000


def test_a_batch_is_all_or_none():
    gift(amount=10)

    with pytest.raises(NotEnoughMoney), transaction.atomic():
        post_batch([single("a", ANNA, FEE, 10), single("b", BEN, FEE, 1)], actor="system:clock")
    assert (balance(ANNA), balance(FEE)) == (10, 0)


@pytest.mark.parametrize("again", [
    [single("a", IN, ANNA, 6)], [single("a", IN, BEN, 5)], [single("b", IN, ANNA, 1), single("b", IN, ANNA, 2)],
    [single("c", IN, ANNA, 1), single("a", IN, ANNA, 6)]])
def test_a_batch_refuses_a_key_with_another_content(again):
    post_batch([single("a", IN, ANNA, 5)], actor="system:clock")

    with pytest.raises(KeyTaken), transaction.atomic():
        post_batch(again, actor="system:clock")
    assert balance(ANNA) == 5


def test_a_batch_holds_entries_of_one_transfer():
    with pytest.raises(ValueError, match="exactly one transfer"):
        post_batch([Entry("x", "a", "r", [Transfer(IN, ANNA, Yen(1)), Transfer(IN, BEN, Yen(1))])], actor="a")
