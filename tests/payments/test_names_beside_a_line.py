"""Refunds of one sum beside a line of the bank: whose name stands in its words comes first, and two of one name have their numbers."""
import pytest

from machi.payments import actions
from machi.payments.models import Refund
from machi.payments.queries import of_whom, refunds_of_sum, refunds_that_left
from tests.payments.statements import Account
from tests.people import a_person, an_organisation

pytestmark = pytest.mark.django_db
SUM = 700


@pytest.fixture
def account(town, settings, clock_at) -> Account:
    clock_at("2026-12-07 10:00")                        # a Monday
    settings.MONEY_MODE = "bank"
    return Account()


def owed_to(account: Account, *parties) -> list[Refund]:
    """Each of them paid in by mistake, and it goes back to them."""
    lines = account.shows(*((SUM, "ﾀﾞﾚｶ") for _party in parties))
    for line, party in zip(lines, parties, strict=True):
        actions.give_line_back(line=line, party=party, by=account.finance, reason="電話で確かめた")
    return [Refund.objects.get(reference=line.key) for line in lines]


def four(account: Account) -> list[Refund]:
    """Of two the bank knows the holder of the account; one has told the reading of their name, one is an organisation."""
    first, second, third = (a_person(name) for name in ("湊 空", "町田 花", "川 道"))
    third.name_reading = "かわ みち"
    third.save()
    for person, holder in ((first, "ミナト ソラ"), (second, "マチダ ハナ")):
        actions.name_refund_account(party=person.party, by=person, bank_code="0001", branch_code="001", kind="1", number="1234567",
                                    holder_kana=holder)
    return owed_to(account, first.party, second.party, third.party, an_organisation(name="みなと出版"))


@pytest.mark.parametrize(("words", "place"), [("ﾌﾘｺﾐ ﾐﾅﾄ ｿﾗ", 0), ("ﾏﾁﾀﾞ ﾊﾅ", 1), ("ｶﾜ ﾐﾁ", 2), ("みなと出版", 3), ("", 0), ("ﾀﾞﾚｶ", 0)])
def test_whose_name_stands_in_the_words_of_the_bank_comes_first(account, monkeypatch, words, place):
    monkeypatch.setattr("machi.payments.queries.lines.MOST", 2)
    refunds = four(account)
    others = [one for one in refunds if one != refunds[place]]

    assert refunds_of_sum(SUM, words) == [refunds[place], others[0]]

    for refund, line in zip(refunds, account.shows(*((-SUM, "ﾍﾝｷﾝ") for _refund in refunds)), strict=True):
        assert of_whom(actions.answer_line(line=line, refund=refund, by=account.finance, reason="お返しした")) == refund.party
    newest = [one for one in reversed(refunds) if one != refunds[place]]
    assert refunds_that_left(SUM, words) == ([refunds[place], newest[0]] if words not in ("", "ﾀﾞﾚｶ") else refunds[:1:-1])


def test_whose_a_line_is_stays_known_also_when_it_came_back(account):
    refund, other = owed_to(account, a_person("同じ 名").party, a_person("同じ 名").party)
    out, _other = account.shows((-SUM, "ｵﾅｼﾞ"), (-SUM, "ｵﾅｼﾞ"))
    actions.answer_line(line=out, refund=refund, by=account.finance, reason="お返しした")
    (back,) = account.shows((SUM, "ｸﾐﾓﾄﾞｼ"))
    actions.take_refund_back(line=back, refund=refund, by=account.finance, reason="口座がありません。")
    refund.refresh_from_db()
    (again,) = account.shows((-SUM, "ﾓｳｲﾁﾄﾞ"))
    actions.answer_line(line=again, refund=refund, by=account.finance, reason="もう一度お返しした")

    for line in (out, back, again):
        line.refresh_from_db()
        assert of_whom(line) == refund.party != other.party
    (fee,) = account.shows((-330, "ﾃｽｳﾘﾖｳ"))
    assert of_whom(fee) is None and of_whom(actions.book_line(line=fee, use="fee", by=account.finance, reason="手数料")) is None
