"""The form for the bank account: it takes what people write, names the bank and the branch, and shows the ending only."""
import pytest

from machi.payments.models import BankAccount
from machi.profiles.actions import write_names
from machi.profiles.queries import own_names
from tests.people import a_person, with_bank_account
from tests.web.contracts.walking import said, signed_in, text_of

GOOD = {"bank_code": "0005", "branch_code": "001", "kind": "1", "number": "1234567", "holder_kana": "マチダ タロウ"}


def saved(worker, **typed):
    return signed_in(worker).post("/earnings/account/", GOOD | typed)


def test_a_whole_account_is_kept_and_shown_by_its_ending(db):
    worker = a_person()

    assert saved(worker).status_code == 302
    page = text_of(signed_in(worker).get("/earnings/account/"))

    for words in ("三菱ＵＦＪ", "本店", "下3けた 567", "マチダ タロウ"):
        assert words in page
    assert "1234567" not in signed_in(worker).get("/earnings/account/").content.decode()


@pytest.mark.parametrize(("field", "typed", "kept"), [
    ("number", "12345", "0012345"), ("number", "１２３４５６７", "1234567"), ("number", "123-4567", "1234567"),
    ("number", " 123 4567 ", "1234567"),
    ("bank_code", "０００５", "0005"), ("branch_code", "0 0 1", "001"), ("holder_kana", "まちだ たろう", "マチダ タロウ"),
    ("holder_kana", "ﾏﾁﾀﾞ　ﾀﾛｳ", "マチダ タロウ"), ("holder_kana", "カ）マチ\u202e", "カ)マチ"), ("holder_kana", "machi taro", "MACHI TARO"),
    ("holder_kana", "  マチダ・タロー ", "マチダ タロー"), ("holder_kana", "ヴァイオレット", "ヴァイオレット"),
    ("holder_kana", "ガ" * 15, "ガ" * 15)])
def test_what_people_write_is_understood(db, field, typed, kept):
    worker = a_person()

    assert saved(worker, **{field: typed}).status_code == 302
    assert getattr(BankAccount.objects.get(worker=worker), field) == kept


@pytest.mark.parametrize(("field", "typed"), [
    ("bank_code", ""), ("bank_code", "5"), ("bank_code", "9998"), ("bank_code", "abcd"), ("bank_code", "00005"), ("bank_code", "𠮷"),
    ("branch_code", ""), ("branch_code", "1"), ("branch_code", "999"), ("branch_code", "1\x002"), ("branch_code", "٣٣٣"),
    ("kind", ""), ("kind", "9"), ("kind", "1 OR 1=1"), ("number", ""), ("number", "12345678"), ("number", "-"), ("number", "12e4"),
    ("number", "一二三"), ("holder_kana", ""), ("holder_kana", "町田太郎"), ("holder_kana", "マチダ😀"), ("holder_kana", "<b>マチダ</b>"),
    ("holder_kana", "ア" * 31), ("holder_kana", "ガ" * 16), ("holder_kana", "\x00\u200f")])
def test_what_does_not_fit_is_named_and_the_rest_is_kept(db, field, typed):
    worker = with_bank_account(a_person(), number="7654321")

    answer = saved(worker, **{field: typed})

    page = answer.content.decode()
    assert answer.status_code == 422 and f"id_{field}_error" in page
    assert field == "number" or 'value="1234567"' in page
    assert BankAccount.objects.get(worker=worker).number == "7654321"


def test_an_empty_form_is_told_everything_at_once(db):
    answer = signed_in(a_person()).post("/earnings/account/", {})

    assert answer.status_code == 422 and said("error.422", n=5) in text_of(answer)


