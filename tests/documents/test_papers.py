"""Papers follow from what happened: each once, with a number, to the yen, and never changed."""
import datetime
import json

import psycopg
import pytest
from django.db import InternalError, ProgrammingError, connection, transaction

from machi.accounts.models import User
from machi.contracts.actions import (
    accept_delivery,
    accept_for_silent_clients,
    agree_on_date,
    agree_to_change,
    ask_for_date,
    ask_for_part,
    ask_for_terms,
    ask_to_end,
    open_dispute,
    settle_for_silent,
)
from machi.contracts.models import Contract, Dispute
from machi.documents import actions, gathering
from machi.documents.actions import issue, make_papers, make_the_rest
from machi.documents.closing import year_draft
from machi.documents.invariants import RULES, broken
from machi.documents.kinds import Kind
from machi.documents.models import Document, DocumentText, Series, Unmade
from machi.jobs.plans import Step
from machi.payments.actions import ask_adjustment, sign_adjustment
from machi.payments.models import Earning
from machi.payments.queries import settlement_of
from machi.proposals.actions import award
from machi.shared import clock
from machi.shared.money import Yen
from machi.shared.seals import fingerprint
from machi.taxes.actions import say_tax_standing
from tests import database
from tests.contracts.test_standing_in import finished, taken_over
from tests.people import (
    a_client,
    a_contest,
    a_contract,
    a_contract_in_steps,
    a_person,
    a_staff_member,
    an_entry,
    an_hourly_contract,
    client_of,
    closed_contest,
)
from tests.states.dispute_moves import agreed, ruled

NUMBER = "T7123456789012"


def papers() -> None:
    """The clock goes round, until nothing is left to read."""
    while make_papers():
        pass


def texts(**of) -> dict[str, dict]:
    return {text.document.kind: text.payload for text in DocumentText.objects.filter(**of).select_related("document").order_by("pk")}


def registered(worker: User, *, since: datetime.date | None = None, number: str = NUMBER) -> None:
    say_tax_standing(by=worker, kind="company", has_employees=False, number=number,
                     valid_from=(since or datetime.date(2024, 4, 1)) if number else None)


def test_from_the_order_to_the_payment_each_paper_is_there_once_with_its_sum(town):
    contract = a_contract(accepted=True, is_withholding_agent=True)

    papers()
    papers()

    sums = {one.kind: (one.number, one.amount_yen) for one in Document.objects.order_by("pk")}
    client, worker, year = f"C{contract.client_id}", f"W{contract.worker_id}", clock.today().year
    assert sums == {
        "order": (f"{client}-{year}-00001", 11_000), "delivery": (f"{worker}-{year}-00001", 11_000),
        "acceptance": (f"{client}-{year}-00002", 11_000), "invoice": (f"{worker}-{year}-00002", 11_000),
        "payment": (f"M-{year}-00001", 7_559)}
    said = texts()
    assert said["invoice"]["sum"] == ["ご請求金額（税込）", "11,000円"]
    assert said["invoice"]["table"][1:] == [["10％対象", "10,000円", "1,000円"], ["8％対象（軽減税率）", "0円", "0円"],
                                            ["合計", "10,000円", "1,000円"]]
    assert ["お支払金額", "7,559円"] in said["payment"]["table"] and ["システム利用料", "-2,200円"] in said["payment"]["table"]
    assert contract.offer.terms_hash in said["order"]["notes"][0] and "みなと地域スポーツ応援会" in said["order"]["by"]
    for text in DocumentText.objects.select_related("document").order_by("pk"):
        assert fingerprint(text.payload) == text.document.sha256


@pytest.mark.django_db
@pytest.mark.parametrize("since", [-1, 0, 1])
def test_a_number_stands_on_the_invoice_only_when_it_holds_on_the_day_of_approval(since):
    contract = a_contract(delivered=True)
    registered(contract.worker, since=clock.today() + datetime.timedelta(days=since))
    accept_delivery(milestone=contract.milestones.get(), by=client_of(contract))
    registered(contract.worker, number="")

    [invoice] = [draft.payload for draft in gathering.papers_of(Earning.objects.get()) if draft.kind == Kind.INVOICE]

    if since <= 0:
        assert invoice["by"][2] == NUMBER and invoice["title"] == "請求書 兼 領収書" and "経過措置" not in str(invoice["notes"])
    else:
        assert invoice["by"][2] == "" and invoice["title"].endswith("（区分記載）") and "70％を控除できます" in str(invoice["notes"])


