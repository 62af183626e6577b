"""Gaps are filled as people of each language write: yen, days, moments, names."""
import datetime

import pytest
from django.utils import translation

from machi.notifications.kinds import KINDS
from machi.notifications.words import called, day, filled, moment, yen

NOON = datetime.datetime(2026, 12, 15, 5, 0, tzinfo=datetime.UTC)


@pytest.mark.parametrize(("language", "money", "date", "time", "name"), [
    ("ja", "8,580円", "12月15日（火）", "12月15日（火）14:00", "あおいさん"),
    ("ja-simple", "8,580円", "12月15日（火）", "12月15日（火）午後2時", "あおいさん"),
    ("en", "8,580 yen", "Tue 15 December", "Tue 15 December, 14:00 JST", "あおい")])
def test_each_language_writes_in_its_own_way(clock_at, language, money, date, time, name):
    clock_at("2026-11-30")
    with translation.override(language):
        assert (yen(8_580), day(NOON.date()), moment(NOON), called("あおい")) == (money, date, time, name)
        assert filled("pay_on", "2026-12-15") == ("pay", date) and filled("until_at", NOON.isoformat()) == ("until", time)
        assert filled("client_person", "あおい") == ("client", name) and filled("net_yen", 8_580) == ("net", money)


@pytest.mark.parametrize(("language", "words"), [("ja", "2026年12月15日（火）"), ("en", "Tue 15 December 2026")])
def test_another_year_is_named(clock_at, language, words):
    clock_at("2027-01-01 00:00")
    with translation.override(language):
        assert day(NOON.date()) == words


def test_the_year_changes_at_midnight_in_japan(clock_stands_at):
    new_year = datetime.date(2027, 1, 1)
    clock_stands_at(datetime.datetime(2026, 12, 31, 14, 59, 59, tzinfo=datetime.UTC))
    assert day(new_year).startswith("2027年")

    clock_stands_at(datetime.datetime(2026, 12, 31, 15, 0, 0, tzinfo=datetime.UTC))
    assert day(new_year) == "1月1日（金）"


@pytest.mark.parametrize("language", ["ja", "ja-simple", "en"])
def test_every_kind_has_its_words_in_every_language(language):
    for kind in KINDS.values():
        for words in (kind.subject, kind.text):
            with translation.override(None):
                name = str(words)                   # where no language is spoken, an id stands for itself
            with translation.override(language):
                assert str(words) not in ("", name)
