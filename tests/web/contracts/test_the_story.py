"""The story of a contract: one line for everything that happened between the two, and for nobody more than they may read."""
import datetime
import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from machi.accounts.powers import Power
from machi.contracts import actions
from machi.contracts.lifecycle import StandInState, WishState
from machi.contracts.models import CheckIn, Contract
from machi.documents.actions import issue
from machi.documents.gathering import delivery_of, order_of, papers_of
from machi.jobs.plans import Step
from machi.messaging.actions import send_message
from machi.messaging.models import Thread
from machi.notifications.words import day
from machi.payments.models import Earning
from machi.shared import clock
from machi.shared.money import Yen
from machi.web.pages.contracts import story
from tests.people import a_client, a_contract, a_contract_in_steps, a_member, a_person, an_hourly_contract, an_organisation, client_of
from tests.web.contracts.walking import queries_of, said, signed_in, text_of

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def told_to(person, contract: Contract) -> list[str]:
    """The lines of the whole story, as this person reads them."""
    page = signed_in(person).get(f"/contracts/{contract.pk}/?story=all").content.decode()
    lines = re.search(r'<ol class="timeline".*?</ol>', page, re.S)[0].split("<li>")[1:]
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", line.replace("<wbr>", ""))).split()) for line in lines]


def is_told(words: str, lines: list[str]) -> bool:
    return any(words in line for line in lines)


def write(contract: Contract, by, body: str = "三面の件です。") -> None:
    send_message(thread=Thread.objects.get(about=contract.reference), by=by, body=body, key=f"k{clock.now().timestamp()}", title="")


def with_papers(contract: Contract) -> None:
    """What the clock makes of a contract of one step that was accepted."""
    step = contract.milestones.get()
    for draft in (*order_of(contract, 1), *delivery_of(step.deliveries.get()), *papers_of(Earning.objects.get(reference=step.reference))):
        issue(draft)


@pytest.mark.parametrize(("answer", "who", "words"), [
    (actions.keep_date, "client", "story.date_kept"), (actions.withdraw_date, "worker", "story.date_withdrawn")])
def test_who_asked_for_another_day_and_what_became_of_it_is_told_to_both(answer, who, words):
    contract = a_contract_in_steps(funded=True)
    step, people = contract.milestones.get(number=1), {"worker": contract.worker, "client": client_of(contract)}
    wish = actions.ask_for_date(milestone=step, by=contract.worker, wished_on=step.due_on + DAY, words="まだ写真がありません。")
    answer(request=wish, by=people[who])

    for person in people.values():
        lines = told_to(person, contract)
        asked = said("story.date_asked", name=f"{contract.worker.name}さん", day=day(wish.wished_on))
        assert is_told(f"{asked} 区切り1", lines) and is_told(said(words), lines) and not is_told("写真", lines)


def test_a_day_that_both_agreed_to_is_told_once():
    contract = a_contract(funded=True)
    step = contract.milestones.get()
    wish = actions.ask_for_date(milestone=step, by=contract.worker, wished_on=step.due_on + DAY)
    actions.agree_on_date(request=wish, by=client_of(contract))

    assert told_to(contract.worker, contract)[-1].endswith(said("story.date_moved", day=day(wish.wished_on)))
    assert sum(day(wish.wished_on) in line for line in told_to(contract.worker, contract)) == 2      # asked and agreed


def test_a_wish_without_an_answer_ends_without_one(clock_at):
    contract = a_contract(funded=True)
    step = contract.milestones.get()
    wish = actions.ask_for_date(milestone=step, by=client_of(contract), wished_on=step.due_on + DAY)
    actions.ask_to_end(contract=contract, by=contract.worker, prices={1: Yen(0)})
    clock_at(clock.start_of(wish.wished_on + 8 * DAY))
    assert (actions.lapse_dates(), actions.lapse_changes()) == (1, 1)

    lines = told_to(contract.worker, contract)
    assert is_told(said("story.date_asked", name=contract.client.name, day=day(wish.wished_on)).removeprefix(contract.client.name), lines)
    assert is_told(said("story.date_lapsed"), lines) and is_told(said("story.change_lapsed"), lines)