@pytest.mark.parametrize(("typed", "names"), [
    ("?bank_code=0005&branch_code=001", "三菱ＵＦＪ 本店"), ("?bank_code=０００５", "三菱ＵＦＪ"),
    ("?bank_code=0005&branch_code=999", "三菱ＵＦＪ"), ("?bank_code=9998", "見つかりません"), ("?bank_code=00", ""), ("", ""),
    ("?bank_code=%00&branch_code=<script>", ""), ("?bank_code=" + "9" * 5000, "")])
def test_the_names_of_bank_and_branch_appear_while_typing(db, typed, names):
    answer = signed_in(a_person()).get(f"/earnings/account/names/{typed}")

    text = text_of(answer)
    assert answer.status_code == 200 and "<html" not in answer.content.decode() and (names in text if names else text == "")


def test_changing_it_twice_keeps_the_last(db):
    worker = a_person()
    for number in ("1111111", "2222222"):
        saved(worker, number=number)

    assert BankAccount.objects.get(worker=worker).number == "2222222"


def test_pressed_twice_at_the_same_moment_it_is_told_once(town, race):
    worker = a_person()
    race(*[lambda: with_bank_account(worker)] * 4)

    assert worker.notices.filter(kind="account.bank_changed").count() == 1


# ---- where real money leaves, the holder is the person ------------------------------------------------------------------

@pytest.fixture
def by_file(db, settings):
    settings.MONEY_MODE = "bank"
    worker = a_person()
    write_names(by=worker, call_name="タロ", legal_name="町田太郎", legal_reading="まちだ たろう")
    return worker


def test_the_name_of_the_person_is_taken_and_rests_for_three_days(by_file):
    assert saved(by_file).status_code == 302
    assert BankAccount.objects.get().holder_checked_at
    assert said("hold.new_account").split("%")[0] in text_of(signed_in(by_file).get("/earnings/account/"))


def test_another_name_is_told_beside_the_field_and_nothing_typed_is_lost(by_file):
    answer = saved(by_file, holder_kana="ミナト ソラ")

    page = answer.content.decode()
    assert answer.status_code == 422 and "id_holder_kana_error" in page and "まちだ たろう" in page and 'value="ミナト ソラ"' in page
    assert not BankAccount.objects.exists()


def test_a_business_of_ones_own_is_ticked_and_finance_looks(by_file):
    assert saved(by_file, holder_kana="カ）マチ", is_other="on").status_code == 302
    assert BankAccount.objects.get().holder_checked_at is None
    assert said("hold.holder") in text_of(signed_in(by_file).get("/earnings/account/"))


def test_what_stands_in_no_field_is_not_written(by_file):
    """Nobody says of themselves that the holder of their account was looked at."""
    assert saved(by_file, holder_kana="カ）マチ", is_other="on", legal_kana="カ）マチ", holder_checked_at="2026-01-01").status_code == 302

    assert BankAccount.objects.get().holder_checked_at is None


def test_whoever_has_not_said_their_own_name_says_it_here_and_it_stands_on_their_page(by_file, settings):
    worker = a_person()
    answer = saved(worker)
    page = answer.content.decode()
    assert answer.status_code == 422 and "id_legal_name_error" in page and "id_legal_reading_error" in page
    assert 'value="マチダ タロウ"' in page and not BankAccount.objects.exists()

    refused = saved(worker, legal_name="港 空", legal_reading="みなと そら")
    assert refused.status_code == 422 and "みなと そら" in refused.content.decode() and own_names(worker)["legal_name"] == ""

    assert saved(worker, legal_name="町田 太郎", legal_reading="まちだ たろう").status_code == 302
    assert BankAccount.objects.get().holder_checked_at
    assert own_names(worker) | {"legal_name": "町田 太郎", "legal_reading": "まちだ たろう"} == own_names(worker)
    assert "legal_name" not in signed_in(worker).get("/earnings/account/").content.decode()     # asked once


def test_a_town_without_a_bank_asks_nobody_for_their_papers_name(by_file, settings):
    settings.MONEY_MODE = "demo"
    assert saved(a_person()).status_code == 302
