"""What was earned and what was paid, as people read it and take it with them."""
import csv
import datetime
import io

import pytest

from machi.contracts.actions import accept_delivery, accept_offer, deliver, fund
from machi.contracts.titles import titled
from machi.notifications.words import called, day
from machi.payments.actions import pause_payouts
from machi.payments.models import Earning
from machi.shared import clock
from machi.tasks.actions import approve_answers, close_batches
from machi.taxes.rates import remit_by
from machi.web.pages.contracts.standing import client_called
from machi.web.pages.payments.exports import lines
from tests.people import (
    a_client,
    a_contract,
    a_contract_in_steps,
    a_job,
    a_person,
    a_proposal,
    a_staff_member,
    an_offer,
    client_of,
    payday,
    with_bank_account,
)
from tests.tasks.making import a_batch
from tests.web.contracts.walking import queries_of, said, signed_in, text_of
from tests.web.tasks.client.test_results import answered_by, feeling


def earned_by(worker, *, client=None, **job):
    """A piece of work for this worker, from the offer to the acceptance."""
    client = client or a_client()
    offer = an_offer(a_proposal(a_job(client, **job), worker))
    contract = fund(contract=accept_offer(offer=offer, by=worker, terms_hash=offer.terms_hash), by=client)
    deliver(milestone=contract.milestones.get(), by=worker, text="できました", ai_note="なし")
    accept_delivery(milestone=contract.milestones.get(), by=client)
    return contract


def on_the_pay_date(contract, clock_at):
    clock_at(datetime.datetime.combine(contract.milestones.get().pay_on, datetime.time(10), clock.JAPAN))
    payday()


def test_the_next_payment_stands_on_top_with_its_day(db):
    worker = with_bank_account(a_person())
    contract = earned_by(worker)
    on = contract.milestones.get().pay_on

    page = text_of(signed_in(worker).get("/earnings/"))

    day = f"{on.month}月{on.day}日"
    assert said("earnings.next") in page and "8,580円" in page and day in page
    assert said("earning.waits_until", day="").strip("に届きます") in page and "下3けた 567" in page and "1234567" not in page


def test_without_an_account_the_one_thing_to_do_is_named(db):
    worker = a_person()
    earned_by(worker)

    page = signed_in(worker).get("/earnings/")

    assert said("earnings.no_account", sum="8,580円") in text_of(page) and said("earning.waits_for_account") in text_of(page)
    assert page.content.decode().partition("<main")[2].count('class="btn solid"') == 1


def test_whose_money_is_paused_reads_why_and_no_day_and_the_client_reads_only_that_it_waits(db, clock_at):
    worker = with_bank_account(a_person())
    contract = earned_by(worker)
    on = contract.milestones.get().pay_on
    clock_at(clock.start_of(on + datetime.timedelta(days=1)))
    pause_payouts(worker=worker, code="risk", words="見慣れないログインがありました。", until_on=on + datetime.timedelta(days=9),
                  by=a_staff_member("finance"))

    for address in ("/home/", "/earnings/", "/earnings/account/"):
        page = text_of(signed_in(worker).get(address))
        assert "止めています（" in page and "日（" not in page.partition("止めています")[0][-20:], address
        assert said("earning.waits_until", day=day(on)) not in page and said("money.on_day", day=day(on)) not in page
    page = text_of(signed_in(client_of(contract)).get("/earnings/paid/"))
    assert said("paid.waits", day=day(on)) in page and said("paid.will_arrive", day=day(on)) not in page and "止めています" not in page


def test_after_the_pay_date_it_has_arrived(db, clock_at):
    worker = with_bank_account(a_person())
    contract = earned_by(worker)
    on_the_pay_date(contract, clock_at)

    page = text_of(signed_in(worker).get("/earnings/"))

    assert said("earning.arrived", day="").lstrip() in page and said("earnings.payouts") in page and said("earnings.next.none") in page
    assert said("payout.state.paid") in page


def test_money_that_came_back_is_explained_and_can_be_mended(db, clock_at):
    worker = with_bank_account(a_person(), number="0000000")
    contract = earned_by(worker)
    on_the_pay_date(contract, clock_at)
    browser = signed_in(worker)

    for path in ("/earnings/", "/earnings/account/"):
        assert said("payout.returned", bank="三菱ＵＦＪ", net="8,580円", reason="該当口座なし") in text_of(browser.get(path))

    with_bank_account(worker)
    payday()
    page = text_of(browser.get("/earnings/"))
    assert said("account.bank.came_back") not in page and said("earning.arrived", day="").lstrip() in page


