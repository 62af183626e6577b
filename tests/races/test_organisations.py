"""Members of an organisation at the same moment: never without somebody who has every power, never a deed by who was taken out."""
import pytest
from django.conf import settings

from machi.accounts.models import Membership
from machi.accounts.powers import Power
from machi.activity.models import Fact
from machi.contracts.actions import fund
from machi.contracts.models import Contract
from machi.jobs.actions import end_membership
from machi.organisations.actions import accept, invite
from machi.organisations.models import Invitation
from machi.privacy.actions import close_account
from machi.shared.errors import DomainError
from tests.people import a_contract, a_member, a_person, an_organisation, membership_of, token_in_the_letter
from tests.races.outcomes import REFUSED, ROUNDS, WON, outcomes


def keepers(party) -> int:
    return Membership.objects.filter(party=party, left_at=None, is_keeper=True).count()


def end_own(party, who) -> None:
    end_membership(membership=membership_of(party, who), by=who)


def close_own(party, who) -> None:
    close_account(by=who)


@pytest.mark.parametrize("round", ROUNDS)
def test_two_keepers_take_each_other_out(race, round):
    party = an_organisation(one := a_person())
    other = a_member(party, Power.KEEPER)

    answers = race(lambda: end_membership(membership=membership_of(party, other), by=one),
                   lambda: end_membership(membership=membership_of(party, one), by=other))

    assert outcomes(answers) == {WON: 1, REFUSED: 1}
    assert keepers(party) == 1


@pytest.mark.parametrize("round", ROUNDS)
def test_the_last_two_keepers_leave(race, round):
    party = an_organisation(one := a_person())
    other = a_member(party, Power.KEEPER)

    answers = race(*(lambda who=who: end_membership(membership=membership_of(party, who), by=who) for who in (one, other)))

    assert outcomes(answers) == {WON: 1, REFUSED: 1} and keepers(party) == 1


@pytest.mark.parametrize("round", ROUNDS)
@pytest.mark.parametrize("going", [end_own, close_own], ids=["leaves-too", "closes-too"])
def test_one_of_the_last_two_keepers_leaves_the_town_while_the_other_goes(race, round, going):
    party = an_organisation(one := a_person())
    other = a_member(party, Power.KEEPER)

    answers = race(lambda: close_own(party, one), lambda: going(party, other))

    assert outcomes(answers) == {WON: 1, REFUSED: 1} and len(party.people(Power.KEEPER)) == 1


def test_one_invitation_is_accepted_twice(race):
    party = an_organisation(keeper := a_person())
    newcomers = [a_person(), a_person()]
    invitation = invite(party=party, by=keeper, email="new@example.jp", powers=[Power.MEMBER])
    token = token_in_the_letter(invitation)

    answers = race(*(lambda who=who: accept(invitation=invitation, by=who, token=token) for who in newcomers))
    assert outcomes(answers) == {WON: 1, REFUSED: 1}
    again = race(*[lambda: accept(invitation=invitation, by=newcomers[answers.index(won(answers))], token=token)] * 2)

    assert outcomes(again) == {WON: 2}, "pressed once more, one is in already"
    assert Membership.objects.filter(party=party, left_at=None).count() == 2


def test_the_same_address_is_invited_twice(race):
    party = an_organisation(keeper := a_person())
    other = a_member(party, Power.KEEPER)

    answers = race(*(lambda by=by: invite(party=party, by=by, email="new@example.jp", powers=[Power.MEMBER]) for by in (keeper, other)))

    assert outcomes(answers) == {WON: 1, REFUSED: 1} and Invitation.objects.count() == 1


def test_one_person_writes_to_one_address_out_of_two_organisations(race):
    parties = [an_organisation(keeper := a_person()), an_organisation(keeper, "みなと放送")]

    answers = race(*(lambda to=party: invite(party=to, by=keeper, email="new@example.jp", powers=[Power.MEMBER]) for party in parties))

    assert outcomes(answers) == {WON: 1, REFUSED: 1} and Invitation.objects.count() == 1


def test_one_person_makes_more_organisations_at_once_than_a_day_allows(race):
    keeper = a_person()
    for number in range(settings.DAILY["found_organisation"] - 1):
        an_organisation(keeper, f"みなと出版{number}")

    answers = race(*(lambda name=name: an_organisation(keeper, name) for name in ("みなと放送", "みなと放送局", "みなと劇場")))

    assert outcomes(answers) == {WON: 1, REFUSED: 2}


@pytest.mark.parametrize("round", ROUNDS)
def test_a_payer_is_taken_out_while_they_pay(race, round):
    contract = a_contract(party=(party := an_organisation(keeper := a_person())), by=keeper)
    payer = a_member(party, Power.PAYER)

    paid, taken_out = race(lambda: fund(contract=contract, by=payer),
                           lambda: end_membership(membership=membership_of(party, payer), by=keeper))

    assert outcomes([taken_out]) == {WON: 1}
    state = Contract.objects.get(pk=contract.pk).state
    assert state == ("pending_funding" if isinstance(paid, DomainError) else "active")
    deeds = list(Fact.objects.filter(name__in=["contract.milestone_funded", "organisation.member_left"]).order_by("written_in", "pk"))
    if not isinstance(paid, DomainError):
        left = Membership.objects.get(party=party, user=payer)
        assert [deed.actor for deed in deeds if deed.name == "contract.milestone_funded"] == [payer]
        assert max(deed.happened_at for deed in deeds if deed.actor == payer) <= left.left_at, "paid first, then taken out"


def won(answers):
    return next(answer for answer in answers if not isinstance(answer, DomainError))
