"""Forms that a text answer may have to take, by a name of ours: nobody writes a pattern into somebody else's page."""
import re
import unicodedata

from django.utils.translation import gettext as _

from machi.tasks.forms.settings import Wrong

# Each reads the text once from left to right: nothing in it can make it slow. Before, letters of full width become plain ones.
_PATTERNS = {
    "digits": re.compile(r"\d+"),
    "phone": re.compile(r"\+?\d[\d-]{5,18}\d"),
    "postal": re.compile(r"\d{3}-?\d{4}"),
    "email": re.compile(r"[^\s@]{1,64}@[^\s@.]+(?:\.[^\s@.]+)+"),
    "address": re.compile(r"https?://\S+"),
    "katakana": re.compile(r"[ァ-ヺー・･\s]+"),
    "hiragana": re.compile(r"[ぁ-ゖー・･\s]+"),
    "latin": re.compile(r"[A-Za-z0-9 .,:;'\"&/()+-]+"),
}
_DASHES = str.maketrans("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u30fc", "--------")
_WITH_DASHES = {"phone", "postal"}


def matched(pattern: str, text: str) -> str:
    """The text in the form that was asked for, 〒100-0001 as ０ー９ or 0-9. Raises Wrong."""
    if not pattern or not text:
        return text
    plain = unicodedata.normalize("NFKC", text)
    plain = plain.translate(_DASHES).replace("〒", "").strip() if pattern in _WITH_DASHES else plain
    if not _PATTERNS[pattern].fullmatch(plain):
        raise Wrong(refusals()[pattern])
    return plain


def refusals() -> dict[str, str]:
    """What is said of a text that has another form."""
    return {
        "digits": _("tasks.block.text.digits.refused"), "phone": _("tasks.block.text.phone.refused"),
        "postal": _("tasks.block.text.postal.refused"), "email": _("tasks.block.text.email.refused"),
        "address": _("tasks.block.text.address.refused"), "katakana": _("tasks.block.text.katakana.refused"),
        "hiragana": _("tasks.block.text.hiragana.refused"), "latin": _("tasks.block.text.latin.refused")}
