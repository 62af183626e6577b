"""Whoever acted for an organisation leaves for good, or those who dealt with it: what was written for it goes on with it."""
import datetime

import pytest

from machi.contracts.actions import ask_for_date, open_dispute
from machi.contracts.models import Contract
from machi.files.storing import path_of, store_all
from machi.jobs.actions import end_membership
from machi.messaging.actions import send_message
from machi.messaging.queries import letters, thread_about
from machi.privacy import actions
from machi.privacy.queries import copy_of
from machi.shared import clock
from tests.people import a_contract, a_member, an_organisation, membership_of, payday, with_bank_account
from tests.web.contracts.walking import said, upload

pytestmark = pytest.mark.django_db


def paid(contract: Contract) -> None:
    """The reward has reached the worker's bank: nothing keeps them here."""
    with_bank_account(contract.worker)
    with clock.moved(to=datetime.datetime.combine(contract.milestones.get().pay_on, datetime.time(10), clock.JAPAN)):
        payday()


def test_the_copy_of_an_organisation_is_read_by_those_who_read_its_work():
    party = an_organisation()
    keeper = party.people("keeper")[0]
    members = {power: a_member(party, power) for power in ("member", "approver", "payer")}
    gone = a_member(party, "member")
    contract = a_contract(party=party, by=keeper, accepted=True)
    paid(contract)
    end_membership(membership=membership_of(party, gone), by=gone)

    actions.erase_account(by=contract.worker)

    assert copy_of(keeper, contract.reference) and copy_of(members["member"], contract.reference)
    assert copy_of(members["approver"], contract.reference)
    assert copy_of(members["payer"], contract.reference) is None, "whoever pays sees the money, not the letters"
    assert copy_of(gone, contract.reference) is None


def test_what_a_member_wrote_for_an_organisation_stays_with_it_and_what_they_wrote_for_themselves_goes():
    party = an_organisation()
    member = a_member(party, "member", "approver")
    contract, own = a_contract(party=party, by=party.people("keeper")[0], funded=True), a_contract(worker=member, accepted=True)
    milestone = contract.milestones.get()
    for number, (side, person) in enumerate(((contract, member), (contract, contract.worker), (own, member))):
        thread = thread_about(side.reference, person)
        send_message(thread=thread, by=person, body=f"手紙{number}", key="k", title=side.title)
    ask_for_date(milestone=milestone, by=member, wished_on=milestone.due_on + datetime.timedelta(days=3), words="校正を待ちたいです")
    dispute = open_dispute(milestone=milestone, by=member, reason="写真が足りません", files=store_all([upload("画面.txt", b"a")]))
    paid(own)

    actions.erase_account(by=member)

    assert path_of(dispute.files.get().file.stored_as).exists(), "what stands beside the words stays with them"

    room = {letter.body: letter.name for letter in letters(thread_about(contract.reference, contract.worker))}
    assert room == {"手紙0": "街を出た方", "手紙1": contract.worker.name}
    assert milestone.date_requests.get().words == "校正を待ちたいです"
    assert [letter.body for letter in letters(thread_about(own.reference, own.client.person))] == [said("erased.words")]


def test_what_a_worker_wrote_to_an_organisation_goes_with_them():
    party = an_organisation()
    keeper = party.people("keeper")[0]
    contract = a_contract(party=party, by=keeper, accepted=True)
    thread = thread_about(contract.reference, contract.worker)
    send_message(thread=thread, by=contract.worker, body="母が寝てから直します", key="k", title=contract.title)
    paid(contract)

    actions.erase_account(by=contract.worker)

    assert [letter.body for letter in letters(thread_about(contract.reference, keeper))] == [said("erased.words")]
