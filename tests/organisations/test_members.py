"""Organisations: who belongs to one and with which powers, how people come in, and how they leave."""
import datetime

import pytest
from django.conf import settings
from django.core import mail

from machi.accounts.actions import act_for, change_powers, describe_client, vouch_for_address
from machi.accounts.models import Membership, Party
from machi.accounts.powers import EVERY_POWER, Power
from machi.accounts.queries import chosen_role, has_power, members_of, party_of, roles_of
from machi.activity.models import Fact
from machi.contracts.invariants import broken
from machi.jobs.actions import end_membership
from machi.jobs.models import Job
from machi.notifications.models import Notice
from machi.organisations import actions
from machi.organisations.actions import accept, forget_addresses, invite, mail_invitations, withdraw
from machi.organisations.models import VALID_FOR, Invitation
from machi.organisations.queries import invitation_with, waiting_for
from machi.privacy.actions import close_account
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from tests.people import a_job, a_member, a_person, an_organisation, membership_of, token_in_the_letter

pytestmark = pytest.mark.django_db
WHO = {"name": "別の名前", "address": "x", "contact": "x", "trade": "company", "has_employees": True, "is_withholding_agent": False}


def an_invitation(party: Party, *powers, email: str = "new@example.jp", by=None) -> Invitation:
    return invite(party=party, by=by or party.people(Power.KEEPER)[0], email=email, powers=powers or (Power.MEMBER,))


def whose_address_is_proven(person):
    vouch_for_address(user=person)
    return person


# ---- making one, and its powers --------------------------------------------------------------------------------------

def test_whoever_makes_an_organisation_has_every_power_and_keeps_their_own_party():
    person = a_person()
    party = an_organisation(person)

    assert {number: role.powers for number, role in roles_of(person).items()} == {
        party_of(person).pk: EVERY_POWER, party.pk: EVERY_POWER}
    assert party.people() == party.people(Power.PAYER) == [person]
    assert Fact.objects.filter(name="organisation.founded", actor=person, about=party.reference).exists()


def test_powers_are_separate_and_a_keeper_has_every_one():
    party = an_organisation()
    member, approver, payer = (a_member(party, power) for power in (Power.MEMBER, Power.APPROVER, Power.PAYER))
    keeper = a_member(party, Power.KEEPER)

    assert [has_power(member, party.pk, power) for power in Power] == [True, False, False, False]
    assert all(has_power(keeper, party.pk, power) for power in Power)
    assert member in party.people(Power.MEMBER) and payer not in party.people(Power.MEMBER, Power.APPROVER)
    assert approver in party.people(Power.MEMBER, Power.APPROVER)


def test_only_a_keeper_says_who_the_organisation_is():
    party = an_organisation(name="みなと出版")
    with pytest.raises(NotAllowed):
        describe_client(party=party, by=a_member(party, Power.MEMBER, Power.APPROVER, Power.PAYER), **WHO)

    assert Party.objects.get(pk=party.pk).name == "みなと出版"
    assert describe_client(party=party, by=a_member(party, Power.KEEPER), **WHO).name == "別の名前"


def test_only_a_keeper_changes_powers_and_the_person_hears_of_it():
    party, keeper = an_organisation(boss := a_person()), boss
    member, other = a_member(party, Power.MEMBER), a_member(party, Power.APPROVER)
    with pytest.raises(NotAllowed):
        actions.change_powers(membership=membership_of(party, member), by=other, powers=[Power.PAYER])

    actions.change_powers(membership=membership_of(party, member), by=keeper, powers=[Power.MEMBER, Power.PAYER])

    assert membership_of(party, member).powers == {"member", "payer"}
    assert member.notices.filter(kind="organisation.powers", about=party.reference).count() == 1
    with pytest.raises(NotAllowed):
        change_powers(membership=membership_of(party, member), by=keeper, powers=[])


