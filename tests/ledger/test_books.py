"""The books, years later: what was sealed stays as it was, and every kind of damage is named."""
import datetime
import random
import subprocess
import threading
import time

import pytest

from machi.ledger.accounts import Kind
from machi.ledger.actions import Entry, NotEnoughMoney, Transfer, post, post_batch
from machi.ledger.export import hledger_name, journal
from machi.ledger.invariants import RULES
from machi.ledger.invariants import broken as broken_books
from machi.ledger.queries import balance
from machi.ledger.seal import seal_until
from machi.payments.actions import seal_books
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from tests import database

SEALED = "a sealed day is as it was sealed"
KEPT = "the sum kept at a seal is that of the transfers before it"


def gift(number: int, amount: int = 5) -> int:
    return post(Entry(f"gift:{number}", "user:1", "a (strange); | reference",
                      [Transfer(Kind.GATEWAY.of(), Kind.WORKER.of(number), Yen(amount))]))


@pytest.fixture
def damage(town, breaks_books):
    """The way around every trigger, which only a superuser has."""
    with database.as_superuser() as root:
        root.execute("SET session_replication_role = replica")
        yield root


# ---- the seal --------------------------------------------------------------------------------------------------------

def test_an_altered_row_breaks_its_seal_and_no_other(damage):
    moments, entries = [], []
    for number in range(1, 4):
        entries.append(gift(number))
        moments.append(datetime.datetime.now(datetime.UTC))
        seal_until(moments[-1])
    assert broken_books() == {}

    damage.execute("UPDATE ledger_entry SET actor = 'user:2' WHERE id = %s", (entries[1],))
    assert broken_books() == {SEALED: [moments[1]]}
    damage.execute("UPDATE ledger_entry SET actor = 'user:1' WHERE id = %s", (entries[1],))
    assert broken_books() == {}
    damage.execute("UPDATE ledger_entry SET happened_at = happened_at + interval '1 microsecond' WHERE id = %s", (entries[2],))
    assert broken_books() == {SEALED: [moments[2]]}


def test_a_forged_seal_names_itself_and_the_next(damage):
    moments = []
    for number in range(1, 4):
        gift(number)
        moments.append(datetime.datetime.now(datetime.UTC))
        seal_until(moments[-1])

    damage.execute("UPDATE ledger_seal SET digest = 'forged' WHERE until_at = %s", (moments[0],))
    assert broken_books() == {SEALED: moments[:2]}


def test_the_seal_waits_for_a_late_writer(town, breaks_books, as_role):
    late = as_role("machi_app")
    late.autocommit = False
    late.execute("SELECT ledger_post_entry('late:1', 'user:1', '', %s, %s, %s)", ([Kind.GATEWAY.of()], [Kind.WORKER.of(1)], [7]))
    moment = datetime.datetime.now(datetime.UTC)
    with pytest.raises(DomainError):
        seal_until(moment, patience_seconds=0.2)

    threading.Timer(0.3, late.commit).start()
    seal_until(moment, patience_seconds=20)
    assert broken_books() == {}
    late.autocommit = True


def test_a_time_that_is_not_over_is_not_sealed(town):
    with pytest.raises(DomainError):
        seal_until(datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1))


def test_each_night_the_day_that_is_over_is_sealed_once_and_nothing_can_be_put_into_it_later(damage):
    gift(1)
    assert seal_books() is True and seal_books() is False
    assert broken_books() == {}

    damage.execute("UPDATE ledger_entry SET happened_at = happened_at - interval '1 day'")
    assert SEALED in broken_books()


# ---- every rule of the books can fail --------------------------------------------------------------------------------

DAMAGE = {
    "all accounts together are zero": "",                          # one row names both sides: it cannot be otherwise
    "an entry has its transfers, numbered from one": "UPDATE ledger_transfer SET line = 2",
    "a transfer has its entry": "DELETE FROM ledger_entry",
    "a transfer names open accounts": "DELETE FROM ledger_account",
    "a cached balance is the sum of its transfers": "UPDATE ledger_balance SET balance_yen = balance_yen + 1",
    KEPT: "UPDATE ledger_daysum SET sum_yen = sum_yen + 1",
    "no account is below its floor": "UPDATE ledger_balance SET floor_yen = balance_yen + 1",
    SEALED: "UPDATE ledger_transfer SET amount_yen = amount_yen + 1",
}


@pytest.mark.parametrize("rule", [rule for rule, sql in DAMAGE.items() if sql])
def test_a_damaged_book_is_named(damage, rule):
    gift(1)
    seal_until(datetime.datetime.now(datetime.UTC))
    damage.execute("ALTER TABLE ledger_balance DROP CONSTRAINT ledger_balance_floor")
    try:
        damage.execute(DAMAGE[rule])
        assert broken_books().get(rule), rule
    finally:
        damage.execute("DELETE FROM ledger_balance")
        damage.execute("ALTER TABLE ledger_balance ADD CONSTRAINT ledger_balance_floor CHECK (balance_yen >= floor_yen)")


