"""Every rule holds in a town where much has happened, and finds the damage that it is for."""

import psycopg
import pytest

from machi.contracts.invariants import RULES as CONTRACTS
from machi.ledger.accounts import Kind
from machi.ledger.invariants import RULES as BOOKS
from machi.payments.corrections import RULES as CORRECTIONS
from machi.payments.invariants import ALL_READ, DELIVERED, MONEY, ON_STATEMENT
from machi.proposals.invariants import RULES as CONTESTS
from machi.shared.invariants import Rule, late
from machi.tasks.invariants import RULES as TASKS
from tests import database
from tests.checks.ground import a_town_where_much_happened
from tests.conftest import broken_rules

# The books themselves are damaged in tests/ledger/test_books.py, our file against the bank's in test_against_the_bank.py.
ELSEWHERE = {rule.name for rule in BOOKS} | {ON_STATEMENT, ALL_READ, DELIVERED}
RULES = [rule for rule in (*MONEY, *CORRECTIONS, *CONTRACTS, *CONTESTS, *TASKS) if rule.name not in ELSEWHERE]


def _more(kind: Kind, yen: int = 1) -> str:
    """Money appears in the accounts of a kind."""
    return f"UPDATE ledger_balance SET balance_yen = balance_yen + {yen} WHERE account_id / 1000000000000 = {int(kind)}"


def _to_somebody(kind: Kind, entry: str) -> str:
    """An entry names an account of this kind that is somebody else's."""
    return (f"UPDATE ledger_transfer t SET credit_id = {kind.of(999)} FROM ledger_entry e"
            f" WHERE e.id = t.entry_id AND t.credit_id / 1000000000000 = {int(kind)} AND e.key LIKE '{entry}'")


STEP = "FROM contracts_contract c WHERE c.id = contracts_milestone.contract_id AND c.form <> 'hourly'"
LINE = ("INSERT INTO payments_bankline (id, row_id, amount_yen, state, use, reference, reason, fee_yen, decided_at)"
        " VALUES (0, 0, 5, 'matched', 'deposit', 'milestone:0', '', 0, now())")
CARD = ("INSERT INTO cards_intent (id, token, place, party_id, amount_yen, state, page_id, page_url, provider_id, is_live, opened_by_id,"
        " opened_at, ended_at) VALUES (0, gen_random_uuid(), 'milestone:0', 0, 5, 'captured', '', '', 'pi_0', false, 0, now(), now());")
DEBT = ("INSERT INTO payments_debt (id, party_id, reference, amount_yen, repaid_yen, lost_yen, back_yen, since_at)"
        " VALUES (0, 0, 'chargeback:0', 5, {}, 0, 0, now())")
BACK = ("INSERT INTO cards_chargeback (id, intent_id, provider_id, amount_yen, borne_yen, fee_yen, state, reason, received_at, ended_at)"
        " VALUES (0, 0, 'du_0', 5, 5, 0, 'lost', '', now(), now());")
TAKEN = (BACK +
         "INSERT INTO payments_taken (id, chargeback_id, reference, held_in, amount_yen, state, until_at, gone_yen)"
         " SELECT 0, 0, 'milestone:' || max(id), 0, 5, '{}', now() - interval '400 days', 0 FROM contracts_milestone"
         "  WHERE first_delivered_at IS NOT NULL")
