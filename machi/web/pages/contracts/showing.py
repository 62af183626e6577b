"""What stands on the pages of one contract, gathered from the rooms in the same few questions however much there is."""
import datetime
from typing import NamedTuple

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from machi.accounts.powers import EVERY_POWER, Power
from machi.contracts import policies
from machi.contracts.between import Between, about_between, between
from machi.contracts.counting import withholding_in
from machi.contracts.lifecycle import PAID_STATES
from machi.contracts.longterm import is_long
from machi.contracts.models import Contract, Milestone, Talk
from machi.contracts.papers import addition_rows, change_rows, terms_rows
from machi.contracts.queries import (
    NEWEST_ROUNDS,
    Round,
    about_rounds,
    about_steps,
    current,
    dates_of,
    moved_alike,
    newest_rounds,
    rounds,
    steps_of,
)
from machi.messaging.models import Thread
from machi.messaging.queries import about_conversation, about_letters
from machi.payments.fees import Settlement
from machi.payments.models import Earning
from machi.payments.paydays import pay_day
from machi.payments.queries import bank_account_of, deposit_of, earning_of, earnings_for, has_own_account, reaches_on, settlement_of
from machi.reviews.policies import can_thank
from machi.reviews.queries import readable, written_about
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.shared.question import Question
from machi.web.frame import look
from machi.web.frame.found import one_or_404
from machi.web.frame.jinja import lead, page
from machi.web.pages.contracts.between_two import dispute_context, wish_context
from machi.web.pages.contracts.bonus_shown import bonus_context
from machi.web.pages.contracts.five_steps import way_of
from machi.web.pages.contracts.forms import MessageForm
from machi.web.pages.contracts.letters_shown import letters_context
from machi.web.pages.contracts.overtaken import transfer_of, with_mediation, with_pay, with_taken_back, with_transfer
from machi.web.pages.contracts.paying import pays
from machi.web.pages.contracts.standing import (
    CLIENT,
    WORKER,
    Seen,
    Standing,
    client_called,
)
from machi.web.pages.contracts.story import about_story, story_of
from machi.web.pages.contracts.week_lines import about_weeks, weeks_context
from machi.web.pages.contracts.week_standing import at_work, told
from machi.web.pages.contracts.week_words import week_called

_ours = Question(lambda pk, user: Contract.objects.visible_to(user).filter(pk=pk).select_related(
    "client", "client__person", "worker", "offer", "thanks").order_by("pk"))


def contract_for(request, pk: int) -> Contract:
    """The contract, for its two sides; for everybody else it does not exist."""
    return one_or_404(_ours(pk, request.user.pk))


def seen_by(user, contract: Contract, number: int | None = None) -> Seen:
    """The contract with the eyes of one side. What comes after the acceptance is asked for only then. `number`: of the week by the hour
    whose page it is; without it, the step that counts now.
    """
    steps, side, powers = steps_of(contract), WORKER if user.pk == contract.worker_id else CLIENT, powers_in(contract, user)
    milestone = current(steps) if number is None else _week_of(contract, steps, number)
    if milestone.state not in PAID_STATES:
        return Seen(contract, milestone, side, steps=steps, powers=powers, is_week=number is not None)
    earning, reviews = earning_of(milestone.pk), written_about(contract)
    return Seen(contract, milestone, side, earning, steps, has_account=bool(earning and earning.payout_id) or bool(bank_account_of(user)),
                has_reviewed=any(review.side == side for review in reviews), reviews=reviews, powers=powers, is_week=number is not None)


def _week_of(contract: Contract, steps: list[Milestone], number: int) -> Milestone:
    for step in steps if contract.is_hourly else ():
        if step.number == number:
            return step
    raise Http404


def step_on_screen(seen: Seen, number: int | None) -> Milestone:
    """The step whose page was open, whatever counts now: what was decided about one is never done to another. A week by the hour is
    named by its page.
    """
    found = next((step for step in seen.steps if step.number == number), None) if number and not seen.is_week else seen.milestone
    if found is None:
        raise DomainError(_("contract.other_round"))
    return found


def powers_in(contract: Contract, user) -> frozenset[str]:
    """What somebody may do here for the client; nothing for the worker."""
    return frozenset(power for power in EVERY_POWER if policies.acts_for_client(user, contract, power))


def head_of(seen: Seen) -> dict:
    """What every page of a contract shows: whose it is, its terms, both sides' money."""
    return {
        "contract": seen.contract, "milestone": seen.milestone, "side": seen.side, "seen": seen,
        "other": seen.client if seen.side == WORKER else seen.worker, "client_name": client_called(seen.contract.client),
        "sees_statement": seen.side == WORKER or Power.PAYER in seen.powers,
        "money": seen.money, "tax_why": withholding_in(seen.contract.terms), "terms": terms_rows(seen.contract.terms),
        "round": seen.milestone.revisions_used + 1, "badge": seen.badge, "is_parted": is_parted(seen),
        "week": week_called(seen.milestone) if seen.is_week else "",
    }


