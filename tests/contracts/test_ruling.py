"""The two do not agree by themselves: a person of the town proposes and both agree, or two people of the town rule; the money goes out."""
import datetime

import pytest
from django.db import IntegrityError, transaction

from machi.accounts.facts import LOOKED_AT
from machi.accounts.models import Membership
from machi.activity.models import Fact
from machi.contracts import actions, outside
from machi.contracts.differences import is_late, waiting_differences
from machi.contracts.invariants import RULES
from machi.contracts.models import Dispute, Ruling
from machi.payments.models import Earning, Refund
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.invariants import late
from machi.shared.money import Yen
from tests.conftest import broken_rules
from tests.people import (
    a_contract,
    a_member,
    a_person,
    a_staff_member,
    an_hourly_contract,
    an_organisation,
    balance_of,
    client_of,
    held_for,
    hours_written,
    membership_of,
)
from tests.states.contract_moves import _passed_on
from tests.states.dispute_moves import a_difference

pytestmark = pytest.mark.django_db
SECOND, DAY = datetime.timedelta(seconds=1), datetime.timedelta(days=1)


def state_of(dispute: Dispute) -> tuple[str, str]:
    dispute = Dispute.objects.select_related("milestone").get(pk=dispute.pk)
    return dispute.state, dispute.milestone.state


def signed(dispute: Dispute, by=None) -> Ruling:
    return actions.sign_ruling(ruling=dispute.rulings.get(is_signed=None), by=by or a_staff_member("finance"))


def told(person, kind: str) -> int:
    return person.notices.filter(kind=f"contract.{kind}").count()


# ---- mediation -------------------------------------------------------------------------------------------------------

def test_a_moderator_takes_it_up_and_both_hear_who_and_until_when(town):
    dispute = a_difference("mediation")
    contract = dispute.milestone.contract

    assert clock.day_of(dispute.decide_by) == clock.today() + 30 * DAY
    for person in (contract.worker, client_of(contract)):
        assert person.notices.get(kind="contract.dispute_taken_up").words["who_person"] == dispute.mediator.name


def test_both_agree_to_what_was_proposed_and_the_money_goes_out_at_once(town):
    dispute = a_difference("proposed")
    contract = dispute.milestone.contract

    actions.agree_to_split(dispute=dispute, by=client_of(contract))
    assert state_of(dispute) == ("proposed", "disputed") and held_for(contract.pk) == 11_000
    assert told(contract.worker, "dispute_other_agreed") == 1
    with pytest.raises(DomainError):
        actions.agree_to_split(dispute=dispute, by=client_of(contract))
    actions.agree_to_split(dispute=dispute, by=contract.worker)

    assert state_of(dispute) == ("closed", "settled") and told(client_of(contract), "proposal_agreed") == 1
    assert (balance_of(contract.worker), held_for(contract.pk), Refund.objects.get().amount_yen) == (3_432, 0, 6_600)
    assert broken_rules() == {}


def test_one_does_not_agree_and_from_then_on_the_town_decides(town):
    dispute = a_difference("escalated")
    contract = dispute.milestone.contract

    assert state_of(dispute) == ("escalated", "disputed") and dispute.proposal.refused_words == "もっと書きました。"
    assert told(contract.worker, "dispute_escalated") == told(client_of(contract), "dispute_escalated") == 1
    with pytest.raises(DomainError):
        actions.agree_to_split(dispute=dispute, by=client_of(contract))


@pytest.mark.parametrize("state", ["mediation", "proposed"])
def test_thirty_days_are_over_at_the_second_and_not_before(town, clock_stands_at, state):
    dispute = a_difference(state)
    contract = dispute.milestone.contract
    clock_stands_at(dispute.decide_by)
    assert actions.end_mediation() == 0
    clock_stands_at(dispute.decide_by + SECOND)
    if state == "proposed":
        with pytest.raises(DomainError):
            actions.agree_to_split(dispute=dispute, by=contract.worker)
    assert actions.end_mediation() == 1 and actions.end_mediation() == 0

    assert state_of(dispute) == ("escalated", "disputed") and broken_rules() == {}