@pytest.mark.parametrize(("answer", "who", "words"), [
    (actions.keep_terms, "worker", "story.change_kept"), (actions.withdraw_change, "client", "story.change_withdrawn")])
def test_other_terms_that_were_asked_for_are_told_without_the_words(answer, who, words):
    contract = an_hourly_contract(funded=True)
    people = {"worker": contract.worker, "client": client_of(contract)}
    order = actions.ask_for_terms(contract=contract, by=people["client"], words="朝の仕事に変えたいです。", steps=[
        Step("", Yen(step.price_yen), step.due_on) for step in contract.milestones.order_by("number")[1:]])
    answer(order=order, by=people[who])

    for person in people.values():
        lines = told_to(person, contract)
        assert is_told(order.get_kind_display(), lines) and is_told(said(words), lines) and not is_told("朝の仕事", lines)


def test_how_it_went_is_told_once_it_was_answered_and_never_what_was_said():
    """What somebody keeps to themselves is theirs; and another answer takes the place of the first."""
    contract = a_contract(funded=True)
    silent, answered = (CheckIn.objects.create(milestone=contract.milestones.get(), percent=percent, asked_at=clock.now())
                        for percent in (25, 50))
    assert not is_told(said("story.check_in"), told_to(client_of(contract), contract))

    actions.answer_check_in(check_in=answered, by=contract.worker, answer="talk")

    for person in (contract.worker, client_of(contract)):
        lines = told_to(person, contract)
        assert is_told(said("story.check_in"), lines) and not is_told(said("checkin.told.talk"), lines)


def test_a_stand_in_is_named_agreed_to_called_and_cannot():
    contract, person = a_contract(funded=True), a_person("そら")
    stand_in = actions.name_stand_in(contract=contract, by=contract.worker, person=person, kept_percent=50)
    for by in (person, client_of(contract)):
        actions.agree_to_stand_in(stand_in=stand_in, by=by)
    offer = actions.call_stand_in(stand_in=stand_in, by=contract.worker, note="下書きは、共有のたなにあります。")
    actions.refuse_offer(offer=offer, by=person)
    actions.withdraw_stand_in(stand_in=stand_in, by=contract.worker)

    for reader in (contract.worker, client_of(contract)):
        lines = told_to(reader, contract)
        told = [next(number for number, line in enumerate(lines) if said(f"story.stand_in_{what}") in line)
                for what in ("named", "agreed", "client", "called", "cannot", "over")]
        assert told == sorted(told) and not is_told("そら", lines) and not is_told("たな", lines)


def test_whoever_says_no_to_standing_in_is_not_named():
    contract, person = a_contract(funded=True), a_person("そら")
    stand_in = actions.name_stand_in(contract=contract, by=contract.worker, person=person, kept_percent=50)
    actions.decline_stand_in(stand_in=stand_in, by=person)

    lines = told_to(client_of(contract), contract)
    assert is_told(said("story.stand_in_declined"), lines) and not is_told("そら", lines)


def test_letters_between_two_events_are_one_line_without_their_words(clock_at):
    contract = a_contract(funded=True)
    client, step = client_of(contract), contract.milestones.get()
    for number in range(3):
        clock_at(clock.start_of(clock.today() + DAY))
        write(contract, (contract.worker, client)[number % 2], "秘密の三面です。")
    clock_at(clock.start_of(clock.today() + DAY))
    actions.deliver(milestone=step, by=contract.worker, text="できました。", ai_note="なし")
    write(contract, client)

    lines = told_to(contract.worker, contract)
    three, delivered, one = lines[-3:]
    assert said("story.letters", num=3) in three and delivered.endswith(said("story.delivered", i=1))
    assert said("story.letters", num=1) in one and not is_told(said("story.letters", num=4), lines)
    assert not is_told("秘密", lines)
    page = signed_in(client).get(f"/contracts/{contract.pk}/").content.decode()
    assert f'<a href="#letters">{said("story.letters.read")}</a>' in page.replace("<wbr>", "") and 'id="letters"' in page


