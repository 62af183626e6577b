"""What a sum is for is said in words at the desks of money: a piece of work and its step, never the reference of the books."""
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from machi.contracts.actions import accept_delivery, deliver
from machi.payments import actions
from machi.payments.models import Debt, Taken
from machi.web.desk.works import Work, works
from tests.cards.living import account as account
from tests.cards.living import by_card as by_card
from tests.cards.living import payment_service as payment_service
from tests.cards.town import a_paid_contract, dispute, hear
from tests.payments.batches import in_a_town_with_files
from tests.payments.statements import Account
from tests.people import a_contest, a_contract, a_contract_in_steps, a_person, a_staff_member, client_of
from tests.web.contracts.walking import text_of
from tests.web.desk.staff import at_work


def test_a_step_has_the_title_of_its_work_and_its_own_and_leads_there_who_may_open_it(db):
    contract, whole, stranger = a_contract_in_steps(), a_contract(), a_staff_member("finance")
    step, only = contract.milestones.get(number=2), whole.milestones.get()
    asked = [step.reference, only.reference, contract.reference, "milestone:999999", "milestone:x", "", "pi_9"]

    found = works(asked, stranger)
    assert found[step.reference] == Work(f"{contract.title}：{step.title}") and found[only.reference] == Work(whole.title)
    assert [found[one] for one in asked[3:]] == [Work(one) for one in asked[3:]]        # what nothing knows stays as it is
    mine = works(asked, client_of(contract))
    assert mine[step.reference].address == mine[contract.reference].address == f"/contracts/{contract.pk}/"
    assert mine[only.reference].address == ""


def test_a_contest_a_line_of_the_bank_and_a_correction_are_named_too(town):
    with in_a_town_with_files():
        bank = Account()
        (line,) = bank.shows((-330, "ﾃｽｳﾘﾖｳ"))
        asked = actions.ask_adjustment(by=bank.finance, what="was_fee", amount=330, reason="mistake", words="まちがいでした。")
    job = a_contest()

    found = works([f"job:{job.pk}:1", line.key, asked.reference], bank.finance)

    assert found[f"job:{job.pk}:1"] == Work(job.title, f"/jobs/{job.pk}/")
    assert found[line.key].address == f"/desk/bank/suspense/{line.pk}/"
    assert found[asked.reference] == Work(asked.get_what_display(), f"/desk/adjust/{asked.pk}/")


@pytest.mark.parametrize("is_accepted", [True, False])
def test_the_desks_say_what_was_taken_back_and_is_owed_by_the_title_of_its_work(account, by_card, is_accepted):
    browser, _person = at_work("finance")
    contract, intent = a_paid_contract()
    if is_accepted:
        milestone = contract.milestones.get()
        deliver(milestone=milestone, by=contract.worker, text="できました。", ai_note="使っていません")
        accept_delivery(milestone=milestone, by=client_of(contract))
    hear(dispute(by_card, intent, "lost"))

    pages = [browser.get("/desk/cards/")]
    if is_accepted:
        assert works([Debt.objects.get().reference], contract.worker) == {
            Debt.objects.get().reference: Work(contract.title, f"/contracts/{contract.pk}/")}
    else:
        pages += [browser.get("/desk/held/"), browser.get(f"/desk/cards/held/{Taken.objects.get().pk}/")]
    for page in pages:
        main = page.content.decode().partition("<main")[2]
        assert "milestone:" not in main and "chargeback:" not in main and f"/contracts/{contract.pk}/" not in main
        assert contract.title in text_of(page)


def test_as_many_questions_for_many_as_for_one(db):
    finance = a_person()
    references = [a_contract().milestones.get().reference for _each in range(4)]

    def asked(some: list[str]) -> int:
        with CaptureQueriesContext(connection) as questions:
            works(some, finance)
        return len(questions)
    assert asked(references[:1]) == asked(references)