@pytest.mark.parametrize("state", ["heard", "mediation", "proposed", "escalated", "drafted"])
@pytest.mark.parametrize("how", ["withdraw", "settle"])
def test_until_it_is_ruled_the_two_may_take_it_back_or_settle_it_by_themselves(town, state, how):
    dispute = a_difference(state)
    contract = dispute.milestone.contract
    if how == "withdraw":
        actions.withdraw_dispute(dispute=dispute, by=contract.worker)
    else:
        order = actions.ask_for_part(milestone=dispute.milestone, by=contract.worker, price=Yen(5_000))
        actions.agree_to_change(order=order, by=client_of(contract))

    assert state_of(dispute) == ("closed", "funded" if how == "withdraw" else "settled")
    for ruling in dispute.rulings.all():
        with pytest.raises(DomainError):
            actions.sign_ruling(ruling=ruling, by=a_staff_member("finance"))
    assert broken_rules() == {}


def test_another_moderator_takes_it_over_with_the_days_that_are_left(town, clock_at):
    dispute = a_difference("mediation")
    first, until = dispute.mediator, dispute.decide_by
    clock_at(dispute.taken_up_at + 10 * DAY)
    with pytest.raises(DomainError):
        actions.take_up_dispute(dispute=dispute, by=first)
    dispute = actions.take_up_dispute(dispute=dispute, by=a_staff_member("moderator"))

    assert dispute.decide_by == until
    with pytest.raises(NotAllowed):
        actions.propose_split(dispute=dispute, by=first, price=Yen(1_000), words="案です。")


@pytest.mark.parametrize(("price", "words"), [(99, "案です。"), (10_001, "案です。"), (5_000, " ")])
def test_a_proposal_is_a_sum_that_can_be_paid_with_its_reason(price, words):
    dispute = a_difference("mediation")
    with pytest.raises(DomainError):
        actions.propose_split(dispute=dispute, by=dispute.mediator, price=Yen(price), words=words)
    assert state_of(dispute) == ("mediation", "disputed")


# ---- who may ---------------------------------------------------------------------------------------------------------

def test_nobody_mediates_or_signs_for_themselves_or_their_own(town):
    """The worker, somebody of the client's people, and the worker who was there before a stand-in."""
    both = a_staff_member("moderator", "finance")
    party = an_organisation()
    contract = a_contract(funded=True, party=party, by=party.people("keeper")[0])
    a_member(party, "member", user=both)
    dispute = a_difference("drafted", contract=contract)

    with pytest.raises(NotAllowed):
        actions.take_up_dispute(dispute=dispute, by=both)
    with pytest.raises(NotAllowed):
        signed(dispute, by=both)
    assert not outside.can_read_dispute(both, dispute) and state_of(dispute) == ("drafted", "disputed")


def test_who_stands_by_for_the_work_or_was_with_the_client_when_it_began_is_no_third_person(town):
    contract, person = a_contract(funded=True), a_staff_member("moderator")
    actions.name_stand_in(contract=contract, by=contract.worker, person=person, kept_percent=50)
    assert not outside.is_outside(person, contract) and outside.is_outside(a_staff_member("moderator"), contract)

    party, former = an_organisation(), a_staff_member("moderator")
    contract = a_contract(funded=True, party=party, by=party.people("keeper")[0])
    membership = membership_of(party, a_member(party, "member", user=former))
    Membership.objects.filter(pk=membership.pk).update(left_at=clock.now())
    assert not outside.is_outside(former, contract)
    Membership.objects.filter(pk=membership.pk).update(left_at=contract.formed_at - SECOND)
    assert outside.is_outside(former, contract)


def test_whoever_wrote_a_ruling_cannot_sign_it_and_the_database_says_so_too(town):
    both = a_staff_member("moderator", "finance")
    dispute = a_difference("drafted", moderator=both)
    ruling = dispute.rulings.get()

    with pytest.raises(NotAllowed):
        actions.sign_ruling(ruling=ruling, by=both)
    with pytest.raises(IntegrityError), transaction.atomic():
        Ruling.objects.filter(pk=ruling.pk).update(answered_by=both, answered_at=clock.now(), is_signed=True)
    assert state_of(dispute) == ("drafted", "disputed") and held_for(dispute.milestone.contract_id) == 11_000


