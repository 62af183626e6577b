"""`machi operator`: the first operator of a town comes from the machine it runs on."""
import sys

import pytest

from machi.accounts.models import Duty
from machi.cli import main, once
from tests.people import a_person


def test_somebody_who_has_joined_becomes_an_operator(db, capsys):
    person = a_person("あおい")

    assert once.operator(person.email) == 0

    assert Duty.objects.get(person=person).kind == "operator" and "あおい" in capsys.readouterr().out


def test_an_address_nobody_joined_with_is_named(db, capsys):
    assert once.operator("nobody@example.jp") == 1
    assert capsys.readouterr().err.startswith("machi: ")


@pytest.mark.parametrize("words", [[], ["a@example.jp", "b@example.jp"]])
def test_it_takes_one_address(monkeypatch, capsys, words):
    monkeypatch.setattr(sys, "argv", ["machi", "operator", *words])

    with pytest.raises(SystemExit):
        main.main()
    assert "machi operator name@example.jp" in capsys.readouterr().err