@pytest.mark.parametrize("rule", [rule for rule, sql in DAMAGE.items() if sql and rule != KEPT])
def test_damage_to_what_was_written_since_the_seal_is_named_without_reading_the_past(damage, rule):
    gift(1)
    seal_until(datetime.datetime.now(datetime.UTC))
    gift(2)
    if rule == SEALED:
        seal_until(datetime.datetime.now(datetime.UTC))
    assert broken_books(lately=True) == {}
    damage.execute("ALTER TABLE ledger_balance DROP CONSTRAINT ledger_balance_floor")
    try:
        damage.execute(DAMAGE[rule])
        assert broken_books(lately=True).get(rule) or rule == "a transfer has its entry", rule    # where no entry is left, at night
    finally:
        damage.execute("DELETE FROM ledger_balance")
        damage.execute("ALTER TABLE ledger_balance ADD CONSTRAINT ledger_balance_floor CHECK (balance_yen >= floor_yen)")


def test_what_lies_in_an_account_of_the_town_is_what_was_kept_at_the_seals_and_what_came_since(damage):
    for number in range(1, 4):
        gift(number, 100 * number)
        assert balance(Kind.GATEWAY.of()) == -sum(100 * done for done in range(1, number + 1))
        seal_until(datetime.datetime.now(datetime.UTC))
        assert balance(Kind.GATEWAY.of()) == -sum(100 * done for done in range(1, number + 1))

    assert broken_books() == broken_books(lately=True) == {}
    damage.execute("UPDATE ledger_daysum SET sum_yen = sum_yen - 1 WHERE account_id = %s", (Kind.GATEWAY.of(),))
    assert broken_books() == {KEPT: [Kind.GATEWAY.of()]}


def test_every_rule_has_its_damage():
    assert set(DAMAGE) == {rule.name for rule in RULES}


def test_what_the_operator_owns_and_spends_has_its_own_place_in_the_journal():
    assert [hledger_name(kind.of()) for kind in (Kind.OWN, Kind.EXPENSE, Kind.SUSPENSE)] == [
        "equity:own", "expenses:expense", "liabilities:suspense"]


def test_hledger_accepts_the_journal_and_finds_a_changed_amount(town, breaks_books):
    gift(1)
    text = "".join(journal())

    def check(books: str) -> subprocess.CompletedProcess:
        return subprocess.run(["hledger", "-f", "-", "check", "-s"], input=books, capture_output=True, text=True)
    assert (check(text).returncode, check(text).stderr) == (0, "")
    assert check(text.replace("    5 JPY\n", "    6 JPY\n", 1)).returncode != 0


def test_the_journal_tells_every_transfer_and_ends_with_the_balances(town, breaks_books):
    gift(1, 8_580)
    lines = "".join(journal()).splitlines()

    assert "    assets:gateway    8580 JPY" in lines and "    liabilities:worker:1    -8580 JPY" in lines
    assert lines[-1] == "    liabilities:worker:1    0 JPY = -8580 JPY"
    assert not any("(strange)" in line or ";" in line or "|" in line.partition(" | ")[2] for line in lines)


# ---- many hands at once ----------------------------------------------------------------------------------------------

def test_mixed_load_knows_no_deadlock_and_loses_no_yen(race, breaks_books):
    people, kinds = range(1, 9), [Kind.WORKER, Kind.ESCROW, Kind.TRANSIT, Kind.CLIENT_CREDIT]
    for person in people:
        for kind in kinds:
            post(Entry(f"seed:{kind}:{person}", "user:1", "", [Transfer(Kind.GATEWAY.of(), kind.of(person), Yen(1_000))]))
    end = time.monotonic() + 3

    def busy(seed: int) -> int:
        dice, count = random.Random(seed), 0
        while time.monotonic() < end:
            count += 1
            between = [(dice.choice(kinds).of(dice.choice(people)), dice.choice(kinds).of(dice.choice(people))) for _n in range(4)]
            moves = [Transfer(a, b, Yen(dice.randrange(1, 50))) for a, b in between if a != b]
            try:
                if dice.random() < .3:
                    post_batch([Entry(f"mix:{seed}:{count}:{n}", "user:1", "", [move]) for n, move in enumerate(moves)], actor="user:1")
                elif moves:
                    post(Entry(f"mix:{seed}:{count}", "user:1", "", moves))
            except NotEnoughMoney:
                continue
        return count
    answers = race(*[lambda seed=seed: busy(seed) for seed in range(6)])

    assert all(type(answer) is int for answer in answers), answers
    assert sum(answers) > 100 and broken_books() == broken_books(lately=True) == {}
