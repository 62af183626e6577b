"""What was held for a piece of work and a client's bank took back: it comes back, is paid anew, or the work ends without it.

Lock order: the deposit of the work, a deposit that is waited for, then what was taken.
"""
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _

from machi.activity import actions as activity
from machi.activity.queries import history_of
from machi.cards.models import Chargeback
from machi.ledger.accounts import Kind
from machi.ledger.actions import Entry, Transfer
from machi.ledger.queries import balance, credited_by
from machi.payments import facts
from machi.payments.actions.booking import CLOCK, post
from machi.payments.actions.debts import need_less, owe, repay
from machi.payments.actions.expecting import expect_deposit, forget_deposit
from machi.payments.lifecycle import TAKEN_LIFECYCLE, TakenState
from machi.payments.models import Earning, ExpectedDeposit, Funding, Refund, Taken
from machi.payments.queries import again_place, is_paid_by_card, pay_in_until
from machi.payments.queries.answers import PREFIX as SLOTS
from machi.payments.queries.cards import AWAY
from machi.payments.queries.waiting import AGAIN, DEBT, REPAY
from machi.shared.errors import DomainError
from machi.shared.money import Yen

NOTHING, REPAYING = Yen(0), (REPAY, DEBT)


class Less(NamedTuple):
    """So much of what would go back to a client does not, when a piece of work ends."""

    gone: Yen                               # is not there: their bank has given it back to them
    towns: Sequence[tuple[int, Yen]] = ()   # is there, but the town has paid it in for them: as (account, how much)


def take_held(chargeback: Chargeback) -> Yen:
    """What is still held of that very deposit is nobody's reward yet, and bears the chargeback: also what a stand-in goes on with.
    Returns how much that is; the caller books it.
    """
    left = chargeback.amount
    for reference, held_in, amount in _held_of(chargeback):
        if part := min(left, amount):
            Taken.objects.create(chargeback=chargeback, reference=reference, held_in=held_in, amount_yen=int(part))
            left = Yen(left - part)
    return Yen(chargeback.amount - left)


def come_back(chargeback: Chargeback) -> None:
    """It is won; the caller books it."""
    for one in _locked(chargeback.pk, TakenState.RESTING):
        _move(one, "win")


def lose(chargeback: Chargeback) -> ExpectedDeposit | None:
    """It stays away. Its client is asked to pay anew what was held, by another card or by a transfer, until a day."""
    lost, until_at = _locked(chargeback.pk, TakenState.RESTING), pay_in_until()
    for one in lost:
        _move(one, "lose", until_at=until_at)
    if not lost:
        return None
    before = ExpectedDeposit.objects.filter(place=chargeback.intent.place).order_by("pk").last()
    return expect_deposit(party=chargeback.intent.party, place=again_place(chargeback.pk), about=before.about, title=before.title,
                          amount=_sum(lost), until_at=until_at, by=chargeback.intent.opened_by)


def use_at_once(deposit: ExpectedDeposit) -> None:
    """A deposit that came, and is held: what no other room takes up is booked here."""
    kind, _colon, number = deposit.place.partition(":")
    if f"{kind}:" == AGAIN:
        _fill(deposit, int(number))
    elif deposit.place.startswith(REPAYING):
        repay(deposit)


def cover(taken: Taken) -> None:
    """The town stands in for the client; the caller books it. Raises DomainError when it was paid anew meanwhile, or its work has ended."""
    forget_deposit(place=again_place(taken.chargeback_id))
    taken = Taken.objects.select_for_update(of=("self",)).get(pk=taken.pk)
    if not TAKEN_LIFECYCLE.allows(taken.state, "cover"):
        raise DomainError(_("state.moved_on"))
    _move(taken, "cover")
    owe(party=taken.chargeback.intent.party, reference=f"taken:{taken.pk}", amount=taken.amount)
    _is_held_again([taken])


def at_the_end(reference: str, refund: Yen, *, is_somebody_paid: bool) -> Less:
    """A piece of work ends, and so much of what was held for it would go back to its client: what of that does not?

    Raises DomainError while it is not known how a chargeback ends, and where somebody would be paid with what is not there.
    """
    hold_deposit(reference)
    if not Taken.objects.filter(reference=reference, state__in=(*AWAY, TakenState.COVERED)).exists():
        return Less(NOTHING)
    for one in Taken.objects.filter(reference=reference, state=TakenState.LOST).order_by("pk"):
        forget_deposit(place=again_place(one.chargeback_id))
    found = list(Taken.objects.select_for_update(of=("self",)).filter(reference=reference).order_by("pk"))
    if any(one.state == TakenState.RESTING for one in found):
        raise DomainError(_("chargeback.rests"))
    lost = [one for one in found if one.state == TakenState.LOST]
    if lost and is_somebody_paid:
        raise DomainError(_("chargeback.lost"))
    for one in lost:
        _move(one, "end", gone_yen=one.amount_yen)
    left, towns = Yen(refund - _sum(lost)), []
    for one in found:
        if one.state == TakenState.COVERED and left:
            parts = need_less(one, min(left, one.amount))
            one.gone_yen = int(sum((amount for _account, amount in parts), NOTHING))
            one.save(update_fields=["gone_yen"])
            left, towns = Yen(left - one.gone_yen), [*towns, *parts]
    return Less(_sum(lost), towns)