class StepLine(NamedTuple):
    """A step in the list of a contract: what it is, its money and its days, and how it stands."""

    title: str
    money: Settlement
    badge: tuple[str, str]
    due_on: datetime.date
    pay_on: datetime.date
    is_now: bool
    statement: int | None


def step_lines(seen: Seen, earned: dict[int, Earning]) -> list[StepLine]:
    """Where there are several steps, all of them; of those that were paid, what was really paid."""
    if len(seen.steps) == 1 or seen.contract.is_hourly:
        return []
    return [StepLine(step.title, settlement_of(earned[step.pk]) if step.pk in earned else step.money,
                     (step.state, str(step.get_state_display())), step.due_on, _paid_on(step, earned.get(step.pk)),
                     step is seen.milestone and not step.is_closed, earned[step.pk].pk if step.pk in earned else None)
            for step in seen.steps]


def _paid_on(step: Milestone, earning: Earning | None) -> datetime.date:
    """The day on which this reaches its worker, or did."""
    if earning is None:
        return step.pay_on
    return earning.payout.paid_on if earning.payout and earning.payout.paid_on else reaches_on(earning)


def earned_in(seen: Seen) -> dict[int, Earning]:
    """What each step has brought: of one step what is known already, of several one question."""
    if len(seen.steps) == 1:
        return {seen.milestone.pk: seen.earning} if seen.earning else {}
    paid = [step.pk for step in seen.steps if step.state in PAID_STATES]
    return earnings_for(paid) if paid else {}


def is_parted(seen: Seen) -> bool:
    """Has the other side left the town for good? Then its words lie in this side's own copy (pages/privacy/copies.py)."""
    other = seen.contract.client.person if seen.side == WORKER else seen.contract.worker
    return other is not None and other.erased_at is not None


def about_room(contract: Contract, user) -> list:
    """What the page of a contract asks in any case, for `asked_together`."""
    reads_work = policies.can_read_work(user, contract)
    asked = [*about_steps(contract.pk), *about_between(contract.pk), *about_story(contract, user, reads_work=reads_work),
             *look.about_around(user.pk), *about_weeks(contract)]
    if reads_work:
        asked += [*about_conversation(contract.reference, user.pk), *about_letters(contract.reference)]
        asked += [] if contract.is_hourly else about_rounds(contract.pk)
    return asked


def room_context(request, contract: Contract, form: MessageForm | None = None, refusal: str = "", thread: Thread | None = None) -> dict:
    """Everything on the page of a contract that this person may see: who only pays reads no letters and no deliveries."""
    user, seen = request.user, seen_by(request.user, contract)
    milestone, now = seen.milestone, between(contract)
    said = letters_context(request, contract, form, thread)
    can_read = policies.can_read_work(user, contract)
    given, has_older = deliveries(request, contract) if can_read else ([], False)
    earned, is_whole = earned_in(seen), request.GET.get("story") == "all"
    signed = [change_rows(order, contract.terms) for order in now.signed] if can_read else []
    shown = at_work(seen)
    when = pays(seen, shown.milestone, earned.get(shown.milestone.pk))
    paid = when if shown is seen else pays(seen, milestone, seen.earning)
    weeks, open_between = weeks_context(user, seen, shown.milestone), wish_context(user, seen, now) | dispute_context(user, seen, now)
    return head_of(shown) | said | dates_context(user, seen) | open_between | care_context(user, seen, now) \
        | stand_in_context(user, contract, now) | weeks | bonus_context(user, seen, now) | {
        "signed": signed, "talk": newest_talk(user, contract, now),
        "step_lines": step_lines(seen, earned), "steps": way_of(shown, weeks["due_on"], when), "pays": when,
        "now": _standing(seen, paid.waits, now),
        "story": story_of(contract, seen.steps, earned.values(), user, reads_work=can_read, is_whole=is_whole), "earning": seen.earning,
        "paid_on": seen.earning.payout.paid_on if seen.earning and seen.earning.payout else None,
        "rounds": given, "has_older_rounds": has_older,
        "can_read": can_read, "refusal": refusal, "reviews": readable(seen.reviews, user),
        "can_ask_changes": policies.can_ask_changes(user, milestone),
        "can_thank": can_thank(user, contract), "thanks": getattr(contract, "thanks", None),
    }


def _standing(seen: Seen, waits: str, now: Between) -> Standing:
    """What is so on this page, with all that may stand between its words and the step."""
    standing = with_transfer(with_pay(told(seen), seen, waits), seen, transfer_of(seen))
    return with_mediation(with_taken_back(standing, seen), seen, now.told)


