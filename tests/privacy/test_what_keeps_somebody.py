"""What keeps somebody here for a while (F83): open contracts, money under way, an organisation without another keeper."""
import datetime

import pytest

from machi.accounts.actions import change_powers, let_in
from machi.accounts.models import User
from machi.contracts.invariants import broken
from machi.jobs.actions import edit_job, end_membership
from machi.payments.actions import give_back_withheld, send_refunds
from machi.payments.models import ExpectedDeposit
from machi.privacy import actions
from machi.privacy.actions import StillOpen
from machi.privacy.models import LastWord
from machi.proposals.actions import open_contest, take_up_pots
from machi.shared import clock
from machi.shared.errors import NotAllowed
from machi.shared.money import Yen
from tests.payments.statements import Account
from tests.people import a_contest, a_contract, a_person, a_staff_member, an_organisation, client_of, payday, with_bank_account


@pytest.mark.django_db
@pytest.mark.parametrize("how_far", [{}, {"funded": True}, {"delivered": True}])
@pytest.mark.parametrize("way", [actions.close_account, actions.erase_account])
def test_an_open_contract_keeps_both_sides(how_far, way):
    contract = a_contract(**how_far)

    for person in (contract.worker, contract.client.person):
        with pytest.raises(StillOpen) as refusal:
            way(by=person)
        assert ("contract", contract.pk) in [(hold.kind, hold.number) for hold in refusal.value.holds]
        person.refresh_from_db()
        assert not person.has_left


@pytest.mark.django_db
def test_money_under_way_keeps_the_worker_and_not_the_client(clock_at):
    contract = a_contract(accepted=True)

    with pytest.raises(StillOpen) as refusal:
        actions.erase_account(by=contract.worker)
    assert [(hold.kind, int(hold.amount)) for hold in refusal.value.holds] == [("earning", 8_580)]

    actions.erase_account(by=contract.client.person)
    with_bank_account(contract.worker)
    clock_at(datetime.datetime.combine(contract.milestones.get().pay_on, datetime.time(10)).isoformat(" "))
    payday()
    actions.erase_account(by=contract.worker)
    assert User.objects.get(pk=contract.worker_id).erased_at


@pytest.mark.django_db
def test_withheld_tax_that_the_town_still_holds_keeps_the_record():
    client = a_contract(accepted=True, is_withholding_agent=True).client.person

    with pytest.raises(StillOpen) as refusal:
        actions.erase_account(by=client)
    assert [hold.kind for hold in refusal.value.holds] == ["withheld"]
    actions.close_account(by=client)
    assert client.has_left or User.objects.get(pk=client.pk).has_left


@pytest.mark.django_db
def test_once_it_was_given_back_nothing_keeps_them(town):
    contract = a_contract(accepted=True, is_withholding_agent=True)
    with_bank_account(contract.worker)
    with clock.moved(by=datetime.timedelta(days=120)):
        payday()
    with clock.moved(by=datetime.timedelta(days=160)):
        give_back_withheld()
        send_refunds()
        actions.erase_account(by=contract.client.person)

    assert User.objects.get(pk=contract.client.person_id).erased_at


@pytest.mark.django_db
def test_an_export_that_is_being_made_is_waited_for():
    person = a_person()
    actions.ask_for_export(by=person)

    with pytest.raises(StillOpen) as refusal:
        actions.erase_account(by=person)
    assert [hold.kind for hold in refusal.value.holds] == ["export"]
    actions.make_exports()
    actions.erase_account(by=person)
    assert not actions.make_exports()


@pytest.mark.django_db
def test_the_last_word_names_nobody():
    person = a_person("佐藤")
    actions.erase_account(by=person, word="  子どもの声が届く時間に仕事が少なかったです ")

    word = LastWord.objects.get()
    assert word.text == "子どもの声が届く時間に仕事が少なかったです" and word.month_on.day == 1
    assert not [field for field in LastWord._meta.get_fields() if field.is_relation]


@pytest.mark.django_db
def test_a_blank_word_leaves_no_row():
    actions.erase_account(by=a_person(), word=" \n ")

    assert not LastWord.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("way", [actions.close_account, actions.erase_account])
def test_the_last_keeper_of_an_organisation_hands_over_first(way):
    keeper = a_person()
    party = an_organisation(keeper)
    with pytest.raises(StillOpen) as refusal:
        way(by=keeper)
    assert [(hold.kind, hold.number) for hold in refusal.value.holds] == [("organisation", party.pk)]

    let_in(party=party, user=a_person(), powers=["keeper", "member", "approver", "payer"])
    way(by=keeper)

    assert User.objects.get(pk=keeper.pk).has_left and keeper not in party.people("keeper")


@pytest.mark.django_db
@pytest.mark.parametrize("way", [actions.close_account, actions.erase_account])
def test_a_keeper_who_has_left_the_town_keeps_nothing_meanwhile(way):
    away, here = a_person("はるか"), a_person("みどり")
    party = an_organisation(away)
    let_in(party=party, user=here, powers=["keeper"])
    actions.close_account(by=away)

    with pytest.raises(StillOpen) as refusal:
        way(by=here)
    assert [hold.kind for hold in refusal.value.holds] == ["organisation"]
    with pytest.raises(NotAllowed):
        end_membership(membership=here.memberships.get(party=party), by=here)
    with pytest.raises(NotAllowed):
        change_powers(membership=here.memberships.get(party=party), by=here, powers=["member"])
    assert party.people() == [here]

    actions.come_back(person=User.objects.get(pk=away.pk))
    way(by=here)
    assert party.people() == [away] and broken() == {}


@pytest.mark.django_db
def test_the_invariants_find_an_organisation_whose_only_keeper_has_left():
    party = an_organisation(keeper := a_person())
    User.objects.filter(pk=keeper.pk).update(closed_at=clock.now(), display_name="")

    assert broken() == {"an organisation has somebody with every power": [party.pk]}


@pytest.mark.django_db
@pytest.mark.parametrize("way", [actions.close_account, actions.erase_account])
def test_a_duty_ends_before_its_holder_leaves(way):
    staff = a_staff_member("editor")

    with pytest.raises(StillOpen) as refusal:
        way(by=staff)
    assert [hold.kind for hold in refusal.value.holds] == ["duty"]


def test_money_that_is_asked_for_or_goes_back_to_them_keeps_the_record(town, settings):
    """Where banks carry it by hand it is on its way for days, and there must be somebody to whom it belongs."""
    settings.MONEY_MODE = "bank"
    contest = a_contest(opened=False)
    client = client_of(contest)
    open_contest(job=contest, by=client, pot=Yen(44_000))
    with pytest.raises(StillOpen) as refusal:
        actions.erase_account(by=client)
    assert [(hold.kind, int(hold.amount)) for hold in refusal.value.holds] == [("deposit", 44_000)]

    edit_job(job=contest, by=client, title="別の題")
    Account().shows((44_000, ExpectedDeposit.objects.get().code))
    with pytest.raises(StillOpen):                      # here, and nobody has taken it up yet
        actions.erase_account(by=client)
    take_up_pots()
    with pytest.raises(StillOpen) as refusal:
        actions.erase_account(by=client)
    assert [(hold.kind, int(hold.amount)) for hold in refusal.value.holds] == [("refund", 44_000)]
