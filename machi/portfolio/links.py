"""Links that people put on their pages: https only, shown with the name of the place they lead to."""
import re
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from machi.shared.errors import DomainError
from machi.shared.japanese import cleaned

LINK_AT_MOST = 500
_PLACE = re.compile(r"(?!-)[a-z0-9-]{1,63}(\.(?!-)[a-z0-9-]{1,63})+")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:(?!\d)")


def clean_link(text: str) -> str:
    """A link as it is kept; nothing for nothing. Raises DomainError, in words for the person, for what is no https link."""
    link = "".join(cleaned(text).split())
    if not link:
        return ""
    if not _SCHEME.match(link):
        link = f"https://{link}"
    if len(link) > LINK_AT_MOST or not link.isascii() and len(link.encode()) > 2 * LINK_AT_MOST:
        raise DomainError(_("link.too_long") % {"n": LINK_AT_MOST})
    if not link.lower().startswith("https://") or not place_of(link):
        raise DomainError(_("link.not_https"))
    return "https://" + link[8:]


def place_of(link: str) -> str:
    """The name of the place to which a link leads, as browsers spell it (日本.jp becomes xn--wgv71a.jp); nothing if it is none."""
    try:
        parts = urlsplit(link)
        name = (parts.hostname or "").encode("idna").decode().lower()
        is_plain = parts.username is None and parts.password is None and (parts.port is None or parts.port == 443)
    except ValueError:                              # UnicodeError is one of them
        return ""
    return name if is_plain and "\\" not in link and len(name) <= 253 and _PLACE.fullmatch(name) and not _is_number(name) else ""


def _is_number(name: str) -> bool:
    """A bare number of a machine is no place that somebody could know."""
    return name.rpartition(".")[2].isdigit()
