"""What was decided at the desks of money is found again: the newest first, page by page, by day, by sum, and by whose it was."""
import datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from machi.payments import actions
from machi.payments.models import Adjustment, Debt, PayoutBatch, Refund
from machi.payments.queries.done import past_refunds, placed_lines
from machi.shared import clock
from tests.payments.batches import in_a_town_with_files, morning, proposed, set_aside_on, somebody_earned
from tests.payments.statements import Account
from tests.people import a_client, a_person, an_organisation
from tests.web.contracts.walking import said, text_of
from tests.web.desk.staff import at_work

pytestmark = pytest.mark.django_db
NET = 8_580
ALL = ("/desk/bank/placed/", "/desk/payouts/past/", "/desk/refunds/gone/", "/desk/cards/debts/over/", "/desk/adjust/answered/")


@pytest.fixture
def account(town) -> Account:
    with in_a_town_with_files():
        yield Account()


@pytest.fixture
def desk(account):
    browser, _person = at_work("finance")
    return browser


def given_back(account: Account, party, amount: int = 700) -> Refund:
    (line,) = account.shows((amount, "ﾀﾞﾚｶ"))
    actions.give_line_back(line=line, party=party, by=account.finance, reason="電話で確かめた")
    (out,) = account.shows((-amount, "ﾍﾝｷﾝ"))
    actions.answer_line(line=out, refund=Refund.objects.get(reference=line.key), by=account.finance, reason="お返しした")
    return Refund.objects.get(reference=line.key)


def test_lines_that_have_their_place_are_found_by_day_sum_and_person(account, desk, clock_at):
    clock_at("2026-12-07 10:00")
    (fee,) = account.shows((-330, "ﾃｽｳﾘﾖｳ"))
    actions.book_line(line=fee, use="fee", by=account.finance, reason="手数料")
    clock_at("2026-12-09 10:00")
    refund = given_back(account, a_person("湊 空").party)
    account.shows((999, "ﾏﾀﾞ"))
    address = "/desk/bank/placed/"

    page = text_of(desk.get(address))
    assert page.index("ﾍﾝｷﾝ") < page.index("ﾀﾞﾚｶ") < page.index("ﾃｽｳﾘﾖｳ") and "ﾏﾀﾞ" not in page and account.finance.name in page
    assert "/desk/bank/placed/" in desk.get("/desk/bank/suspense/").content.decode()
    for asked, there in (({"until": "2026-12-07"}, ["ﾃｽｳﾘﾖｳ"]), ({"since": "2026/12/08"}, ["ﾀﾞﾚｶ", "ﾍﾝｷﾝ"]), ({"yen": "330円"}, ["ﾃｽｳﾘﾖｳ"]),
                         ({"yen": "700"}, ["ﾀﾞﾚｶ", "ﾍﾝｷﾝ"]), ({"whose": "湊 空"}, ["ﾀﾞﾚｶ", "ﾍﾝｷﾝ"]),
                         ({"whose": str(refund.party_id)}, ["ﾀﾞﾚｶ", "ﾍﾝｷﾝ"]),
                         ({"whose": refund.party.person.email, "yen": "330"}, []), ({"whose": "湊"}, [])):
        found = text_of(desk.get(address, asked))
        assert [words for words in ("ﾀﾞﾚｶ", "ﾃｽｳﾘﾖｳ", "ﾍﾝｷﾝ") if words in found] == sorted(there, key=["ﾀﾞﾚｶ", "ﾃｽｳﾘﾖｳ", "ﾍﾝｷﾝ"].index), asked
    assert said("desk.done.none_found") in text_of(desk.get(address, {"whose": "だれも"}))


@pytest.mark.parametrize("asked", [{"since": "きのう"}, {"yen": "たくさん"}, {"since": "2026-12-09", "until": "2026-12-07"}, {"yen": "-5"}])
def test_what_cannot_be_searched_for_is_said_beside_its_field_and_stays_typed(desk, asked):
    for address in ALL:
        answer = desk.get(address, asked | {"whose": "湊"})
        assert answer.status_code == 422 and 'value="湊"' in answer.content.decode()
        assert all(f'value="{typed}"' in answer.content.decode() for typed in asked.values())
        assert desk.get(address, {"page": "9999999999999999999999"}).status_code == 200
        assert desk.get(address, {"whose": "9" * 30}).status_code == 200 == desk.get(address, {"whose": "²⁵ %_'\\"}).status_code