@pytest.mark.django_db
@pytest.mark.parametrize(("day", "says"), [
    ("2026-09-30", "80％"), ("2026-10-01", "70％"), ("2028-09-30", "70％"), ("2028-10-01", "50％"), ("2030-10-01", "30％"),
    ("2031-10-01", "対象になりません")])
def test_what_a_buyer_may_deduct_goes_by_the_day(day, says):
    earning_on = datetime.date.fromisoformat(day)
    contract = a_contract(accepted=True)
    earning = Earning.objects.get(about=contract.reference)
    earning.earned_at = clock.start_of(earning_on) + datetime.timedelta(hours=9)

    [invoice] = [draft.payload for draft in gathering.papers_of(earning) if draft.kind == Kind.INVOICE]

    assert says in str(invoice["notes"])


@pytest.mark.django_db
def test_a_town_that_issues_for_its_workers_prints_its_own_number(settings, tmp_path):
    settings.MACHI_HOME = tmp_path
    (tmp_path / "issuer.json").write_text(json.dumps({"issuer": [{
        "from": "2024-01-01", "source": "registration", "name": "街の会", "address": "東京都港区みなと9", "number": "T4011001098993",
        "issues_for_workers": True}]}))
    contract = a_contract(delivered=True)
    registered(contract.worker)
    accept_delivery(milestone=contract.milestones.get(), by=client_of(contract))

    [invoice] = [draft.payload for draft in gathering.papers_of(Earning.objects.get()) if draft.kind == Kind.INVOICE]

    assert invoice["by"][2] == "T4011001098993" and "街の会" in invoice["by"][0] and "媒介者交付特例" in str(invoice["notes"])


def test_what_is_agreed_later_is_a_new_version_and_the_old_one_stays(town):
    contract = a_contract(funded=True)
    papers()
    step = contract.milestones.get()
    wish = ask_for_date(milestone=step, by=contract.worker, wished_on=step.due_on + datetime.timedelta(days=3))
    agree_on_date(request=wish, by=client_of(contract))

    papers()

    first, second = Document.objects.filter(kind=Kind.ORDER).order_by("version")
    assert (first.version, second.version, second.supersedes) == (1, 2, first) and first.amount_yen == second.amount_yen == 11_000
    assert any(label.startswith("変更1：") for label, _text in second.text.payload["rows"])
    assert broken() == {}


def _other_prices(contract, *prices: int) -> None:
    steps = contract.milestones.filter(state="agreed").order_by("number")
    order = ask_for_terms(contract=contract, by=contract.worker, words="調べることがふえました。", steps=[
        Step(step.title, Yen(price), step.due_on) for step, price in zip(steps, prices, strict=False)])
    agree_to_change(order=order, by=client_of(contract))


def test_an_order_that_is_made_late_says_the_sum_of_its_own_day(town):
    """While money stood still nobody made papers, and more was agreed: other sums, a part of one step, days, the end of the rest."""
    contract = a_contract_in_steps(funded=True, prices=(10_000, 20_000, 30_000))
    _other_prices(contract, 25_000, 30_000)
    first, *waiting = contract.milestones.order_by("number")
    agree_to_change(order=ask_for_part(milestone=first, by=contract.worker, price=Yen(4_000)), by=client_of(contract))
    agree_on_date(request=ask_for_date(milestone=waiting[0], by=contract.worker, wished_on=waiting[0].due_on + datetime.timedelta(days=1)),
                  by=client_of(contract))
    agree_to_change(order=ask_to_end(contract=contract, by=contract.worker, prices={}), by=client_of(contract))

    papers()

    orders = Document.objects.filter(kind=Kind.ORDER).order_by("version")
    assert [(one.version, one.amount_yen) for one in orders] == [(1, 66_000), (2, 71_500), (3, 64_900), (4, 64_900), (5, 4_400)]
    told = [{row[0].partition("：")[0] for row in one.text.payload["rows"] if row[0].startswith("変更")} for one in orders]
    assert [len(one) for one in told] == [0, 1, 2, 2, 3] and broken() == {}


