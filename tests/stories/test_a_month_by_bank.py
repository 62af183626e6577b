"""A month of a town that pays by its own bank account: two people of the finance desk, three deposits, one file, and one payout that comes
back. They use nothing but their browsers and the bank's files; in the end every yen is where it belongs.

Their town runs in this process, because what three people earned has to lie behind it: whoever works and pays does so without a browser.
"""
import datetime
import json
import threading
from socketserver import ThreadingMixIn
from types import SimpleNamespace
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.db import connections

from machi.banking import checker
from machi.checks import actions as checks
from machi.contracts import actions as contracts
from machi.ledger.accounts import Kind
from machi.ledger.queries import balance
from machi.payments.models import BankAccount, Payout
from machi.payments.queries import reward_delivered
from tests import conftest
from tests.conftest import broken_rules
from tests.looking import a_context
from tests.payments.batches import morning, set_aside_on
from tests.people import a_contract, balance_of, client_of, with_bank_account
from tests.stories.person import Person
from tests.stories.words import say
from tests.web.desk.staff import at_work
from tests.web.desk.test_money import OPENING, asked, upload
from tests.web.payments.test_transfers import ACCOUNT

town = conftest.town                                # rows of its own, and the books must be right afterwards
NAMES = ("マチダ ハナ", "ミナト ソラ", "カワ ミチ")
PAID_IN, NET = 165_000, 135_850


class Doors(ThreadingMixIn, WSGIServer):
    """One for each visitor: a browser holds a line open in advance, and nobody else would come in as long as it says nothing."""

    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *_said):
        """The test says what went wrong."""