DAMAGE = {
    # money
    "what lies at the payment service is what was captured, less what it kept, what went back, and what it brought to the bank": CARD,
    "what a client owes is what is open of their debts": DEBT.format(0),
    "a client owes no more of a chargeback's fee than the service took, and only what they had read of": CARD + BACK +
        "UPDATE cards_chargeback SET fee_yen = 5, fee_theirs_yen = 5 WHERE id = 0",
    "a debt is what was taken back of money that was not held any more, or what the town stood in for": CARD +
        "INSERT INTO cards_chargeback (id, intent_id, provider_id, amount_yen, borne_yen, fee_yen, state, reason, received_at)"
        " VALUES (0, 0, 'du_0', 5, 4, 0, 'received', '', now())",
    "what is called repaid of a debt came in, and what is called given up two people signed": DEBT.format(5),
    "what was taken back of held money is a part of its chargeback, and stands as that does": CARD + BACK,
    "what was paid in anew is what was lost of held money, to the yen": CARD + TAKEN.format("filled"),
    "what the town stands in for is what was lost of held money, to the yen": CARD + TAKEN.format("covered"),
    "work that was handed over and whose money a bank took back for good is decided in time": CARD + TAKEN.format("lost"),
    "a payment by card pays for one piece of work, and no more goes back to the card than came": CARD +
        "INSERT INTO cards_cardrefund (id, token, intent_id, reference, amount_yen, state, provider_id, asked_at)"
        " VALUES (0, gen_random_uuid(), 0, 'refund:0', 6, 'asked', '', now())",
    "a deposit that was paid by card is that payment, to the yen": CARD +
        "INSERT INTO payments_expecteddeposit (id, code, party_id, place, about, title, amount_yen, until_at, state, asked_by_id, asked_at,"
        " ended_at, card_id) VALUES (0, '1000000', 0, 'milestone:0', 'contract:0', '', 6, now(), 'matched', 0, now(), now(), 0)",
    "what is in transit for a worker is the sum of their open payouts": _more(Kind.TRANSIT),
    "a worker's balance is the sum of what is earned and not set aside": "UPDATE payments_earning SET payout_id = NULL",
    "a payout is the sum of its earnings": "UPDATE payments_payout SET amount_yen = amount_yen + 1",
    "a paid payout has its line on the statement, of the same sum": "DELETE FROM payments_statementline WHERE key LIKE 'payout:%'",
    "what is counted as delivered until a day is the sum of the payouts that had ended":
        "UPDATE payments_delivereduntil SET amount_yen = amount_yen + 1",
    "a deposit has its line on the statement, or its payment by card, of the same sum":
        "UPDATE payments_statementline SET amount_yen = amount_yen - 1 WHERE key LIKE 'deposit:%'",
    "what was passed on of a deposit is less than it":
        "UPDATE payments_funding SET amount_yen = amount_yen + 100000 WHERE part_of_id IS NOT NULL",
    "the bank account in the books is the sum of the lines that were read": "UPDATE payments_statementline SET amount_yen = amount_yen + 1",
    "what the town kept is the fees of what was earned, and the tax on them":
        f"UPDATE ledger_transfer SET credit_id = {Kind.OWN.of()} WHERE credit_id = {Kind.FEE.of()}",
    "no money lies where no other rule would look for it":         # fees, and another account of the kind that looks just like them
        f"INSERT INTO ledger_account VALUES ({Kind.FEE.of(7)})",
    "what lies in suspense was paid in, and is neither held for a piece of work nor given back":
        "INSERT INTO payments_statementline VALUES ('deposit:milestone:0', now(), 5, now())",
    "an entry of the ledger ends a piece of work as its earnings and its refund say":
        "UPDATE ledger_entry SET key = 'lost:' || id WHERE key LIKE 'settle:%'",
    "a client's credit is what is on its way back to them": _more(Kind.CLIENT_CREDIT),
    "what is withheld for a client is what was withheld from their payments and not given back": _more(Kind.WITHHELD),
    "withheld tax that was given back is that of its client's payments, to the yen":
        "UPDATE payments_refund SET amount_yen = amount_yen - 1 WHERE reference LIKE 'withheld:%'",
    "a refund has its line on the statement, and its deposit, which is no smaller":
        "UPDATE payments_funding SET party_id = 0 WHERE reference IN (SELECT reference FROM payments_refund)",
    "a correction is one entry between the accounts it names, signed by another person than the one who asked":
        "UPDATE ledger_entry SET actor = 'user:0' WHERE key LIKE 'adjust:%'",
    "what a correction gave somebody is their earning or their refund, of its sum":
        "UPDATE payments_refund SET amount_yen = amount_yen + 1 WHERE reference LIKE 'adjust:%'",
    "only what a correction gave was paid by nobody but the town":
        "UPDATE payments_earning SET party_id = 0 WHERE reference LIKE 'adjust:%'",
    "no money leaves before its printed day, unless its worker asked for it": "UPDATE payments_earning SET pay_on = pay_on + 400",
    "every line that was read belongs to a deposit, a payout or a refund":
        "INSERT INTO payments_statementline VALUES ('somebody took it', now(), -5, now())",
    "an entry about a payout touches only its worker's money": _to_somebody(Kind.TRANSIT, "payout:%"),
    "money arrives after it left, and is settled after it came":
        "UPDATE ledger_entry SET happened_at = happened_at - interval '1 year' WHERE key LIKE 'settle:%'",
    "an entry names who did it: a person of the town, or its clock": "UPDATE ledger_entry SET actor = 'user:0' WHERE key LIKE 'fund:%'",
    "an entry has its fact": "DELETE FROM activity_fact WHERE name = 'payout.requested'",
    "what the town owes people is no more than what lies at the bank and at the payment service": _more(Kind.POT, 10_000_000),
    "what was told to the bank is on its statement in time":
        "UPDATE payments_payout SET requested_at = now() - interval '61 minutes' WHERE state = 'sending'",
    "a batch for the bank is the sum of its payouts, of one day and one person each":
        "INSERT INTO payments_payoutbatch (id, value_on, state, total_yen, count, limit_yen, proposed_by_id, proposed_at, file_sha256)"
        " VALUES (0, now(), 'proposed', 5, 1, 9, 0, now(), '')",
    "every line of the town's own account is in the books, of the same sum":
        "INSERT INTO payments_statementline VALUES ('row:0', now(), 5, now())",
    "every line of the town's own account continues the one before it":
        "INSERT INTO banking_bankrow (brought_by_id, account, place, line, booked_on, amount_yen) VALUES (0, 'ours', 2, 1, now(), 5)",
    "a deposit that was waited for is its line, to the yen": f"{LINE};"
        "INSERT INTO payments_expecteddeposit (id, code, party_id, place, about, title, amount_yen, until_at, state, asked_by_id, asked_at,"
        " ended_at, line_id) VALUES (0, '1000000', 0, 'milestone:0', '', '', 6, now(), 'matched', 0, now(), now(), 0)",
    "a file that left in one sum paid everybody in it": LINE.replace("'deposit', 'milestone:0'", "'batch', 'payout_batch:0'"),
    "what the bank sent back of a payout is that payout, to the yen": LINE.replace("'deposit'", "'return'"),
    "a refund came back as often as the bank's lines say, each time to the yen":
        "UPDATE payments_refund SET came_back_count = came_back_count + 1",
    "no money is sent to an account that was named less than its hold before":
        "UPDATE payments_payout SET free_from = requested_at + interval '1 second'",
    "a line of the bank is placed in time":
        "INSERT INTO banking_import (id, account, profile, file_sha256, line_count, new_count, first_on, last_on, imported_by_id,"
        " imported_at) VALUES (0, 'ours', '', '', 1, 1, now(), now(), 0, now() - interval '30 days');"
        "INSERT INTO banking_bankrow (id, brought_by_id, account, place, line, booked_on, amount_yen)"
        " VALUES (0, 0, 'ours', 1, 1, now(), 5);"
        "INSERT INTO payments_bankline (id, row_id, amount_yen, state, use, reference, reason, fee_yen)"
        " VALUES (0, 0, 5, 'open', '', '', '', 0)",
    "what goes back to a client leaves in time":
        "UPDATE payments_refund SET state = 'owed', paid_on = NULL, ended_at = NULL, requested_at = now() - interval '30 days'",
    "a line that left for somebody is a payout that was paid, or came back by another line": LINE.replace("'deposit'", "'payout'"),
    "what was sent back to whoever paid it left with its own sum": LINE.replace("'deposit'", "'answer'"),

    # contracts
    "a contract's escrow is what its funded milestones hold": _more(Kind.ESCROW),
    "a step that was paid has its earning, and an earning its step": "DELETE FROM payments_earning WHERE reference LIKE 'milestone:%'",
    "the earning's worker and client are the contract's": "UPDATE payments_earning SET worker_id = 0",
    "what was paid for an accepted step is what was agreed":
        "UPDATE payments_earning SET fee_yen = fee_yen - 1, amount_yen = amount_yen + 1 WHERE fee_yen > 0",
    "what was held for a step that is over was paid, went back, or was taken back, to the yen": "DELETE FROM payments_refund",
    "the money of a step is what both signed last": "UPDATE contracts_milestone SET fee_yen = fee_yen + 1",
    "fees go on from what the steps before cost, whoever did them, while nothing of them went back":
        "UPDATE contracts_milestone SET before_yen = before_yen + 1",
    "a funded milestone has its deposit, of the agreed sum": "UPDATE payments_funding SET amount_yen = amount_yen - 1",
    "the printed day of payment is at most sixty days after the work was received, unless a difference rested longer":
        "UPDATE contracts_milestone SET pay_on = pay_on + 60",
    "what the town kept of a step is its fee by the rates of the day on which the terms were drafted":
        "UPDATE payments_earning SET fee_tax_yen = fee_tax_yen + 1, amount_yen = amount_yen - 1 WHERE reference LIKE 'milestone:%'",
    "the steps of an offer cost together what it says":
        "UPDATE contracts_offer SET terms = jsonb_set(terms, '{steps,0,price_yen}', '1') WHERE terms ? 'steps'",
    "what was paid in for a contract was paid out, went back, or is held": "UPDATE payments_refund SET amount_yen = amount_yen - 1",
    "while a dispute is open, nothing ends its step":
        "UPDATE contracts_dispute SET milestone_id = (SELECT min(id) FROM contracts_milestone WHERE state = 'settled')"
        " WHERE state = 'open'",
    "a ruling gives out all that was held, as it says, and who signed it moved the money":
        "UPDATE contracts_ruling SET price_yen = price_yen + 1",
    "what both agreed to of a proposal is what was paid": "UPDATE contracts_disputeproposal SET price_yen = price_yen + 1",
    "what waits for the town in a difference waits a business day at most":
        "UPDATE contracts_dispute SET answered_at = answered_at - interval '20 days' WHERE state = 'heard'",
    "a mediation ends in time, and what was left to the town is ruled in time":
        "UPDATE contracts_dispute SET decide_by = now() - interval '61 minutes' WHERE state = 'mediation'",
    "an entry about a contract touches only its own money, its worker and its client": _to_somebody(Kind.WORKER, "settle:%"),
    "nothing is accepted before it was handed over": "DELETE FROM activity_fact WHERE name = 'contract.delivered'",
    "what silence accepts is accepted within an hour":
        "UPDATE contracts_milestone SET accept_by = now() - interval '61 minutes' WHERE accept_by IS NOT NULL",
    "what was accepted is paid before day 45 of its receipt":
        "UPDATE contracts_milestone SET first_delivered_at = now() - interval '44 days'",
    "the due date and the printed day of payment are the newest that both agreed on": "UPDATE contracts_milestone SET due_on = due_on + 1",
    "what was agreed later is numbered without a gap, each tied to the paper before it":
        "UPDATE contracts_daterequest SET addition = jsonb_set(addition, '{after}', '\"forged\"') WHERE state = 'agreed'",
    "a wish for another due date waits only where the date can still move":
        "UPDATE contracts_milestone SET first_delivered_at = now()",
    "what both signed about a contract is numbered without a gap, each tied to the paper before it":
        "UPDATE contracts_changeorder SET addition = jsonb_set(addition, '{after}', '\"forged\"') WHERE state = 'agreed'",
    "what was passed on waits for the first step of whoever goes on, and ends with it":
        "UPDATE contracts_contract SET takes_over_id = NULL",
    "a step is passed on in a contract that is, and the two parts cost what the whole did":
        "UPDATE contracts_offer SET terms = jsonb_set(terms, '{took_over,price_yen}', '1') WHERE terms ? 'took_over'",
    "somebody stands by only while the contract goes on":
        "UPDATE contracts_contract SET state = 'ended', ended_at = now(), fund_by = NULL",
    "a wish about a contract waits only while the contract goes on":
        "UPDATE contracts_contract SET state = 'ended', ended_at = now(), fund_by = NULL",
    "a disputed step has one open dispute, and an open dispute its step": "DELETE FROM contracts_dispute",
    "a contract is over when all its milestones are": "UPDATE contracts_contract SET state = 'active', ended_at = NULL",
    "the next step's money is waited for until a day, and only then": "UPDATE contracts_contract SET fund_by = NULL",
    "a week by the hour has its record, and nothing else has one": "UPDATE contracts_timesheet SET rate_yen = rate_yen + 100",
    "a week of a contract is agreed once": "UPDATE contracts_timesheet SET starts_on = '2026-01-05', ends_on = '2026-01-11'",
    "the minutes of a week are the sum of its entries": "DELETE FROM contracts_timeentry",
    "an entry lies within its week, and is its worker's": "UPDATE contracts_timeentry SET worker_id = 0",
    "a clock runs only in a week whose money is held": "UPDATE contracts_timeentry SET ended_at = NULL",
    "a week that was billed is paid by its minutes, to the yen":
        "UPDATE payments_earning SET price_yen = price_yen - 1, tax_yen = tax_yen + 1",
    "an accepted offer has one contract": "UPDATE contracts_offer SET state = 'open', answered_at = NULL",
    "a post's seats are those of its offers": "UPDATE jobs_job SET newcomer_seats_taken = 0, seats_taken = 0, seats_accepted = 0",
    "a post counts those who applied": "UPDATE jobs_job SET proposals_count = proposals_count + 1",
    "an organisation has somebody with every power": "DELETE FROM accounts_membership",
    "a person's own party has that person, with every power, and nobody else": "DELETE FROM accounts_membership",
    "whoever looks after a post acts for its client": "UPDATE jobs_job SET contact_id = 0",
    "nobody who applied is left without an answer once the choosing is over":
        "UPDATE proposals_proposal SET state = 'submitted', answered_at = NULL;"
        "UPDATE jobs_job SET state = 'ended' WHERE state = 'awarded'",

    # contests
    "a pot holds what was paid in until the contest is over, and nothing after": _more(Kind.POT),
    "a contest is out only with its pot, paid in as the prizes say": "DELETE FROM payments_funding WHERE reference LIKE 'job:%'",
    "a contest is settled when it is over": "UPDATE jobs_contest SET settled_at = NULL",
    "awards, fees and what went back are the whole pot": "UPDATE jobs_contest SET pot_yen = pot_yen + 1",
    "the ledger empties a pot as its earnings and its refund say": "UPDATE ledger_entry SET key = 'lost:' || id WHERE key LIKE 'award:%'",
    "an entry that got something has its earning, of its maker and its sum, and no other entry has one":
        "UPDATE proposals_entry SET reward_yen = reward_yen + 1 WHERE reward_yen IS NOT NULL",
    "what the town kept of a prize is its fee by the rates of the day on which the contest opened":
        "UPDATE payments_earning SET fee_yen = fee_yen - 1, amount_yen = amount_yen + 1 WHERE reference LIKE 'entry:%'",
    # micro-tasks
    "what is held for a batch is what was paid in for it, less what was given out and what went back": _more(Kind.BATCH),
    "a batch that has ended holds nothing": "UPDATE tasks_batch SET state = 'ended', ended_at = now() WHERE state = 'stopped'",
    "what is held for a batch is enough for every answer that may still be paid": "UPDATE tasks_bundle SET price_yen = 90000",
    "a batch is out with its money, paid in as its deposits say": "DELETE FROM payments_funding WHERE reference LIKE 'slots:%'",
    "every answer that was paid in for is free, taken, kept for a disagreement, or given back":
        "UPDATE tasks_batch SET slots_back_count = slots_back_count - 1 WHERE slots_back_count > 0",
    "of the places of an item so many are free as nobody has taken": "UPDATE tasks_answer SET state = 'given_back', given_at = NULL,"
        " decided_at = NULL, paid_percent = 100, closing_id = NULL WHERE state = 'approved'",
    "an answer belongs to the bundle, the item and the batch it says, and to its worker": "UPDATE tasks_answer SET worker_id = 0 - id",
    "a closing paid what its answers cost, to whoever gave them": "UPDATE tasks_answer SET paid_percent = 40 WHERE paid_percent = 50",
    "a closing says what left its batch, and what went back": "UPDATE tasks_closing SET gross_yen = gross_yen + 1",
    "of no deposit for tasks more goes back than came": "UPDATE payments_refund SET amount_yen = 9000000 WHERE funding_id IS NOT NULL",
    "what the town kept of answers is its fee by the rates of the day on which the batch went out":
        "UPDATE payments_earning SET fee_yen = fee_yen - 1, amount_yen = amount_yen + 1 WHERE reference LIKE 'closing:%'",
    "an entry about a batch touches only its own money, its workers and its client": _to_somebody(Kind.WORKER, "answers:%"),
    "a bundle that is over holds nothing that somebody else could answer":
        "UPDATE tasks_answer SET state = 'held', given_at = NULL WHERE state = 'given'",
    "what nobody looked at is approved in time": "UPDATE tasks_answer SET given_at = given_at - interval '400 days'",
    # what is given beside the price
    "a bonus that was paid has its deposit and its earning, to the yen, and no other has one":
        "UPDATE contracts_bonus SET price_yen = price_yen + 1, tax_yen = tax_yen - 1 WHERE state = 'paid'",
    "a bonus goes from the client of its contract to its worker": "UPDATE payments_funding SET party_id = 0 WHERE reference LIKE 'bonus:%'",
    "what the town kept of a bonus is its fee by the rates of the day on which it was given":
        "UPDATE contracts_bonus SET fee_yen = fee_yen + 1",
    "a bonus is given for work that was paid before": "UPDATE contracts_bonus SET asked_at = asked_at - interval '400 days'",
    "a bonus whose money never came is waited for no longer than it said":
        "UPDATE contracts_bonus SET until_at = until_at - interval '400 days'",
    "an entry about a contest touches only its own pot, its makers and its client": _to_somebody(Kind.WORKER, "award:%"),
    "there are no more awards than prizes, each of its sum": "UPDATE proposals_entry SET prize = 2 WHERE prize = 1",
    "nobody gets a prize who did not hand in before the contest closed": "UPDATE jobs_job SET closes_on = closes_on - 400",
    "a contest counts what was handed in": "UPDATE jobs_contest SET entries_count = entries_count + 1",
    "nobody is left without an answer once a contest is over": "UPDATE proposals_entry SET state = 'submitted', ended_at = NULL,"
                                                               " reward_yen = NULL, prize = NULL",
}