def test_steps_that_move_together_are_one_version(town):
    contract = a_contract_in_steps(funded=True)
    first = contract.milestones.order_by("number")[0]
    agree_on_date(request=ask_for_date(milestone=first, by=contract.worker, wished_on=first.due_on + datetime.timedelta(days=1)),
                  by=client_of(contract))
    _other_prices(contract, 20_000)

    papers()

    orders = Document.objects.filter(kind=Kind.ORDER).order_by("version")
    assert [(one.version, one.amount_yen) for one in orders] == [(1, 66_000), (2, 66_000), (3, 33_000)]


def test_a_prize_and_a_week_have_their_papers(town):
    client, worker = a_client(), a_person()
    job = a_contest(client, prizes=(30_000,))
    entry = an_entry(job, worker)
    with closed_contest(job):
        award(job=job, by=client, winners={1: entry.number})
    an_hourly_contract(funded=True)

    papers()

    of_prize = Document.objects.filter(dealing=entry.reference).order_by("pk")
    assert [(one.kind, one.amount_yen) for one in of_prize] == [("invoice", 33_000), ("payment", Earning.objects.get().amount_yen)]
    assert broken() == {} and not Unmade.objects.exists()


@pytest.mark.parametrize("deed", ["UPDATE documents_document SET amount_yen = 1", "DELETE FROM documents_document",
                                  "UPDATE documents_documenttext SET payload = '{}'", "TRUNCATE documents_document CASCADE"])
def test_nobody_changes_a_paper(town, as_role, deed):
    a_contract()
    papers()

    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(deed)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        as_role("machi_app").execute(deed)
    with pytest.raises(psycopg.Error, match="append-only"):
        as_role("machi_migrate").execute(deed)


def test_numbers_have_no_gap_however_many_write_at_once(race):
    client = a_client()
    contracts = [a_contract(by=client) for _ in range(8)]
    drafts = [next(gathering.order_of(gathering.contract_with(one.pk), 1)) for one in contracts]

    def fails(draft):
        with transaction.atomic():
            issue(draft)
            raise RuntimeError("the power went out")

    race(*[lambda draft=draft: issue(draft) for draft in drafts for _twice in range(2)], lambda: fails(drafts[0]))

    assert sorted(Document.objects.values_list("serial", flat=True)) == list(range(1, 9)) and Series.objects.get().last == 8
    assert broken() == {}


def test_a_paper_that_cannot_be_made_holds_up_nobody_and_is_made_later(town, monkeypatch):
    a_contract()
    good = actions._DRAFTS["contract.offer_accepted"]

    def ill(fact):
        raise ValueError("no paper today")
    monkeypatch.setitem(actions._DRAFTS, "contract.offer_accepted", ill)
    papers()
    assert Unmade.objects.count() == 1 and not Document.objects.exists()

    monkeypatch.setitem(actions._DRAFTS, "contract.offer_accepted", good)
    assert make_the_rest() == 1 and Document.objects.get().kind == Kind.ORDER and not Unmade.objects.exists()


DAMAGE = {
    "a paper about money says what was settled, to the yen":
        "UPDATE documents_document SET amount_yen = amount_yen + 1 WHERE kind = 'payment'",
    "a paper about a month of tasks says what its closings paid, to the yen":
        "UPDATE documents_document SET kind = 'task_pay' WHERE kind = 'payment'",
    "the numbers of an issuer's year begin at 1 and have no gap": "UPDATE documents_series SET last = last + 1",
    "a paper that takes another's place is its next version, of the same thing":
        "UPDATE documents_document SET version = version + 1 WHERE version > 1",
}


@pytest.mark.parametrize("rule", [rule for rule in RULES if not rule.values], ids=lambda rule: rule.name)
def test_every_rule_finds_the_damage_that_it_is_for(town, breaks_books, rule):
    contract = a_contract(accepted=True)
    papers()
    issue(next(gathering.order_of(gathering.contract_with(contract.pk), 1))._replace(version=2))
    assert broken() == {}

    with database.as_superuser() as owner:
        owner.execute("SET session_replication_role = replica")
        owner.execute(DAMAGE[rule.name])

    assert set(broken()) == {rule.name}


