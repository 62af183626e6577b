"""A statement of thousands of lines, and a file that left in one sum, are placed at once. It is the same as line by line."""
import re

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from machi.activity.models import Fact
from machi.banking import matching
from machi.banking.matching import Fit, Payers, code_of
from machi.ledger.accounts import Kind
from machi.ledger.models import Balance, Entry
from machi.ledger.queries import balance
from machi.notifications.models import Notice
from machi.payments import actions
from machi.payments.actions import arriving, lines, placing
from machi.payments.lifecycle import DepositState
from machi.payments.models import BankAccount, BankLine, ExpectedDeposit, Payout, Refund
from machi.payments.queries import fitting, words_of
from machi.payments.queries.lines import Numbered
from machi.shared import clock
from machi.shared.errors import DomainError
from tests.conftest import broken_rules
from tests.payments.batches import in_a_town_with_files, morning, proposed, set_aside_on, somebody_earned
from tests.payments.statements import Account
from tests.payments.test_own_account import SUM, asked
from tests.people import a_contract, a_person, an_organisation

NET = 8_580


@pytest.fixture
def account(town) -> Account:
    with in_a_town_with_files():
        yield Account()


def a_file(account: Account, clock_at, *names: str, worker=None) -> list[Payout]:
    """A payout for each of these is at the bank, the first for this worker; it is the day on which they arrive."""
    earned = [somebody_earned(**({"worker": worker} if worker and not number else {})) for number, _name in enumerate(names)]
    for earning, name in zip(earned, names, strict=True):
        BankAccount.objects.filter(worker=earning.worker_id).update(holder_kana=name)
    clock_at(set_aside_on(earned[0].pay_on))
    actions.pay_due()
    actions.take_file(batch=actions.approve_batch(batch=proposed(account.finance), by=account.finance), by=account.finance)
    clock_at(morning(earned[0].pay_on))
    return [Payout.objects.get(worker=earning.worker_id, state="sending") for earning in earned]


def fitting_one_by_one(found):
    """As a person would: each line is looked at by itself, and placed before the next."""
    for line in (one for one in found if one.is_in):
        fits, codes = fitting(line), matching.codes_in(words_of(line))
        late = ExpectedDeposit.objects.filter(code__in=codes, state=DepositState.LAPSED).first() if len(codes) == 1 else None
        if fits.match.fit is Fit.BY_ITSELF:
            placing.match_together([(line, fits.of(fits.match.only))], None, "")
        elif fits.match.fit is Fit.UNKNOWN and late:
            placing.owe_together([(line, late.party, late.about, late.title)], None, "")
    return Numbered([], [])


def sent_one_by_one(found):
    """Each name beside each line."""
    pairs = [(line, payout) for line in found if not line.is_in
             for payout in Payout.objects.filter(state="sending", amount_yen=-line.amount_yen).exclude(batch=None).order_by("pk")
             if matching.is_same_payer(words_of(line), payout.holder_kana) and line.row.booked_on >= clock.day_of(payout.requested_at)]
    return [(line, payout) for line, payout in pairs
            if sum(line == one for one, _other in pairs) == sum(payout == other for _one, other in pairs) == 1]


def arriving_one_by_one(found, *, out_of):
    return {payout.pk for payout, day in found if arriving.arrive(payout, day, out_of=out_of)}


def place_one_by_one(placed, move, use, by, reason):
    for line, reference in placed:
        placing.place(line, move, use, reference, by, reason)