def test_batches_that_are_over_are_found_also_by_whom_they_paid(account, desk, clock_at):
    first, second = somebody_earned(), somebody_earned()
    clock_at(set_aside_on(first.pay_on))
    actions.pay_due()
    taken_back = actions.withdraw_batch(batch=proposed(account.finance), by=account.finance)
    batch = actions.approve_batch(batch=proposed(account.finance), by=account.finance)
    assert f"/desk/payouts/{batch.pk}/" not in desk.get("/desk/payouts/past/").content.decode()
    actions.take_file(batch=batch, by=account.finance)
    actions.give_batch(batch=PayoutBatch.objects.get(pk=batch.pk), by=account.finance)
    clock_at(morning(first.pay_on))

    def found(**asked) -> list[bool]:
        page = desk.get("/desk/payouts/past/", asked).content.decode()
        return [f"/desk/payouts/{one.pk}/" in page for one in (taken_back, batch)]
    assert found() == [True, True] == found(yen=str(2 * NET)) and found(yen="5") == [False, False]
    assert found(whose=second.worker.email) == [False, True] and found(whose=str(a_person().pk)) == [False, False]
    assert found(since=(batch.value_on + datetime.timedelta(days=1)).isoformat()) == [False, False]
    assert "/desk/payouts/past/" in desk.get("/desk/payouts/").content.decode()


def test_refunds_that_are_done_and_debts_and_corrections_are_found_by_whose_they_are(account, desk, clock_at):
    clock_at("2026-12-07 10:00")
    keeper, other = a_person(), a_client("ほかの会")
    party, open_one = an_organisation(keeper, "みなと出版"), other.party
    done = given_back(account, party)
    for given in ({"party": party, "by": keeper}, {"by": other}):
        somebody_earned(**given)
    worker = a_person("町田 花")
    for what, whose in (("to_worker", {"worker": worker}), ("to_client", {"party": party}), ("to_client", {"party": open_one})):
        asked = actions.ask_adjustment(by=account.finance, what=what, amount=500, reason="mistake", words="まちがいでした。", **whose)
        if whose.get("party") != open_one:
            actions.refuse_adjustment(adjustment=asked, by=account.finance, words="取り下げます。")

    assert f"/desk/refunds/{done.pk}/" in desk.get("/desk/refunds/gone/", {"whose": "みなと"}).content.decode()
    assert said("desk.done.none_found") in text_of(desk.get("/desk/refunds/gone/", {"whose": "ほかの"}))
    with transaction.atomic():
        for owner, lost in ((party, 500), (open_one, 0)):
            Debt.objects.create(party=owner, reference=f"chargeback:{owner.pk}", amount_yen=500, lost_yen=lost, since_at=clock.now())
        over = text_of(desk.get("/desk/cards/debts/over/"))
        assert "みなと出版" in over and "ほかの会" not in over and said("desk.cards.over.lost", sum="500円") in over
        transaction.set_rollback(True)                  # no bank took anything back here
    for asked, there in (({}, 2), ({"whose": "町田 花"}, 1), ({"whose": "みなと出版"}, 1), ({"whose": "ほかの会"}, 0), ({"yen": "500"}, 2),
                         ({"yen": "1"}, 0)):
        page = desk.get("/desk/adjust/answered/", asked).content.decode()
        assert sum(f"/desk/adjust/{one.pk}/" in page for one in Adjustment.objects.all()) == there, asked
    assert "/desk/adjust/answered/" in desk.get("/desk/adjust/").content.decode()


def test_a_long_list_has_pages_and_is_asked_with_as_few_questions_as_a_short_one(account, desk, clock_at):
    clock_at("2026-12-07 10:00")

    def booked(number: int) -> None:
        for line in account.shows(*((-330 - one, f"ﾃｽｳﾘﾖｳ{one:02}") for one in range(number))):
            actions.book_line(line=line, use="fee", by=account.finance, reason="手数料")
    booked(3)
    desk.get("/desk/bank/placed/")
    with CaptureQueriesContext(connection) as few:
        desk.get("/desk/bank/placed/")
    clock_at("2026-12-08 10:00")
    booked(35)
    with CaptureQueriesContext(connection) as many:
        page = text_of(desk.get("/desk/bank/placed/", {"yen": ""}))
    assert "ﾃｽｳﾘﾖｳ34" in page and "ﾃｽｳﾘﾖｳ04" not in page and len(many) == len(few)
    assert "ﾃｽｳﾘﾖｳ04" in text_of(desk.get("/desk/bank/placed/", {"page": "2"}))


@pytest.mark.parametrize(("rows", "index"), [
    (lambda: placed_lines().filter(amount_yen__in=(5, -5)), "line_of_a_sum"),
    (lambda: placed_lines().filter(row__booked_on__gte="2026-12-07", row__booked_on__lt="2026-12-08"), "bank_row_booked"),
    (lambda: Refund.objects.filter(amount_yen=5), "refund_of_a_sum"),
    (lambda: past_refunds().filter(paid_on__gte="2026-12-07", paid_on__lt="2026-12-08"), "refund_left_on")])
def test_among_a_million_the_few_that_are_asked_for_are_looked_up(account, rows, index):
    with transaction.atomic(), connection.cursor() as db:
        db.execute("SET LOCAL enable_seqscan = off")                            # a handful of rows is read through otherwise
        assert index in rows().order_by().explain()