@pytest.fixture
def busy(town, breaks_books):
    a_town_where_much_happened()
    assert broken_rules() == {}
    assert late((*MONEY, *CORRECTIONS, *CONTRACTS, *CONTESTS, *TASKS)) == {}


def found(rule: Rule) -> str:
    """What the rule says to its damage, which is undone afterwards; triggers, keys and rights do not stop it, CHECKs do."""
    with database.as_superuser() as root, root.transaction(force_rollback=True):
        root.execute("SET LOCAL session_replication_role = replica")
        try:
            root.execute(DAMAGE[rule.name])
            return "" if root.execute(rule.sql, rule.values() if rule.values else None).fetchone() else "finds nothing"
        except psycopg.Error as error:
            return str(error)


def test_each_rule_finds_its_damage(busy):
    missed = {rule.name: said for rule in RULES if (said := found(rule))}
    assert not missed, "\n".join(f"{name}: {said}" for name, said in missed.items())


def test_every_rule_has_its_damage():
    assert DAMAGE.keys() == {rule.name for rule in RULES}


def test_a_number_of_a_rule_is_one_of_thirty():
    assert {number for rule in (*BOOKS, *MONEY, *CONTRACTS, *CONTESTS, *TASKS) for number in rule.numbers} <= set(range(1, 31))