def test_the_last_keeper_neither_steps_down_nor_leaves_before_somebody_else_keeps():
    party = an_organisation(keeper := a_person())
    other = a_member(party, Power.MEMBER)
    with pytest.raises(NotAllowed) as refusal:
        end_membership(membership=membership_of(party, keeper), by=keeper, to=other)
    with pytest.raises(NotAllowed):
        change_powers(membership=membership_of(party, keeper), by=keeper, powers=[Power.MEMBER])
    assert "世話役" in str(refusal.value)

    change_powers(membership=membership_of(party, other), by=keeper, powers=[Power.KEEPER])
    end_membership(membership=membership_of(party, keeper), by=keeper, to=other)

    assert [one.user for one in members_of(party)] == [other]


def test_nobody_leaves_their_own_party():
    person = a_person()
    with pytest.raises(NotAllowed):
        end_membership(membership=membership_of(party_of(person), person), by=person)


# ---- leaving ---------------------------------------------------------------------------------------------------------

def test_whoever_left_sees_nothing_any_more_at_once_and_what_they_looked_after_goes_on_with_another():
    party = an_organisation(keeper := a_person())
    leaver = a_member(party, Power.MEMBER)
    post, draft = a_job(leaver, party=party), a_job(leaver, party=party, published=False, title="下書き")
    assert {post.contact, draft.contact} == {leaver}

    end_membership(membership=membership_of(party, leaver), by=leaver, to=keeper)

    assert not Job.objects.given_by(leaver).exists() and not Job.objects.visible_to(leaver).filter(pk=draft.pk).exists()
    assert set(Job.objects.filter(client=party).values_list("contact", flat=True)) == {keeper.pk}
    assert keeper.notices.filter(kind="organisation.handed").get().words["n"] == 2
    assert Fact.objects.filter(name="job.handed_over", actor=leaver).count() == 2


def test_somebody_who_looks_after_posts_names_who_takes_over():
    party = an_organisation()
    leaver, payer = a_member(party, Power.MEMBER), a_member(party, Power.PAYER)
    a_job(leaver, party=party)

    for nobody in (None, payer, leaver, a_person()):
        with pytest.raises(NotAllowed):
            end_membership(membership=membership_of(party, leaver), by=leaver, to=nobody)
        leaver.refresh_from_db()
    assert membership_of(party, leaver)


def test_whoever_has_left_the_town_takes_nothing_over():
    party = an_organisation(keeper := a_person())
    leaver, away = a_member(party, Power.MEMBER), a_member(party, Power.MEMBER)
    a_job(leaver, party=party)
    close_account(by=away)

    with pytest.raises(NotAllowed):
        end_membership(membership=membership_of(party, leaver), by=leaver, to=a_fresh(away))
    assert end_membership(membership=membership_of(party, leaver), by=leaver, to=keeper)


def test_a_keeper_takes_somebody_out_and_a_member_does_not():
    party = an_organisation(keeper := a_person())
    one, other = a_member(party, Power.MEMBER), a_member(party, Power.MEMBER)
    with pytest.raises(NotAllowed):
        end_membership(membership=membership_of(party, one), by=other)

    end_membership(membership=membership_of(party, one), by=keeper)

    assert not has_power(a_fresh(one), party.pk)
    assert one.notices.filter(kind="organisation.removed").exists()
    with pytest.raises(NotAllowed):
        end_membership(membership=one.memberships.get(party=party), by=keeper)


def a_fresh(user):
    return type(user).objects.get(pk=user.pk)


# ---- invitations -----------------------------------------------------------------------------------------------------

def test_a_letter_goes_out_and_whoever_holds_it_comes_in():
    party = an_organisation(keeper := a_person("みどり"))
    invitation = an_invitation(party, Power.APPROVER, Power.PAYER)
    token = token_in_the_letter(invitation)
    newcomer = a_person()

    assert mail.outbox[0].subject == "「みなと出版」への招待です" and "みどりさん" in mail.outbox[0].body
    assert token not in str(Invitation.objects.values()), "only a fingerprint of it stays here"
    assert invitation_with(token) == invitation
    accept(invitation=invitation, by=newcomer, token=token)
    assert membership_of(party, newcomer).powers == {"approver", "payer"}
    assert keeper.notices.filter(kind="organisation.joined").exists()


