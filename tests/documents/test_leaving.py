"""Whoever leaves takes their words out of the papers; what the law keeps lies under seal, and the other side keeps its own copy."""
import datetime

import pytest

from machi.documents.actions import make_papers
from machi.documents.invariants import broken
from machi.documents.models import Document, DocumentText
from machi.privacy.actions import destroy_due_keys, erase_account
from machi.privacy.in_words import items_of
from machi.privacy.models import Paper
from machi.privacy.queries import kept_papers
from machi.privacy.taking_home import open_paper
from machi.shared import clock
from tests.people import a_client, a_contract, a_person, client_of, payday, with_bank_account

KIND = Paper.Kind.DOCUMENTS


def finished(worker=None, client=None):
    """A contract that is over and paid, with its papers."""
    contract = a_contract(accepted=True, worker=worker or a_person("かなりや"), by=client or a_client("みなと応援会"))
    with_bank_account(contract.worker)
    with clock.moved(to=clock.end_of(contract.milestones.get().pay_on)):
        payday()
    while make_papers():
        pass
    return contract


@pytest.mark.parametrize("leaver", ["worker", "client"])
def test_the_words_go_the_numbers_stay_and_each_side_has_what_it_must_keep(town, leaver):
    contract = finished()
    client = client_of(contract)
    leaves, stays = (contract.worker, client) if leaver == "worker" else (client, contract.worker)
    theirs = set(Document.objects.visible_to(leaves).values_list("pk", flat=True))
    others = set(Document.objects.visible_to(stays).values_list("pk", flat=True))
    assert [kept.count for kept in kept_papers(leaves) if kept.kind == KIND] == [len(theirs)]

    erase_account(by=leaves)

    assert not DocumentText.objects.exists() and Document.objects.count() == 5 and broken() == {}
    sealed, copy = Paper.objects.get(kind=KIND, holder=leaves.party), Paper.objects.get(kind=KIND, holder=stays.party)
    assert {one["document"] for one in open_paper(sealed)["papers"]} == theirs and sealed.key.destroy_on is not None
    assert {one["document"] for one in open_paper(copy)["papers"]} == others and copy.key.destroy_on is None
    assert any("11,000円" in term.text for term in items_of(open_paper(sealed)))


def test_when_the_other_leaves_too_their_copy_is_sealed_and_everything_is_gone_after_its_day(town):
    contract = finished()
    client = client_of(contract)
    erase_account(by=contract.worker)
    erase_account(by=client)

    assert Paper.objects.sealed().filter(kind=KIND).count() == 2 == Paper.objects.filter(kind=KIND).count()

    last = Paper.objects.filter(kind=KIND).latest("key__destroy_on").key.destroy_on
    with clock.moved(to=clock.start_of(last - datetime.timedelta(days=1))):
        destroy_due_keys()
        assert Paper.objects.filter(kind=KIND).count() == 2
    with clock.moved(to=clock.start_of(last)):
        destroy_due_keys()
        assert not Paper.objects.filter(kind=KIND).exists()


def test_what_was_not_written_before_somebody_left_is_written_for_nobody(town):
    contract = a_contract(accepted=True)
    with_bank_account(contract.worker)
    with clock.moved(to=clock.end_of(contract.milestones.get().pay_on)):
        payday()
    erase_account(by=contract.worker)

    while make_papers():
        pass

    assert not Document.objects.exists()