@pytest.fixture
def open_town(town, settings, tmp_path, clock_at):
    clock_at("2026-12-01 10:00")
    settings.MONEY_MODE, settings.MACHI_HOME, settings.BANK_FOLDER = "bank", tmp_path, tmp_path / "bank"
    (tmp_path / "account.json").write_text(json.dumps({"account": [ACCOUNT]}))
    application = StaticFilesHandler(get_wsgi_application())

    def one_page(environ, start):
        answer = application(environ, start)
        try:
            yield from answer
        finally:
            answer.close()
            connections.close_all()
    with make_server("localhost", 0, one_page, server_class=Doors, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield SimpleNamespace(url=f"http://localhost:{server.server_port}")
        server.shutdown()
        thread.join()


def of_the_desk(chromium, town) -> Person:
    """Somebody of the finance desk, who has just used their second key."""
    browser, person = at_work("finance")
    context = a_context(chromium, town.url, width=1280)
    context.add_cookies([{"name": name, "value": kept.value, "url": town.url} for name, kept in browser.cookies.items()])
    return Person(context, town, person.name, person.email)


def bring(finance: Person, file) -> None:
    """The bank's file: looked at first, taken in then."""
    finance.open(f"{finance.town.url}/desk/bank/")
    finance.choose(say("desk.bank.profile"), "三菱ＵＦＪ銀行")
    finance.attach(say("desk.bank.file"), {"name": "meisai.csv", "mimeType": "text/csv", "buffer": file.read()})
    finance.press(say("desk.bank.look"))
    finance.see(say("desk.bank.brings"))
    finance.look()
    finance.press(say("desk.bank.take_in").partition("%(n)s")[2])


def place(finance: Person, line: str, what: str, why: str) -> None:
    finance.follow(line)
    finance.page.get_by_label(what).first.check()
    finance.fill(say("desk.line.reason"), why)
    finance.press(say("desk.line.go"))
    finance.see(say("desk.line.placed"))


def test_a_month_from_three_deposits_to_one_payout_that_comes_back(chromium, open_town, clock_at):
    one, two = of_the_desk(chromium, open_town), of_the_desk(chromium, open_town)
    works = [a_contract(reward_yen=150_000) for _name in NAMES]
    codes = [asked(work).code for work in works]
    for work, name in zip(works, NAMES, strict=True):
        with_bank_account(work.worker)
        BankAccount.objects.filter(worker=work.worker).update(holder_kana=name)

    # two deposits say whose they are; of the third somebody has to
    bring(one, upload((PAID_IN, f"{codes[0]} ﾐﾅﾄ"), (PAID_IN, f"{codes[1]} ﾏﾁ"), (PAID_IN, "ﾐﾅﾄ ｼﾕﾂﾊﾟﾝ")))
    one.see(say("desk.suspense"))
    one.shot("bank-suspense")
    place(one, "ﾐﾅﾄ ｼﾕﾂﾊﾟﾝ", codes[2], "依頼人に電話で確かめた")
    one.see(say("desk.suspense.none"))
    assert contracts.take_up_fundings() and broken_rules() == {}
    for work in works:
        contracts.deliver(milestone=work.milestones.get(), by=work.worker, text="できました。", ai_note="使っていません")
        contracts.accept_delivery(milestone=work.milestones.get(), by=client_of(work))

    # three bank days before the money arrives: one puts it together, the other agrees and takes the file
    (pay_on,) = {work.milestones.get().pay_on for work in works}
    clock_at(set_aside_on(pay_on))
    assert checks.pay_what_is_due() == 3
    one.open(f"{open_town.url}/desk/payouts/")
    one.see(f"{3 * NET:,}円")
    one.look()
    one.shot("payouts-waiting")
    one.press(say("desk.payouts.propose"))
    one.see(say("batch.two_people"))
    one.look()
    batch = one.page.url
    two.open(batch)
    two.press(say("desk.batch.approve"))
    two.see(say("desk.batch.approved"))
    with two.page.expect_download() as given:
        two.press(say("desk.batch.file"))
    file = given.value.path().read_bytes()
    read = checker.check(file)
    assert (read.total, [item["holder"] for item in read.items]) == (3 * NET, ["ﾏﾁﾀﾞ ﾊﾅ", "ﾐﾅﾄ ｿﾗ", "ｶﾜ ﾐﾁ"])
    two.open(batch)
    two.press(say("desk.batch.give"))
    two.see(say("desk.batch.given"))
    two.look()
    two.shot("payouts-given")
    assert {payout.state for payout in Payout.objects.all()} == {"sending"} and broken_rules() == {}

    # the bank's answer: three left, one came back, and the bank took its fee
    clock_at(morning(pay_on, 18))
    bring(one, upload((-NET, "ﾏﾁﾀﾞ ﾊﾅ"), (-NET, "ﾐﾅﾄ ｿﾗ"), (-NET, "ｶﾜ ﾐﾁ"), (NET, "ｸﾐﾓﾄﾞｼ ｶﾜ ﾐﾁ"), (-660, "ﾌﾘｺﾐﾃｽｳﾘﾖｳ"),
                      opening=OPENING + 3 * PAID_IN))
    back = Payout.objects.order_by("pk").last()
    place(one, "ｸﾐﾓﾄﾞｼ ｶﾜ ﾐﾁ", back.worker.name, "該当する口座がない")
    place(one, "ﾌﾘｺﾐﾃｽｳﾘﾖｳ", say("desk.line.fee"), "振込の手数料")
    one.see(say("desk.suspense.none"))
    one.open(batch)
    one.see(say("payout.state.paid"), say("payout.state.returned"))
    one.look()

    assert [payout.state for payout in Payout.objects.order_by("pk")] == ["paid", "paid", "returned"]
    assert (int(reward_delivered().amount), int(balance_of(back.worker))) == (2 * NET, NET)
    assert [int(balance(kind.of())) for kind in (Kind.BANK, Kind.SUSPENSE, Kind.EXPENSE)] == [
        -(OPENING + 3 * PAID_IN - 2 * NET - 660), 0, -660]
    assert back.worker.notices.get(kind="payout.returned").words["reason"] == "該当する口座がない"
    assert broken_rules() == {} and not checks.check(is_full=True)
    assert one.complaints == two.complaints == []
    assert datetime.date(2026, 12, 1) < pay_on