def test_an_empty_page_says_what_will_be_here(db):
    assert said("empty.payouts") in text_of(signed_in(a_person()).get("/earnings/"))


@pytest.mark.parametrize(("price", "is_agent", "sums"), [
    (10_000, False, ("11,000円", "−2,200円", "−220円", "8,580円")), (1_000, False, ("1,100円", "−220円", "−22円", "858円")),
    (100_000, False, ("110,000円", "−21,000円", "−2,100円", "86,900円")),
    (200_000, True, ("220,000円", "−31,000円", "−20,420円", "165,480円")),
    (500_000, False, ("550,000円", "−47,500円", "−4,750円", "497,750円")), (10_000, True, ("11,000円", "−1,021円", "7,559円"))])
def test_the_statement_says_both_sides_money_to_the_yen(db, price, is_agent, sums):
    worker, client = a_person(), a_client(is_withholding_agent=is_agent)
    contract = earned_by(worker, client=client, reward_yen=price)
    earning = Earning.objects.get()

    for user in (worker, client):
        text = text_of(signed_in(user).get(f"/earnings/{earning.pk}/"))
        for words in (*sums, contract.title, f"{worker.name}さん"):
            assert words in text


def test_each_step_has_a_statement_of_its_own_for_both_sides(db):
    contract = a_contract_in_steps(funded=True, prices=(10_000, 20_000))
    client = client_of(contract)
    for step in contract.milestones.order_by("number"):
        if step.number > 1:
            fund(contract=contract, by=client)
        deliver(milestone=step, by=contract.worker, text="できました", ai_note="なし")
        accept_delivery(milestone=step, by=client)

    for step, sums in zip(contract.milestones.order_by("number"), (
            ("10,000円", "1,000円", "11,000円", "−2,200円", "−220円", "8,580円"),
            ("20,000円", "2,000円", "22,000円", "−4,400円", "−440円", "17,160円")), strict=True):
        earning = Earning.objects.get(reference=step.reference)
        for user in (contract.worker, client):
            page = text_of(signed_in(user).get(f"/earnings/{earning.pk}/"))
            for label, told in (("agreed.client", client_called(contract.client)), ("agreed.worker", called(contract.worker.name)),
                                ("agreed.work", titled(step)), ("statement.accepted", day(clock.today())),
                                ("agreed.pay_on", day(step.pay_on)),
                                ("statement.arrived", said("statement.not_yet")), ("statement.number", str(earning.pk)),
                                *zip(("money.price", "money.tax", "money.client_pays", "money.fee", "money.fee_tax", "money.net"), sums,
                                     strict=True), ("money.withheld", "0円")):
                assert f"{said(label)}{told}" in page or f"{said(label)} {told}" in page, label
    assert Earning.objects.count() == 2


def test_a_statement_is_for_its_two_sides(db):
    earned_by(a_person())
    stranger = signed_in(a_person())

    answer, missing = (stranger.get(f"/earnings/{pk}/") for pk in (Earning.objects.get().pk, 987654321))

    assert answer.status_code == missing.status_code == 404 and text_of(answer) == text_of(missing)


def test_the_clients_statement_tells_nothing_of_the_workers_bank(db, clock_at):
    worker = with_bank_account(a_person())
    contract = earned_by(worker)
    on_the_pay_date(contract, clock_at)

    text = text_of(signed_in(client_of(contract)).get(f"/earnings/{Earning.objects.get().pk}/"))

    assert "三菱" not in text and "567" not in text


def test_the_pages_ask_the_same_questions_for_one_earning_and_for_many(db, django_assert_max_num_queries):
    few, many, client = with_bank_account(a_person()), with_bank_account(a_person()), a_client()
    earned_by(few)
    for _number in range(4):
        earned_by(many, client=client)

    def counted():
        return django_assert_max_num_queries(60)
    for one, other, path in ((few, many, "/earnings/"), (few, client, "/earnings/paid/")):
        if path == "/earnings/paid/":
            one = client_of(Earning.objects.filter(worker=few).get().worker.contracts.get())
        assert queries_of(signed_in(one), path, counted) == queries_of(signed_in(other), path, counted)