def test_each_paper_is_linked_for_whom_it_is():
    contract = a_contract(accepted=True, is_withholding_agent=True)
    with_papers(contract)

    kinds = {"worker": {"order", "delivery", "acceptance", "invoice", "payment"}, "client": {"order", "delivery", "acceptance", "invoice"}}
    for name, person in (("worker", contract.worker), ("client", client_of(contract))):
        browser = signed_in(person)
        page = browser.get(f"/contracts/{contract.pk}/").content.decode()
        timeline = re.search(r'<ol class="timeline".*?</ol>', page, re.S)[0].replace("<wbr>", "")
        links = re.findall(r'<a href="(/documents/\d+/)">([^<]*)</a>', timeline)
        assert {words.rpartition(" ")[0] for _href, words in links} >= {said(f"document.kind.{kind}") for kind in kinds[name]}
        assert (said("document.kind.payment") in timeline) is (name == "worker")
        for href, words in links:
            assert words.rpartition(" ")[2] in text_of(browser.get(href))
        assert len(links) == len({words for _href, words in links}), "no two links are called the same"


def test_who_only_pays_reads_papers_and_no_work_and_who_only_chooses_no_papers():
    keeper = a_client()
    party = an_organisation(keeper)
    contract = a_contract(accepted=True, by=keeper, party=party)
    payer, chooser = a_member(party, Power.PAYER), a_member(party, Power.APPROVER)
    write(contract, keeper)
    with_papers(contract)
    after = a_contract(funded=True, by=keeper, party=party, worker=a_person("そら"))
    person = a_person()
    actions.agree_to_stand_in(by=person, stand_in=actions.name_stand_in(contract=after, by=after.worker, person=person, kept_percent=50))
    actions.withdraw_change(order=actions.ask_to_end(contract=after, by=keeper, prices={1: Yen(0)}), by=keeper)
    actions.answer_check_in(answer="well", by=after.worker, check_in=CheckIn.objects.create(
        milestone=after.milestones.get(), percent=25, asked_at=clock.now()))

    assert is_told(said("document.kind.order"), told_to(payer, contract)) and not is_told("メッセージ", told_to(payer, contract))
    assert not is_told(said("story.papers"), told_to(chooser, contract)) and is_told("メッセージ", told_to(chooser, contract))
    before_and_now = [said(f"story.{what}") for what in ("offered", "agreed", "funded")]
    assert [any(words in line for words in before_and_now) for line in told_to(payer, after)] == [True] * 3
    assert len(told_to(chooser, after)) == 3 + 5


def test_letters_and_papers_ask_no_more_questions_however_many():
    young, old = a_contract(accepted=True), a_contract(accepted=True)
    with_papers(old)
    for _number in range(5):
        write(old, old.worker)

    def asked(contract):
        return queries_of(signed_in(contract.worker), f"/contracts/{contract.pk}/", lambda: CaptureQueriesContext(connection))
    assert asked(old) == asked(young)
    assert asked(a_contract(funded=True)) <= 10, "facts, letters and papers are one question"


def test_every_way_in_which_a_wish_or_a_stand_in_ends_has_its_words():
    """A state that is added later is told, or said to be told elsewhere."""
    ends = {"date": set(WishState) - {WishState.ASKED}, "stand_in": set(StandInState) - {StandInState.ASKED, StandInState.READY}}
    told = {how for _name, how in story._SAID} | set(story._TOLD_ELSEWHERE)
    assert ends["date"] | ends["stand_in"] <= told
