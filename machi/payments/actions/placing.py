"""What a line of the statement turned out to be is written down: of one that somebody placed, or of a thousand that say it by themselves,
with as many statements. Whoever calls holds the lines.
"""
from collections.abc import Sequence

from machi.accounts.models import Party
from machi.accounts.powers import Power
from machi.activity import actions as activity
from machi.ledger.accounts import Kind
from machi.ledger.actions import Entry, Transfer
from machi.notifications import actions as notifications
from machi.payments import facts
from machi.payments.actions.booking import post_many
from machi.payments.actions.refunding import Owed, owe_all_back
from machi.payments.actions.taken import use_at_once
from machi.payments.lifecycle import DEPOSIT_LIFECYCLE, LINE_LIFECYCLE
from machi.payments.models import BankLine, ExpectedDeposit
from machi.shared import clock
from machi.shared.rows import save_all

Use = BankLine.Use
OwedLine = tuple[BankLine, Party, str, str]                 # the line, whose it is, what it is about, and its title


def match_together(found: Sequence[tuple[BankLine, ExpectedDeposit]], by, reason: str) -> None:
    """Each of these lines is that deposit, unless something else was faster. What is paid anew or repaid is booked one after the other:
    few owe the town.
    """
    if not found:
        return
    numbers = [deposit.pk for _line, deposit in found]
    held = {one.pk: one for one in ExpectedDeposit.objects.select_for_update(of=("self",)).filter(pk__in=numbers).order_by("pk")}
    matched = [(line, held[deposit.pk]) for line, deposit in found if DEPOSIT_LIFECYCLE.allows(held[deposit.pk].state, "match")]
    for line, deposit in matched:
        deposit.state = DEPOSIT_LIFECYCLE.next(deposit.state, "match")
        deposit.ended_at, deposit.line = clock.now(), line
    save_all([deposit for _line, deposit in matched], fields=("state", "ended_at", "line"))
    place_together([(line, deposit.place) for line, deposit in matched], "match", Use.DEPOSIT, by, reason)
    activity.record_many(actor=by, fact=facts.FUNDING_CONFIRMED, things=(
        (deposit.place, {"amount_yen": line.amount_yen}) for line, deposit in matched))
    for _line, deposit in matched:
        use_at_once(deposit)


def owe_together(owed: Sequence[OwedLine], by, reason: str, move: str = "give_back") -> None:
    """Each of these lines is a client's again: it goes back to them as a refund, and those who pay for them hear of it."""
    if not owed:
        return
    post_many([Entry(f"return:{line.key}", "", about, [Transfer(Kind.SUSPENSE.of(), Kind.CLIENT_CREDIT.of(party.pk), line.amount)])
               for line, party, about, _title in owed], by=by)
    owe_all_back([Owed(party, line.key, about, title, line.amount) for line, party, about, title in owed], by=by)
    activity.record_many(actor=by, fact=facts.FUNDING_RETURNED, things=(
        (line.key, {"amount_yen": line.amount_yen}) for line, *_whose in owed))
    payers = {pk: party.people(Power.PAYER) for pk, party in {party.pk: party for _line, party, *_about in owed}.items()}
    notifications.queue_many(kind="deposit.goes_back", told=(
        (person.pk, about, {"job": title, "gross_yen": line.amount_yen})
        for line, party, about, title in owed for person in payers[party.pk]))
    place_together([(line, line.key) for line, *_whose in owed], move, Use.BACK, by, reason)


def place(line: BankLine, move: str, use: str, reference: str, by, reason: str) -> BankLine:
    """One line."""
    place_together([(line, reference)], move, use, by, reason)
    return line


def place_together(placed: Sequence[tuple[BankLine, str]], move: str, use: str, by, reason: str) -> None:
    """Lines of one use, each with what it is. What somebody said of one stays, though its work has ended."""
    if not placed:
        return
    for line, reference in placed:
        line.state, line.use, line.reference = LINE_LIFECYCLE.next(line.state, move), use, reference
        if move != "owe":
            line.reason, line.decided_by, line.decided_at = reason, by, clock.now()
    save_all([line for line, _reference in placed],
             fields=("state", "use", "reference", "reason", "decided_by", "decided_at", "fee_yen", "left_out"))
    activity.record_many(actor=by, fact=facts.LINE_PLACED, things=(
        (line.key, {"use": str(use), "to": reference}) for line, reference in placed))