def test_whoever_joins_the_town_under_that_address_later_finds_it():
    party = an_organisation()
    invitation = an_invitation(party, email="Later@Example.jp")
    newcomer = a_person()
    newcomer.email = "later@example.jp"
    newcomer.save()

    assert waiting_for(newcomer) == [], "not before the address is proven"
    whose_address_is_proven(newcomer)
    assert waiting_for(newcomer) == [invitation]
    accept(invitation=invitation, by=newcomer)
    assert waiting_for(newcomer) == [] and has_power(newcomer, party.pk, Power.MEMBER)


@pytest.mark.parametrize("token", ["", "x", "0" * 64])
def test_somebody_else_without_the_letter_does_not_come_in(token):
    invitation = an_invitation(an_organisation())
    token_in_the_letter(invitation)
    with pytest.raises(NotAllowed):
        accept(invitation=invitation, by=whose_address_is_proven(a_person()), token=token)


def test_an_invitation_ends_when_it_is_taken_back_used_or_old(clock_at):
    party = an_organisation(keeper := a_person())
    taken_back, used, old = (an_invitation(party, email=f"{n}@example.jp") for n in range(3))
    tokens = [token_in_the_letter(one) for one in (taken_back, used, old)]
    withdraw(invitation=taken_back, by=keeper)
    accept(invitation=used, by=a_person(), token=tokens[1])
    clock_at(clock.now() + VALID_FOR + datetime.timedelta(seconds=1))

    for invitation, token in zip((taken_back, used, old), tokens, strict=True):
        with pytest.raises(NotAllowed):
            accept(invitation=invitation, by=a_person(), token=token)
    assert an_invitation(party, email="2@example.jp").pk != old.pk, "after its time the same address can be invited again"


def test_an_address_is_invited_once_at_a_time_whether_somebody_lives_here_or_not():
    party, known = an_organisation(), whose_address_is_proven(a_person())
    for address in (known.email, "nobody@example.jp"):
        an_invitation(party, email=address)
        with pytest.raises(DomainError) as refusal:
            an_invitation(party, email=address.upper())
        assert "もう招待" in str(refusal.value)


def test_an_organisation_invites_so_many_people_a_day(clock_at, monkeypatch):
    monkeypatch.setitem(settings.DAILY, "invite", 3)
    party = an_organisation()
    for number in range(3):
        an_invitation(party, email=f"{number}@example.jp")
    with pytest.raises(DomainError):
        an_invitation(party, email="4@example.jp")

    clock_at(clock.now() + datetime.timedelta(days=1, seconds=1))
    assert an_invitation(party, email="4@example.jp")


def test_whoever_makes_many_organisations_invites_no_more_people_than_with_one(clock_at, monkeypatch):
    monkeypatch.setitem(settings.DAILY, "invite", 3)
    keeper = a_person()
    parties = [an_organisation(keeper, f"みなと出版{number}") for number in range(4)]
    for number in range(3):
        an_invitation(parties[number], email=f"{number}@example.jp", by=keeper)
    with pytest.raises(DomainError):
        an_invitation(parties[3], email="4@example.jp", by=keeper)
    a_member(parties[3], Power.KEEPER, user=(other := a_person()))
    assert an_invitation(parties[3], email="4@example.jp", by=other)

    clock_at(clock.now() + datetime.timedelta(days=1, seconds=1))
    assert an_invitation(parties[3], email="5@example.jp", by=keeper)