# ---- the file -----------------------------------------------------------------------------------

def rows_of(answer) -> list[list[str]]:
    body = b"".join(answer.streaming_content)
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))


def test_the_file_carries_every_earning_and_only_ones_own(db, clock_at):
    worker = with_bank_account(a_person())
    contract = earned_by(worker, title="はじめての記事")
    earned_by(a_person(), title="ほかの人の記事")
    on_the_pay_date(contract, clock_at)

    answer = signed_in(worker).get("/earnings/list.csv")
    head, *rows = rows_of(answer)

    assert answer.headers["Content-Disposition"].startswith("attachment") and answer.headers["X-Content-Type-Options"] == "nosniff"
    assert len(head) == len(rows[0]) == 11 and len(rows) == 1
    assert rows[0][1] == "はじめての記事" and rows[0][3:9] == ["10000", "1000", "2200", "220", "0", "8580"]
    assert rows[0][10] == contract.milestones.get().pay_on.isoformat()


@pytest.mark.parametrize("title", ["=HYPERLINK(1)", "+81", "-1+1", "@SUM(A1)", "＝1+1", "\t=1"])
def test_no_cell_is_a_formula(db, title):
    worker = a_person()
    Earning.objects.filter(pk__in=[earned_by(worker) and Earning.objects.get().pk]).update(title=title)

    assert rows_of(signed_in(worker).get("/earnings/list.csv"))[1][1] == f"'{title}"


def test_a_list_is_written_while_it_is_read():
    read = []
    written = lines(["head"], ([read.append(number) or number] for number in range(9)))

    assert [next(written), next(written), list(read)] == ["\ufeff".encode(), b"head\r\n", []]
    assert [next(written), read] == [b"0\r\n", [0]]


# ---- what a client paid -------------------------------------------------------------------------

def test_a_client_sees_what_they_paid_and_what_they_remit_by_when(db, clock_at):
    clock_at("2026-11-24 10:00")
    worker, client = with_bank_account(a_person()), a_client(is_withholding_agent=True)
    contract = earned_by(worker, client=client)
    on_the_pay_date(contract, clock_at)

    page = text_of(signed_in(client).get("/earnings/paid/"))

    assert contract.milestones.get().pay_on == datetime.date(2026, 12, 30)
    assert "11,000円" in page and said("paid.withheld", tax="1,021円", day="2027年1月10日（日）") in page
    assert said("paid.empty") in text_of(signed_in(worker).get("/earnings/paid/"))


def test_what_was_paid_in_for_micro_tasks_stands_among_what_a_client_paid(town):
    batch = a_batch(title="口コミの気持ち")
    answered_by(batch, feeling("よい"))
    approve_answers(batch=batch, by=batch.by)
    with clock.moved(by=datetime.timedelta(days=1)):
        close_batches()
    earning = Earning.objects.get()
    client, worker = signed_in(batch.by), signed_in(earning.worker)

    page = client.get("/earnings/paid/")

    assert batch.title in text_of(page) and f"{batch.pot_yen:,}円" in text_of(page) and f'href="/tasks/{batch.pk}/run/"' in page.text
    assert batch.title not in text_of(signed_in(a_client("ほかの会")).get("/earnings/paid/"))
    for browser in (client, worker):
        page = browser.get(f"/earnings/{earning.pk}/")
        assert f'href="/tasks/{batch.pk}/"' in page.text and said("statement.batch") in text_of(page)
        assert f"/contracts/{batch.pk}/" not in page.text


def test_before_acceptance_the_money_is_said_to_be_held(db):
    contract = a_contract(funded=True, is_withholding_agent=True)

    page = text_of(signed_in(client_of(contract)).get("/earnings/paid/"))

    assert said("paid.held") in page and said("paid.withheld.later", tax="1,021円") in page


@pytest.mark.parametrize(("paid_on", "by"), [("2026-12-30", "2027-01-10"), ("2026-01-31", "2026-02-10"), ("2026-11-01", "2026-12-10")])
def test_tax_is_remitted_by_the_tenth_of_the_month_after(paid_on, by):
    assert remit_by(datetime.date.fromisoformat(paid_on)).isoformat() == by