def test_all_at_once_is_the_same_as_line_by_line(account, clock_at, monkeypatch):
    (had_before,) = a_file(account, clock_at, "マチダ ハナ")
    account.shows((-NET, "ﾏﾁﾀﾞ ﾊﾅ"))
    in_one_sum = a_file(account, clock_at, "ヤマ イチ", "カワ フタ", "モリ ミツ", "ノハラ ヨツ")
    alone = a_file(account, clock_at, "マチダ ハナ", "ミナト ソラ", "オナジ ナマエ", "オナジ ナマエ", "カワ ミチ", worker=had_before.worker)
    deposits, keeper = [asked(a_contract()) for _each in range(3)], a_person()
    came_late = asked(a_contract(party=an_organisation(keeper), by=keeper))
    ExpectedDeposit.objects.filter(pk=came_late.pk).update(state="lapsed", ended_at=clock.now())
    codes = [deposit.code for deposit in deposits]
    shown = [
        (-NET, "ﾌﾘｺﾐ ﾏﾁﾀﾞ ﾊﾅ"), (-NET, "ﾐﾅﾄ ｿﾗ"), (-NET, "ｵﾅｼﾞ ﾅﾏｴ"), (-NET, "ﾐﾅﾄ ｿﾗ"),       # arrived; doubled; of two people
        (-NET - 1, "ｶﾜ ﾐﾁ"), (-330, "ﾌﾘｺﾐ ﾃｽｳﾘﾖｳ"), (NET, "ｸﾐﾓﾄﾞｼ ｶﾜ ﾐﾁ"),                   # another sum; a fee; came back
        (-4 * NET - 660, "ｿｳｺﾞｳﾌﾘｺﾐ"),                                                     # a file in one sum, with its fee
        (SUM, f"{codes[0]} ﾐﾅﾄ"), (SUM, f"{codes[0]} ﾐﾅﾄ"),                                # a deposit, and the same once more
        (SUM - 330, f"{codes[1]} ﾐﾅﾄ"), (SUM, f"{codes[1]} {codes[2]}"), (SUM, f"{codes[2][:3]}-{codes[2][3:]}"),
        (SUM, f"{came_late.code} ｵｿｲ"), (SUM, code_of(999_999)), (SUM, "ﾀﾞﾚｶ"), (5, "ﾘｿｸ"), (-NET, "ｶﾜ ﾐﾁ")]

    def brought() -> None:
        placed = account.shows(*shown)
        actions.settle_batch(line=placed[7], batch=in_one_sum[0].batch, by=account.finance, reason="手数料こみの合計")
        actions.book_line(line=BankLine.objects.get(pk=placed[5].pk), use="fee", by=account.finance, reason="振込手数料")
        actions.take_payout_back(line=placed[6], payout=alone[4], by=account.finance, reason="口座がありません。")
        assert actions.tell_what_arrived() == 5         # good news waited until it was known who has it

    together = written(brought)
    for name, slow in (("by_their_numbers", fitting_one_by_one), ("sent_by_name", sent_one_by_one),
                       ("arrive_together", arriving_one_by_one), ("place_together", place_one_by_one)):
        monkeypatch.setattr(lines, name, slow)
    assert together == written(brought)

    rows = dict(together)
    assert [state for _place, state, *_rest in rows["lines"][1:]] == [
        "matched", "open", "open", "open", "open", "booked", "matched", "matched", "matched", "open", "open", "open", "matched", "owed",
        "open", "open", "open", "matched"]
    assert [one[1] for one in rows["payouts"] if one[0] in {payout.pk for payout in alone}] == ["paid", *["sending"] * 3, "returned"]
    told = [kind for _to, kind, *_said in rows["notices"]]
    assert (told.count("payout.first"), told.count("payout.arrived")) == (4, 1), "who had money before does not have it first"


def written(act) -> list[tuple[str, list]]:
    """Every row that an act wrote, and every balance after it; the numbers that the database gives to rows are the places of the lines."""
    with transaction.atomic():
        last = {model: model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0 for model in (Fact, Notice, Entry)}
        act()
        found = BankLine.objects.select_related("row").order_by("row__place")
        places = {line.row_id: line.row.place for line in found}

        def named(text: str) -> str:
            return re.sub(r"row:(\d+)", lambda key: f"place:{places[int(key[1])]}", text)

        new = {model: model.objects.filter(pk__gt=pk).order_by("pk") for model, pk in last.items()}
        rows = [
            ("lines", [(line.row.place, line.state, line.use, named(line.reference), line.fee_yen, line.left_out_id, line.reason,
                        line.decided_by_id, line.decided_at is None) for line in found]),
            ("payouts", [(one.pk, one.state, one.paid_on, one.ended_at is None) for one in Payout.objects.order_by("pk")]),
            ("deposits", [(one.pk, one.state, one.ended_at is None, one.line and one.line.row.place)
                          for one in ExpectedDeposit.objects.select_related("line__row").order_by("pk")]),
            ("refunds", [(one.party_id, named(one.reference), one.about, one.title, one.amount_yen, one.state)
                         for one in Refund.objects.order_by("reference")]),
            ("facts", sorted((fact.name, fact.actor_id or 0, named(fact.about), named(repr(fact.data))) for fact in new[Fact]
                             if fact.name != "statement.imported")),
            ("notices", sorted((one.user_id, one.kind, named(one.about), repr(one.words), one.mail_from is None) for one in new[Notice])),
            ("entries", sorted((named(one.key), one.actor, named(one.reference),
                                tuple(one.transfer_set.order_by("line").values_list("debit", "credit", "amount_yen")))
                               for one in new[Entry])),
            ("balances", list(Balance.objects.order_by("account").values_list("account", "balance_yen"))),
            ("suspense", [int(balance(Kind.SUSPENSE.of())), int(balance(Kind.BANK.of())), int(balance(Kind.EXPENSE.of()))])]
        assert broken_rules() == {}
        transaction.set_rollback(True)
    return rows