def test_of_the_town_only_who_took_it_up_reads_the_words_and_finance_when_there_is_something_to_sign(town):
    moderator, other, finance = a_staff_member("moderator"), a_staff_member("moderator"), a_staff_member("finance")
    dispute = a_difference("mediation", moderator=moderator)
    contract = dispute.milestone.contract
    for person in (other, finance, a_staff_member("operator"), a_person()):
        with pytest.raises(NotAllowed):
            actions.read_dispute(dispute=dispute, by=person)

    actions.read_dispute(dispute=dispute, by=moderator)
    drafted = a_difference("drafted")
    actions.read_dispute(dispute=drafted, by=finance)

    looks = Fact.objects.filter(name=LOOKED_AT, data__what="looked.dispute")
    assert {(one.actor_id, one.about) for one in looks if one.actor_id == moderator.pk} == {
        (moderator.pk, f"user:{contract.worker_id}"), (moderator.pk, f"user:{client_of(contract).pk}")}
    signed(drafted, by=finance)
    with pytest.raises(NotAllowed):
        actions.read_dispute(dispute=drafted, by=finance)


# ---- rulings ---------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("price", "net", "back", "state"), [
    (4_000, 3_432, 6_600, "settled"), (10_000, 8_580, 0, "accepted"), (0, 0, 11_000, "refunded")])
def test_a_signed_ruling_gives_out_all_that_was_held_once(town, price, net, back, state):
    dispute = a_difference("drafted", price=price)
    contract, finance = dispute.milestone.contract, a_staff_member("finance")
    signed(dispute, by=finance)

    assert state_of(dispute) == ("closed", state)
    assert (balance_of(contract.worker), held_for(contract.pk)) == (net, 0)
    assert sum(Refund.objects.values_list("amount_yen", flat=True)) == back
    assert told(contract.worker, "dispute_ruled") == told(client_of(contract), "dispute_ruled") == 1
    assert told(contract.worker, "ruled_paid") == bool(net) and told(contract.worker, "settled") == 0
    assert broken_rules() == {}


def test_finance_hands_a_ruling_back_with_why_and_the_moderator_writes_another(town):
    dispute = a_difference("drafted")
    with pytest.raises(DomainError):
        actions.hand_back_ruling(ruling=dispute.rulings.get(), by=a_staff_member("finance"), words=" ")
    actions.hand_back_ruling(ruling=dispute.rulings.get(), by=a_staff_member("finance"), words="源泉を見てください。")
    dispute.refresh_from_db()
    actions.write_ruling(dispute=dispute, by=dispute.mediator, price=Yen(6_000), words="書き直しました。")
    signed(dispute)

    assert list(dispute.rulings.order_by("pk").values_list("is_signed", "price_yen")) == [(False, 4_000), (True, 6_000)]
    assert balance_of(dispute.milestone.contract.worker) == 5_148 and broken_rules() == {}


def test_a_week_by_the_hour_is_ruled_by_its_price_and_its_clock_stops(town):
    contract = an_hourly_contract(funded=True)
    hours_written(contract.timesheets.get(milestone__number=1), 4)
    dispute = a_difference("drafted", contract=contract, price=6_000)
    signed(dispute)

    assert state_of(dispute) == ("closed", "settled") and Earning.objects.get().price_yen == 6_000
    assert (held_for(contract.pk), broken_rules()) == (0, {})


def test_what_a_stand_in_made_is_ruled_and_the_part_of_the_worker_before_ends_in_the_same_proportion(town):
    before = _passed_on("passed_on", "").contract
    after = before.taken_over_by
    dispute = a_difference("drafted", contract=after, price=2_500)
    signed(dispute)

    prices = dict(Earning.objects.values_list("worker", "price_yen"))
    assert prices == {after.worker_id: 2_500, before.worker_id: 2_500}
    assert (held_for(before.pk), held_for(after.pk), broken_rules()) == (0, 0, {})


# ---- nobody waits for ever -------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("state", "days", "rule"), [
    ("heard", 1, "what waits for the town in a difference waits a business day at most"),
    ("drafted", 1, "what waits for the town in a difference waits a business day at most"),
    ("escalated", 5, "a mediation ends in time, and what was left to the town is ruled in time")])
def test_what_waits_for_the_town_too_long_is_an_alarm_and_late_on_the_desk(town, clock_at, state, days, rule):
    clock_at(datetime.datetime(2026, 12, 1, 3, tzinfo=datetime.UTC))                   # a Tuesday
    a_difference(state)
    for later, is_so in ((days, False), (days + (3 if days > 1 else 1), True)):
        clock_at(datetime.datetime(2026, 12, 1, 3, tzinfo=datetime.UTC) + later * DAY)
        (row,) = waiting_differences()
        assert (rule in late(RULES), is_late(row)) == (is_so, is_so), later