def deliveries(request, contract: Contract) -> tuple[list[Round], bool]:
    """What was handed over: the newest, or all of it when asked; and is there more? The weeks of work by the hour have their own pages."""
    if contract.is_hourly:
        return [], False
    if request.GET.get("rounds") == "all":
        return rounds(contract), False
    found = newest_rounds(contract)
    return found[:NEWEST_ROUNDS], len(found) > NEWEST_ROUNDS


def care_context(user, seen: Seen, now: Between) -> dict:
    """How it goes on the way, and a notice that the contract ends."""
    contract = seen.contract
    asked = next((one for one in reversed(now.check_ins) if one.milestone_id == seen.milestone.pk), None)
    can_answer = asked is not None and policies.can_answer_check_in(user, seen.milestone)
    is_told = asked is not None and bool(asked.answer) and seen.milestone.first_delivered_at is None
    return {"check_in": asked if can_answer or is_told and policies.can_read_work(user, contract) else None,
            "can_answer_check_in": can_answer, "can_switch_check_ins": policies.can_switch_check_ins(user, contract),
            "end_notice": now.notice, "can_give_notice": now.notice is None and policies.can_give_notice(user, contract)
            and is_long(contract, seen.steps)}


def newest_talk(user, contract: Contract, now: Between) -> Talk | None:
    """What was asked last, as long as the contract goes on: who deals with it reads it, or the answer."""
    return now.talks[-1] if now.talks and contract.goes_on and policies.side_of(user, contract) else None


def stand_in_context(user, contract: Contract, now: Between) -> dict:
    """Whoever stands by, was called or took over; in a contract that was taken over, the note of the worker before."""
    one = now.stand_in
    is_here = one is not None and one.contract_id == contract.pk
    return {"stand_in": one if is_here else None, "took_over_from": one if one is not None and not is_here else None,
            "called_until": now.called_until,
            "can_name_stand_in": policies.can_name_stand_in(user, contract) and not (is_here and one.is_open),
            "can_answer_stand_in": is_here and policies.can_answer_stand_in(user, one),
            "is_handed_over_anew": contract.is_hourly and policies.can_ask_for_change(user, contract),         # ADR 34
            "can_copy_post": contract.job_id is not None and policies.acts_for_client(user, contract, Power.MEMBER)}


def dates_context(user, seen: Seen) -> dict:
    """What is asked and agreed about the due date, and what this person may do about it."""
    milestone, dates = seen.milestone, dates_of(seen.milestone)
    is_mine = dates.asked is not None and dates.asked.side == seen.side
    return {
        "dates": dates, "is_my_wish": is_mine, "can_ask_for_date": policies.can_ask_for_date(user, milestone),
        "can_answer_date": dates.asked is not None and policies.can_answer_date(user, dates.asked, milestone),
        "can_withdraw_date": dates.asked is not None and policies.can_withdraw_date(user, dates.asked, milestone),
        "has_date_passed": dates.asked is not None and dates.asked.wished_on < clock.today(),
        "can_read_wish": policies.can_read_work(user, seen.contract),
        "wished_pay_on": pay_day(dates.asked.wished_on, acceptance_days=milestone.acceptance_days) if dates.asked else None,
        "moved_alike": moved_alike(seen.contract, seen.steps, milestone, dates.asked.wished_on) if dates.asked else [],
        "has_later_steps": any(step.number > milestone.number and step.is_unfunded for step in seen.steps),
        "additions": [addition_rows(one, seen.contract.terms, step.title) for step in seen.steps for one in dates_of(step).agreed],
    }


def show_room(request, contract: Contract, *, refusal: str = "", status: int = 200) -> HttpResponse:
    return page(request, "contracts/room.html", room_context(request, contract, refusal=refusal), status=status)


def is_asked_for(milestone: Milestone) -> bool:
    """Was its client told where to transfer the money of a step?"""
    return has_own_account() and deposit_of(milestone.reference) is not None


def to_transfer(request, contract: Contract, milestone: Milestone) -> HttpResponse:
    """Where money comes by a transfer: on to the page that says where to. Else it is held already, and the contract has begun."""
    asked = deposit_of(milestone.reference) if has_own_account() else None
    may_see = asked is not None and Power.PAYER in seen_by(request.user, contract).powers
    return redirect("payments:deposit", asked.pk) if may_see else to_room(request, contract)


def to_room(request, contract: Contract, fragment: str = "") -> HttpResponse:
    """On to the contract, also when a part of another page was waiting for an answer."""
    address = reverse("contracts:room", args=[contract.pk]) + fragment
    return lead(request, address)