def test_as_many_questions_for_many_lines_as_for_few(account, clock_at):
    def questions(number: int) -> int:
        names = [f"マチダ {'アイウエオカキクケコ'[one]}{'サシスセソ'[number % 5]}" for one in range(number)]
        payouts, deposits = a_file(account, clock_at, *names), [asked(a_contract()) for _each in range(number)]
        late = [asked(a_contract()) for _each in range(number)]
        ExpectedDeposit.objects.filter(pk__in=[one.pk for one in late]).update(state="lapsed", ended_at=clock.now())
        with CaptureQueriesContext(connection) as asked_for:
            account.shows(*((-NET, name) for name in names), *((SUM, one.code) for one in (*deposits, *late)), (-330, "ﾃｽｳﾘﾖｳ"), (7, "?"))
        assert {one.state for one in Payout.objects.filter(pk__in=[one.pk for one in payouts])} == {"paid"}
        assert Refund.objects.count() >= number and BankLine.objects.filter(state="open").count() % 2 == 0
        return len(asked_for)
    questions(1)                                        # opens the account, whose first line is the operator's
    assert questions(2) == questions(7)


def test_as_many_questions_for_a_large_file_in_one_sum_as_for_a_small_one(account, clock_at):
    def questions(number: int) -> int:
        payouts = a_file(account, clock_at, *(f"マチダ {'アイウエオカキ'[one]}ナ" for one in range(number)))
        (line,) = account.shows((-number * NET, "ｿｳｺﾞｳﾌﾘｺﾐ"))
        with CaptureQueriesContext(connection) as asked_for:
            actions.settle_batch(line=line, batch=payouts[0].batch, by=account.finance, reason="合計")
        return len(asked_for)
    assert questions(2) == questions(7)


def test_a_payout_that_ended_elsewhere_meanwhile_keeps_the_sum_of_its_file_open(account, clock_at, monkeypatch):
    payouts = a_file(account, clock_at, "マチダ ハナ", "ミナト ソラ")
    (line,) = account.shows((-2 * NET, "ｿｳｺﾞｳﾌﾘｺﾐ"))
    real = lines.arrive_together

    def beaten(found, **named):
        real(found[:1], **named)                        # another process, a moment before
        return real(found, **named)
    monkeypatch.setattr(lines, "arrive_together", beaten)

    with pytest.raises(DomainError):
        actions.settle_batch(line=line, batch=payouts[0].batch, by=account.finance, reason="合計")
    assert {one.state for one in Payout.objects.all()} == {"sending"} and broken_rules() == {}


@pytest.mark.parametrize("text", ["ﾌﾘｺﾐ ﾏﾁﾀﾞ ﾊﾅ", "ﾏﾁﾀﾞ", "ｶ)ﾏﾁ ｿｳ-", "ｱｲ", "ｱｲｳ", "", "ﾊﾅ ﾏﾁﾀﾞ", "ﾏﾁﾀﾞ ﾊﾅｺ"])
def test_many_names_asked_at_once_stand_in_a_text_as_each_does_alone(text):
    names = ["マチダ ハナ", "マチダ", "カ）マチソウ", "アイ", "アイウ", "", "ハナ", "マチダ ハナコ", "マチダ ハナ"]

    found = Payers((name, number) for number, name in enumerate(names)).within(text)

    assert sorted(found) == [number for number, name in enumerate(names) if matching.is_same_payer(text, name)]