def test_the_sums_on_papers_are_those_of_the_settlement(town):
    contract = a_contract(accepted=True, reward_yen=123_457, is_withholding_agent=True)
    papers()

    money = settlement_of(Earning.objects.get())
    figures = texts(document__about=contract.milestones.get().reference)["invoice"]["figures"]
    assert {name: figures[name] for name in money.in_yen()} == money.in_yen()


def signed_for_a_part(clock_stands_at) -> Contract:
    contract = a_contract(delivered=True)
    agree_to_change(order=ask_for_part(milestone=contract.milestones.get(), by=contract.worker, price=Yen(4_000)), by=client_of(contract))
    return contract


def left_unanswered(clock_stands_at) -> Contract:
    contract = a_contract(delivered=True)
    dispute = open_dispute(milestone=contract.milestones.get(), by=contract.worker, reason="返事がありません。")
    Dispute.objects.update(reminders_count=3)
    clock_stands_at(dispute.answer_by + datetime.timedelta(seconds=1))
    settle_for_silent()
    return contract


def handed_on(clock_stands_at) -> Contract:
    first = a_contract(funded=True)
    finished(taken_over(first))
    return first


@pytest.mark.parametrize(("ends", "says"), [
    (signed_for_a_part, "双方が、この額で終えることに同意しました。"),
    (lambda _clock: agreed().milestone.contract, "街の仲介による案に、双方が同意しました。"),
    (lambda _clock: ruled().milestone.contract, "双方の考えが合わなかったため、街が裁定で決めました。"),
    (left_unanswered, "食い違いの届けに発注者から期限までに返事がなく、納品された仕事の支払が決まりました。"),
    (handed_on, "引き継いだ人の仕事が終わり、約束した割合で支払が決まりました。")])
def test_where_nobody_accepted_no_client_says_so_and_the_paper_tells_whose_decision_it_was(town, clock_stands_at, ends, says):
    contract = ends(clock_stands_at)

    papers()

    given = Document.objects.filter(about=contract.milestones.get().reference)
    assert set(given.values_list("kind", flat=True)) == {"settled", "invoice", "payment"} and broken() == {}
    paper, said = given.get(kind=Kind.SETTLED), texts(document__in=given)
    assert ["終わり方", says] in said["settled"]["rows"] and paper.amount_yen == settlement_of(Earning.objects.get(
        reference=paper.about)).gross
    assert paper.issuer == "town" and {paper.worker, paper.party} == {contract.worker, contract.client}
    assert "検収" not in json.dumps([said["settled"], said["payment"]], ensure_ascii=False)


def test_what_the_clock_accepted_is_an_acceptance_that_says_so(town, clock_stands_at):
    contract = a_contract(delivered=True)
    clock_stands_at(contract.milestones.get().accept_by + datetime.timedelta(seconds=1))
    accept_for_silent_clients()

    papers()

    said = texts(document__about=contract.milestones.get().reference)
    assert ["検収の方法", "約束した検収の期限が過ぎたため、検収となりました。"] in said["acceptance"]["rows"] and "settled" not in said


def test_what_the_town_puts_right_has_a_payment_statement_and_stands_in_the_year(town):
    a_contract(accepted=True)                       # the town has earned a fee, of which it pays
    worker, other = a_person("かなりや"), a_staff_member("finance")
    one = ask_adjustment(by=other, what="to_worker", amount=Yen(1_000), reason="mistake", worker=worker,
                         words="手数料を二度いただきました。")
    sign_adjustment(adjustment=one, by=a_staff_member("finance"))

    papers()

    statement = Document.objects.get(about=one.reference)
    assert (statement.kind, statement.amount_yen, statement.worker, statement.party) == ("payment", 1_000, worker, None)
    assert ["件名", "街からの訂正"] in statement.text.payload["rows"] and not Unmade.objects.exists() and broken() == {}
    assert year_draft(worker, clock.today().replace(month=1, day=1), 1).amount == 1_000
