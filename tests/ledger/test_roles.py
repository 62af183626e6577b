"""What the role of the town may not do, whatever the code above it says."""
import psycopg
import pytest

FORBIDDEN = {
    "machi_app": [
        "INSERT INTO ledger_account (number) VALUES (1)", "INSERT INTO ledger_balance VALUES (13000000000001, 9, 0)",
        "UPDATE ledger_balance SET balance_yen = 9", "DELETE FROM ledger_entry", "TRUNCATE ledger_seal",
        "INSERT INTO ledger_daysum (account_id, until_at, sum_yen) VALUES (1, now(), 1)", "UPDATE ledger_daysum SET sum_yen = 9",
        "UPDATE ledger_transfer SET amount_yen = 9", "SELECT ledger_move('{}', '{}')", "SELECT ledger_open(1)",
        "UPDATE activity_fact SET name = 'x'", "DELETE FROM activity_fact", "TRUNCATE activity_fact",
        "DROP TABLE ledger_transfer", "ALTER TABLE activity_fact DISABLE TRIGGER ALL",
        "SET session_replication_role = replica", "CREATE TABLE mine (n int)",
    ],
    "machi_ro": ["INSERT INTO activity_fact (name) VALUES ('x')", "DELETE FROM accounts_user",
                 "SELECT ledger_post_entry('k', 'a', 'r', '{50000000000000}', '{13000000000001}', '{1}')"],
}


@pytest.mark.parametrize("role, deed", [(role, deed) for role, deeds in FORBIDDEN.items() for deed in deeds])
def test_a_role_may_not(as_role, role, deed):
    with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)):
        as_role(role).execute(deed)


@pytest.mark.parametrize("deed", [
    "UPDATE ledger_entry SET actor = 'x'", "DELETE FROM ledger_transfer", "TRUNCATE ledger_account",
    "DELETE FROM ledger_balance", "UPDATE ledger_daysum SET sum_yen = 0", "DELETE FROM ledger_daysum",
    "UPDATE activity_fact SET name = 'x'", "DELETE FROM activity_fact", "TRUNCATE activity_fact",
])
def test_even_the_owner_of_the_tables_is_refused(as_role, deed):
    with pytest.raises(psycopg.DatabaseError, match="append-only") as refusal:
        as_role("machi_migrate").execute(deed)

    assert refusal.value.sqlstate in ("ML003", "MA001")


def test_the_town_may_read_the_books_and_post(as_role, town, breaks_books):
    machi_app = as_role("machi_app")

    machi_app.execute("SELECT ledger_post_entry('k', 'a', 'r', '{50000000000000}', '{13000000000001}', '{7}')")

    assert machi_app.execute("SELECT sum(balance_yen) FROM ledger_balance").fetchone() == (7,)