def refuse_taken_back(reference: str) -> None:
    """What is away is passed on to nobody."""
    hold_deposit(reference)
    if Taken.objects.filter(reference=reference, state__in=AWAY).exists():
        raise DomainError(_("chargeback.rests"))


def has_paid_somebody(chargeback: Chargeback) -> bool:
    """Was somebody paid for what this deposit was for? With one that repays a debt, somebody was."""
    funding = Funding.objects.filter(bank_key=chargeback.intent.key).first()
    if funding is None or funding.reference.startswith(REPAYING):
        return funding is not None
    if funding.reference.startswith(AGAIN):
        places = Taken.objects.filter(chargeback=funding.reference.partition(":")[2]).values_list("reference", flat=True)
    else:
        places = [funding.reference, *funding.parts.values_list("reference", flat=True)]
    earned = Earning.objects.filter(amount_yen__gt=0, party=chargeback.intent.party)
    return earned.filter(Q(reference__in=list(places)) | Q(about__in=[place for place in places if place.startswith("job:")])).exists()


def hold_deposit(reference: str) -> None:
    """The deposit is held, so that it is not given out and taken back at once; of a part of one the whole."""
    if is_paid_by_card():
        own = Funding.objects.filter(reference=reference).values_list("part_of", "pk").first()
        if own:
            Funding.objects.select_for_update(of=("self",)).get(pk=own[0] or own[1])


def _fill(deposit: ExpectedDeposit, number: int) -> None:
    """The client has paid anew what their bank took back: it is held again where it was."""
    lost = _locked(number, TakenState.LOST)
    if _sum(lost) != deposit.amount:                    # whatever ends one of them forgets the deposit first
        raise DomainError(_("state.moved_on"))
    post(Entry(deposit.place, CLOCK, deposit.about, [Transfer(Kind.SUSPENSE.of(), one.held_in, one.amount) for one in lost]))
    Funding.objects.create(party=deposit.party, reference=deposit.place, amount_yen=deposit.amount_yen, bank_key=deposit.key,
                           confirmed_at=deposit.ended_at)
    for one in lost:
        _move(one, "fill")
    _is_held_again(lost)


def _held_of(chargeback: Chargeback) -> list[tuple[str, int, Yen]]:
    """What is held of its deposit: (for what, in which account, how much). Neither what was given out, nor what is away already."""
    funding = Funding.objects.select_for_update(of=("self",)).filter(bank_key=chargeback.intent.key).first()
    if funding is None or funding.reference.startswith(REPAYING):
        return []
    if funding.reference.startswith(AGAIN):
        filled = Taken.objects.filter(chargeback=funding.reference.partition(":")[2], state=TakenState.FILLED).order_by("pk")
        held = [(one.reference, one.held_in, one.amount) for one in filled]
    else:
        parts = list(funding.parts.order_by("pk"))
        own = Yen(funding.amount_yen - sum(part.amount_yen for part in parts))
        held = [(funding.reference, credited_by(f"fund:{funding.reference.removeprefix('milestone:')}"), own)]
        passed_on = f"pass_on:{funding.reference.removeprefix('milestone:')}"
        held += [(part.reference, credited_by(passed_on), Yen(part.amount_yen)) for part in parts]
    return [(reference, held_in, _left_of(reference, held_in, Yen(amount - _taken_before(reference, chargeback))))
            for reference, held_in, amount in held if not _is_over(reference)]


def _left_of(reference: str, held_in: int, amount: Yen) -> Yen:
    """Of a batch of answers some was given out already."""
    return min(amount, balance(held_in)) if reference.startswith(SLOTS) else amount


def _taken_before(reference: str, chargeback: Chargeback) -> int:
    """By other chargebacks of the same payment. What came instead, anew or from the town, is no part of this deposit; and what was taken
    of that is none of this one's.
    """
    of_it = Taken.objects.filter(reference=reference, chargeback__intent=chargeback.intent_id).exclude(state=TakenState.BACK)
    return sum(of_it.values_list("amount_yen", flat=True))


def _is_over(reference: str) -> bool:
    return (Refund.objects.filter(reference=reference).exists() or Earning.objects.filter(reference=reference).exists()
            or reference.startswith("job:") and Earning.objects.filter(about=reference).exists())


def _locked(chargeback: int, state: str) -> list[Taken]:
    return list(Taken.objects.select_for_update(of=("self",)).filter(chargeback=chargeback, state=state).order_by("pk"))


def _move(taken: Taken, move: str, **columns) -> None:
    taken.state = TAKEN_LIFECYCLE.next(taken.state, move)
    for name, value in columns.items():
        setattr(taken, name, value)
    taken.save(update_fields=["state", *columns])


def _is_held_again(taken: Iterable[Taken]) -> None:
    """Once for each: those who work on it hear so from whoever knows the work."""
    for one in taken:
        if not history_of(f"taken:{one.pk}").exists():
            activity.record(actor=None, fact=facts.HELD_AGAIN, about=f"taken:{one.pk}", places=[one.reference], amount_yen=one.amount_yen)


def _sum(taken: Iterable[Taken]) -> Yen:
    return Yen(sum(one.amount_yen for one in taken))
