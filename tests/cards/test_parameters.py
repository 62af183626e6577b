"""What we send for the page of the service is what the official library's own types know: localstripe has no such page to refuse it."""
import typing

import pytest
from stripe.params.checkout import _session_create_params as typed

from machi.cards import stripe_door


class Asked(Exception):
    pass


class Named(dict):
    """What the library imports for type checkers alone may be anything."""

    def __missing__(self, _name):
        return typing.Any


def unknown(said: dict, known: type, inside: str = "") -> list[str]:
    """Every name in what we send that the library's type does not know, however deep."""
    hints = typing.get_type_hints(known, vars(typed), Named(vars(typing) | vars(typed)))
    found = [f"{inside}{name}" for name in said if name not in hints]
    for name, value in said.items():
        for one in value if isinstance(value, list) else [value]:
            inner = _record_in(hints.get(name))
            if isinstance(one, dict) and inner:
                found += unknown(one, inner, f"{inside}{name}.")
    return found


def _record_in(hint) -> type | None:
    if hasattr(hint, "__required_keys__"):              # of typing_extensions, which `typing` does not know
        return hint
    return next((found for part in typing.get_args(hint) if (found := _record_in(part))), None)


@pytest.fixture
def sent(monkeypatch) -> dict:
    """The parameters of one page, as the door hands them to the library."""
    said = {}

    class Recorder:
        def __getattr__(self, _name):
            return self

        def create(self, parameters, options):
            said.update(parameters=parameters, options=options)
            raise Asked

    def ask(question):
        return question(Recorder())
    monkeypatch.setattr(stripe_door, "_ask", ask)
    with pytest.raises(Asked):
        stripe_door.open_page(token="token", place="milestone:1", amount_yen=11_000, title="仮払い", back_to="https://town.example.jp/",
                              language="ja-simple")
    return said


def test_every_name_that_we_send_is_one_of_the_librarys(sent):
    assert unknown(sent["parameters"], typed.SessionCreateParams) == []
    assert unknown({"payment_intent_data": {"capture": "manual"}, "sum": 1}, typed.SessionCreateParams) == [
        "sum", "payment_intent_data.capture"]


def test_the_sum_is_in_whole_yen_set_aside_and_named_by_our_token(sent):
    said = sent["parameters"]
    price = said["line_items"][0]["price_data"]

    assert (price["currency"], price["unit_amount"], said["payment_intent_data"]["capture_method"]) == ("jpy", 11_000, "manual")
    assert said["payment_intent_data"]["metadata"] == {"machi": "token", "place": "milestone:1"} and said["locale"] == "ja"
    assert sent["options"] == {"idempotency_key": "page:token"}
