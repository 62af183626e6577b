"""How tests of pages walk in and read: as whom, and the words of a page without its tags."""
import html
import re

from django.test import Client

#: what people paste, type in haste, or try: none of it may break a page
HOSTILE = {"nul": "a\x00b", "turned": "\u202eabc\u202c", "emoji": "👩🏽‍🌾🎉", "rare": "𠮷野家の髙﨑", "html": "<script>alert(1)</script>",
           "control": "a\x08\x1bb", "quotes": "'\"`--;/*"}


def as_(person) -> Client:
    """A browser in which this person is signed in."""
    browser = Client()
    browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def text_of(answer) -> str:
    """What a person reads, without places to break and without tags."""
    body = re.sub(r"<(script|style|head)\b.*?</\1>", "", answer.content.decode(), flags=re.S)
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", body)))


def value_of(answer, name: str) -> str:
    """What a field of the page holds now."""
    field = re.search(rf'<(?:input|textarea)[^>]*name="{name}"[^>]*>([^<]*)', answer.content.decode())
    assert field, f"no field {name}"
    inside = re.search(r'value="([^"]*)"', field.group(0).split(">")[0])
    return html.unescape(inside.group(1) if inside else field.group(1)).strip("\n")


def unspoken(answer) -> list[str]:
    """Ids of words that stand on the page instead of words."""
    rooms = "answer answered apply choose client compare decline end fit job jobs mine own paused plan post withdraw".replace(" ", "|")
    return re.findall(rf"\b(?:{rooms})\.[a-z_]+(?:\.[a-z_]+)*", text_of(answer))
