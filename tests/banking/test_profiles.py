"""What each bank wants, as dated rows of a file."""
import datetime
import json

import pytest

from machi.banking.profiles import generic, profiles

DAY = datetime.date(2026, 12, 15)


def test_every_row_says_where_it_comes_from_and_whether_somebody_tried_it():
    for profile in profiles(DAY).values():
        assert len(profile.source) > 40
        assert profile.is_verified or profile.source.startswith("not verified"), profile.key
        assert profile.layout or profile.transfers


def test_a_town_adds_its_own_rows_and_they_win(settings, tmp_path):
    settings.BANKS_FILE = tmp_path / "banks.json"
    ours = profiles(DAY)["generic"]
    row = {"key": "generic", "name": "まちの銀行", "from": "2026-11-01", "is_verified": True, "source": "asked at the bank on 2026-11-20",
           "transfers": {"line_end": "none", "lead_days": 1, "cut_off": "14:00", "most_items": 100, "most_yen": 50_000, "name_bytes": 30,
                         "letters": "ｱｲｳ", "small_kana": "kept", "has_edi": True}}
    later = row | {"from": "2027-01-01", "name": "新しい銀行"}
    settings.BANKS_FILE.write_text(json.dumps([row, later]))

    own = profiles(DAY)["generic"]

    assert (own.name, own.is_verified, own.transfers.line_end, own.transfers.most_items) == ("まちの銀行", True, b"", 100)
    assert ours.transfers.most_items == 9_999
    assert profiles(datetime.date(2027, 1, 1))["generic"].name == "新しい銀行"
    assert "mufg" in profiles(DAY) and profiles(datetime.date(2026, 10, 31)) == {}


@pytest.mark.parametrize("broken", [
    "{", "[{}]", "7", '[{"key": "x", "name": "x", "from": "2026-13-01", "is_verified": false, "source": "x"}]',
    '[{"key": "x", "name": "x", "from": "2026-12-01", "is_verified": false, "source": " "}]'])
def test_a_broken_file_is_named_in_plain_words(settings, tmp_path, broken):
    settings.BANKS_FILE = tmp_path / "banks.json"
    settings.BANKS_FILE.write_text(broken)

    with pytest.raises(ValueError, match="banks.json cannot be used"):
        profiles(DAY)


@pytest.mark.parametrize("columns", [
    {}, {"day": "日付"}, {"day": "日付", "in": "入金"}, {"in": "入金", "out": "出金"}, {"day": "日付", "signed": "金額", "colour": "色"},
    {"day": "日付", "signed": 2}, {"day": 0, "signed": 2}, {"day": "", "signed": "金額"}, {"year": "年", "month": "月", "signed": "金額"}])
def test_an_operator_who_names_too_little_is_told(columns):
    with pytest.raises(ValueError, match="column"):
        generic(columns)


def test_columns_are_named_by_their_names_or_by_their_places():
    assert generic({"day": "日付", "signed": "金額"}).has_names
    assert not generic({"day": 1, "signed": 2}).has_names
