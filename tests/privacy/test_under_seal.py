"""The law's papers of whoever has left lie under seal until their day (trust.md T40)."""
import datetime
import json

import pytest
from django.conf import settings

from machi.accounts.actions import end_duty
from machi.activity.models import Fact
from machi.contracts import actions as contracts
from machi.contracts.titles import titled
from machi.privacy import actions, keys
from machi.privacy.facts import PAPER_READ
from machi.privacy.keys import KeyGone
from machi.privacy.models import Key, Paper
from machi.privacy.queries import copy_of
from machi.privacy.taking_home import open_paper
from machi.shared import clock
from machi.shared.errors import NotAllowed
from tests.people import a_contract, a_contract_in_steps, a_person, a_staff_member, client_of, payday, with_bank_account
from tests.privacy.canaries import CANARY, backup, restored


def test_the_laws_papers_lie_under_seal_until_their_day_and_then_for_nobody(life, clock_at):
    actions.erase_account(by=life.leaver)
    papers = list(Paper.objects.sealed().filter(about=life.contract.reference).order_by("pk"))
    assert [paper.kind for paper in papers] == ["terms", "statement", "statement", "documents"]    # of the work, and of the bonus
    staff = a_staff_member("finance")
    assert all(CANARY in json.dumps(actions.read_sealed(paper=paper, by=staff)) for paper in papers)
    key = papers[0].key
    assert key.destroy_on == datetime.date(life.contract.ended_at.year + 8, 3, 16)

    clock_at(datetime.datetime.combine(key.destroy_on - datetime.timedelta(days=1), datetime.time(12)).isoformat(" "))
    assert actions.destroy_due_keys() == 0
    clock_at(datetime.datetime.combine(key.destroy_on, datetime.time(12)).isoformat(" "))
    before = backup()
    assert actions.destroy_due_keys() == 1

    with pytest.raises(KeyGone):
        keys.read(key.stored_as)
    assert not Paper.objects.sealed().exists()
    restored(before)                                # whoever puts an old backup back opens nothing either
    with pytest.raises(KeyGone):
        open_paper(papers[0])
    assert actions.destroy_due_keys() == 1


@pytest.mark.django_db
def test_sealed_papers_are_opened_by_those_whose_duty_it_is_and_only_as_long_as_it_is():
    contract = a_contract(accepted=True)
    actions.erase_account(by=contract.client.person)
    paper, staff = Paper.objects.sealed().first(), a_staff_member("auditor")
    assert actions.read_sealed(paper=paper, by=staff)
    duty = staff.duties.get()
    end_duty(duty=duty, by=duty.given_by)

    for person in (staff, a_person(), a_staff_member("operator"), contract.worker):
        with pytest.raises(NotAllowed):
            actions.read_sealed(paper=paper, by=person)
    assert Fact.objects.filter(name=PAPER_READ, actor=staff).count() == Fact.objects.filter(name=PAPER_READ).count() == 1


@pytest.mark.django_db
def test_of_work_in_steps_the_statement_of_each_step_lies_under_seal():
    contract = a_contract_in_steps(funded=True, prices=(10_000, 20_000), worker=with_bank_account(a_person("離れる人")))
    client = client_of(contract)
    for milestone in contract.milestones.order_by("number"):
        if milestone.number > 1:
            contracts.fund(contract=contract, by=client)
        contracts.deliver(milestone=milestone, by=contract.worker, text="できました。", ai_note="使っていません")
        contracts.accept_delivery(milestone=milestone, by=client)
    with clock.moved(by=datetime.timedelta(days=90)):
        payday()
        paid_on = contract.worker.payouts.get().paid_on
        actions.erase_account(by=contract.worker)

    papers = Paper.objects.sealed().filter(about=contract.reference).order_by("pk")
    assert [paper.kind for paper in papers] == ["terms", "statement", "statement"]
    for opened, step, times in zip(map(open_paper, papers[1:]), contract.milestones.order_by("number"), (1, 2), strict=True):
        assert opened == {
            "price_yen": times * 10_000, "tax_yen": times * 1_000, "fee_yen": times * 2_200, "fee_tax_yen": times * 220, "withheld_yen": 0,
                "client_fee_yen": 0, "client_fee_tax_yen": 0, "registered_number": "",
            "amount_yen": times * 8_580, "reference": step.reference, "title": titled(step), "client": str(contract.client),
            "worker": "離れる人", "earned_on": clock.day_of(step.accepted_at).isoformat(), "pay_on": step.pay_on.isoformat(),
            "paid_on": paid_on.isoformat()}


def test_both_sides_can_leave_and_then_only_sealed_papers_are_left(life):
    actions.erase_account(by=life.leaver)
    actions.erase_account(by=life.stayer)

    assert set(Paper.objects.filter(**life.of_the_two).order_by("pk").values_list("kind", flat=True)) == {
        "terms", "statement", "receipt", "documents"}
    assert Paper.objects.filter(about=life.contract.reference).count() == 8 and not list(settings.SEALED_FOLDER.iterdir())
    assert not Key.objects.filter(destroy_on=None, destroyed_at=None, **life.of_the_two).exists()
    terms = [open_paper(paper) for paper in Paper.objects.filter(kind="terms", about=life.contract.reference).order_by("pk")]
    assert terms[0] == terms[1]


@pytest.mark.django_db
def test_a_lost_key_keeps_nobody_here_and_closes_only_what_was_sealed_with_it():
    worker = a_person()
    first, second = a_contract(worker=worker, accepted=True), a_contract(worker=worker, accepted=True)
    actions.erase_account(by=first.client.person)
    keys.destroy(copy_of(worker, first.reference).key.stored_as)

    actions.erase_account(by=second.client.person)

    assert open_paper(copy_of(worker, second.reference))["terms"]["client_name"] == "みなと地域スポーツ応援会"
    with pytest.raises(KeyGone):
        open_paper(copy_of(worker, first.reference))
    with_bank_account(worker)
    with clock.moved(to=datetime.datetime.combine(second.milestones.get().pay_on, datetime.time(10), clock.JAPAN)):
        payday()
    actions.erase_account(by=worker)
    assert not Paper.objects.filter(kind="copy").exists()
    assert [open_paper(paper)["terms"]["client_name"] for paper in Paper.objects.filter(kind="terms", about=first.reference)] == [
        "みなと地域スポーツ応援会"] * 2