def test_an_address_hears_once_a_day_from_the_same_people(clock_at):
    keeper, other = a_person(), a_person()
    here, there = an_organisation(keeper), an_organisation(keeper, "みなと放送")
    a_member(here, Power.KEEPER, user=other)
    first = an_invitation(here, by=keeper)
    withdraw(invitation=first, by=keeper)
    second = an_invitation(here, by=keeper)
    assert not first.mailed_at, "no letter went out: what was wrong with it is put right at once"

    token_in_the_letter(second)
    withdraw(invitation=second, by=keeper)
    for party, by in ((here, keeper), (here, other), (there, keeper)):
        with pytest.raises(DomainError) as refusal:
            an_invitation(party, email="New@Example.jp", by=by)
        assert "次に出せるのは" in str(refusal.value)
    assert an_invitation(an_organisation(), email="new@example.jp"), "strangers to each other know nothing of each other"

    clock_at(clock.now() + datetime.timedelta(days=1, seconds=1))
    assert an_invitation(there, by=keeper)


def test_somebody_makes_so_many_organisations_a_day(clock_at):
    keeper = a_person()
    for number in range(settings.DAILY["found_organisation"]):
        an_organisation(keeper, f"みなと出版{number}")
    with pytest.raises(DomainError) as refusal:
        an_organisation(keeper, "もう一つ")
    assert "5" in str(refusal.value) and an_organisation(a_person())

    clock_at(clock.now() + datetime.timedelta(days=1, seconds=1))
    assert an_organisation(keeper, "もう一つ")


def test_nobody_is_invited_into_a_persons_own_party_or_by_somebody_who_keeps_nothing():
    person, party = a_person(), an_organisation()
    for where, by in ((party_of(person), person), (party, a_member(party, Power.MEMBER)), (party, person)):
        with pytest.raises(NotAllowed):
            an_invitation(where, by=by)


def test_whoever_is_in_already_keeps_their_powers():
    party = an_organisation()
    member = a_member(party, Power.MEMBER)
    invitation = an_invitation(party, Power.KEEPER)
    accept(invitation=invitation, by=member, token=token_in_the_letter(invitation))

    assert membership_of(party, member).powers == {"member"}


def test_the_letter_speaks_the_language_of_whoever_reads_it():
    reader = a_person(language="en")
    an_invitation(an_organisation(), email=reader.email)
    an_invitation(an_organisation(a_person(language="ja-simple"), "よその会"), email="new@example.jp")
    mail_invitations()

    assert [letter.subject.startswith("An invitation") for letter in mail.outbox] == [True, False]
    assert "係は" in mail.outbox[1].body


def test_the_addresses_of_ended_invitations_are_forgotten(clock_at):
    an_invitation(an_organisation())
    assert forget_addresses() == 0
    clock_at(clock.now() + VALID_FOR + actions.REMEMBERED_FOR + datetime.timedelta(days=1))

    assert forget_addresses() == 1 and forget_addresses() == 0
    assert not Invitation.objects.exclude(email="").exists() and not Invitation.objects.exclude(token_hash="").exists()


# ---- for whom somebody acts ------------------------------------------------------------------------------------------

def test_for_whom_somebody_acts_is_remembered_until_they_choose_again_or_leave():
    person = a_person()
    party = an_organisation()
    a_member(party, Power.MEMBER, user=person)
    assert not chosen_role(person).is_organisation

    act_for(party=party.pk, by=person)
    assert chosen_role(a_fresh(person)).party == party.pk
    with pytest.raises(NotAllowed):
        act_for(party=an_organisation().pk, by=person)
    end_membership(membership=membership_of(party, person), by=person)
    assert chosen_role(a_fresh(person)).party == party_of(person).pk
    assert Notice.objects.filter(user=person).count() == 0


@pytest.mark.parametrize(("break_it", "rule"), [
    (lambda party, person: Membership.objects.filter(party=party).update(left_at=clock.now()),
     "an organisation has somebody with every power"),
    (lambda party, person: Membership.objects.filter(user=person, party__person=person).update(is_keeper=False),
     "a person's own party has that person, with every power, and nobody else"),
    (lambda party, person: Job.objects.update(contact=a_person()), "whoever looks after a post acts for its client"),
])
def test_the_invariants_find_a_party_that_is_not_as_it_must_be(break_it, rule):
    party = an_organisation(person := a_person())
    a_job(person, party=party)
    assert broken() == {}

    break_it(party, person)

    assert rule in broken()
