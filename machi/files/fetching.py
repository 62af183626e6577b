"""The one door through which the town goes out to an address that a person has written (docs/adr/0051). Whoever writes it may want the town
to knock at its own doors: a database, a printer, the keys of the machine it runs on. So the name is asked for once, every answer must lie
on the open Internet, and the line goes to the answer that was looked at.

What carries it is Python's own `http.client`: it keeps no cookies, asks no proxy, follows nothing.
"""
import contextlib
import http.client
import ipaddress
import queue
import re
import socket
import ssl
import threading
import time
import unicodedata
from typing import BinaryIO, NamedTuple
from urllib.parse import quote

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from machi.files.storing import FULL

PORT, SECONDS, AT_ONCE = 443, 20, 65_536            # seconds: from the first question to the last byte; bytes of one reading
LONGEST = 2_000                                     # letters of an address
_ADDRESS = re.compile(r"https://(?P<host>[^/?#:@\[\]\\]+)(?::443)?(?P<rest>[/?][^#\\]*)?(?:#.*)?", re.I)
# A name that the world's names can hold. Its end begins with a letter: 127.1, 0x7f.1 and 2130706433 are numbers of machines.
_HOST = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
# What is nobody's on the open Internet (IANA, special-purpose registries), and where a cloud tells a machine its secrets.
_CLOSED = tuple(map(ipaddress.ip_network, (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",
    "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
    "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")))        # within 2000::/3, all that is open of IPv6
_OPEN = ipaddress.ip_network("2000::/3")


class Cause(TextChoices):
    """Why nothing was fetched."""

    ADDRESS = "address", _("fetch.address")         # not one that the town fetches from
    NOBODY = "nobody", _("fetch.nobody")            # no such name
    INSIDE = "inside", _("fetch.inside")            # leads to no place on the open Internet
    MOVED = "moved", _("fetch.moved")               # leads on to another address
    REFUSED = "refused", _("fetch.refused")         # answered, and gives nothing
    UNSURE = "unsure", _("fetch.unsure")            # cannot show that it is who it says (TLS)
    SILENT = "silent", _("fetch.silent")            # does not answer, or the line broke
    SLOW = "slow", _("fetch.slow")
    LARGE = "large", _("fetch.large")


class Unfetched(Exception):
    """Nothing came of it. Of what may be otherwise a little later, `is_passing` says so."""

    def __init__(self, cause: Cause):
        super().__init__(cause.value)
        self.cause = cause

    @property
    def is_passing(self) -> bool:
        return self.cause in (Cause.SILENT, Cause.SLOW)


class Place(NamedTuple):
    """An address, taken apart: nothing of it but this is sent."""

    host: str
    path: str


def fetch(address: str, into: BinaryIO, *, most_bytes: int) -> int:
    """Write what lies at an address of https into a file; how many bytes it is. Raises Unfetched, or OSError when the disk is full."""
    place, until = place_of(address), time.monotonic() + SECONDS
    line = _connected(_looked_up(place.host, until), place.host, until)
    is_late = threading.Event()
    clock = threading.Timer(max(0.01, until - time.monotonic()), _hang_up, (line, is_late))     # a drop now and then is no answer either
    clock.daemon = True
    clock.start()
    try:
        line.do_handshake()
        size = _taken(line, place, into, most_bytes)
        if is_late.is_set():                                        # where no length was promised, hanging up looks like the end
            raise Unfetched(Cause.SLOW)
        return size
    except ssl.SSLCertVerificationError:
        raise Unfetched(Cause.UNSURE) from None
    except (OSError, http.client.HTTPException, ValueError) as failure:
        if isinstance(failure, OSError) and failure.errno in FULL:
            raise                                                   # the file that is written, and not the line
        raise Unfetched(Cause.SLOW if is_late.is_set() or time.monotonic() >= until else Cause.SILENT) from None
    finally:
        clock.cancel()
        line.close()


def is_address(text: str) -> bool:
    """Does somebody mean an address, of whatever kind, and not the name of a file?"""
    return re.match(r"[a-z][a-z0-9+.-]*:|//", text.strip(), re.I) is not None


def place_of(address: str) -> Place:
    """Raises Unfetched for all but https at its own port, at a name. Signing in is nothing that an address does here."""
    found = _ADDRESS.fullmatch(address.strip()) if len(address) <= LONGEST else None
    host = _plain(found["host"].lower()) if found else ""
    if not _HOST.fullmatch(host) or any(ord(c) < 33 or c == "\x7f" for c in address.strip()):
        raise Unfetched(Cause.ADDRESS)
    rest = found["rest"] or "/"
    return Place(host, quote(rest if rest.startswith("/") else f"/{rest}", safe="/?=&%+,;:@!$'()*~-._[]|"))


def _plain(host: str) -> str:
    """A name in letters of other countries as the world's names write it. What only looks like a name is none: １２７。０。０。１."""
    if host.isascii():
        return host
    if unicodedata.normalize("NFKC", host) != host or any(dot in host for dot in "\u3002\uff0e\uff61"):
        return ""
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return ""


def is_open(number: str) -> bool:
    """Does everybody on the Internet reach this number? What holds another one (::ffff:, NAT64, 6to4) leads who knows where."""
    try:
        ip = ipaddress.ip_address(number)
    except ValueError:                              # with a zone, too: fe80::1%eth0
        return False
    if ip.version == 6 and ip not in _OPEN:
        return False
    return not any(ip.version == net.version and ip in net for net in _CLOSED)


def resolve(host: str) -> list[str]:
    """All numbers of a name, as the machine's own resolver says."""
    return list(dict.fromkeys(found[4][0] for found in socket.getaddrinfo(host, PORT, type=socket.SOCK_STREAM)))


def trust() -> ssl.SSLContext:
    """By whom a name may be vouched for: as this machine says."""
    return ssl.create_default_context()


def _looked_up(host: str, until: float) -> list[str]:
    """Asked once. One answer that lies inside spoils them all: it was put there by somebody."""
    answers: queue.Queue = queue.Queue()

    def ask():
        try:
            answers.put(resolve(host))
        except (OSError, UnicodeError):
            answers.put([])
    threading.Thread(target=ask, daemon=True).start()               # a resolver has no clock of its own
    try:
        numbers = answers.get(timeout=max(0.01, until - time.monotonic()))
    except queue.Empty:
        raise Unfetched(Cause.SLOW) from None
    if not numbers:
        raise Unfetched(Cause.NOBODY)
    if not all(map(is_open, numbers)):
        raise Unfetched(Cause.INSIDE)
    return numbers


def _connected(numbers: list[str], host: str, until: float) -> ssl.SSLSocket:
    """A line to one of these very numbers, with TLS that asks for the name."""
    trusted = trust()
    for number in numbers[:4]:
        try:
            bare = socket.socket(socket.AF_INET6 if ":" in number else socket.AF_INET)
        except OSError:                                             # a machine may know no IPv6 at all
            continue
        line = trusted.wrap_socket(bare, server_hostname=host, do_handshake_on_connect=False)
        try:
            line.settimeout(max(0.01, until - time.monotonic()))
            line.connect((number, PORT))
            return line
        except OSError:
            line.close()
        except BaseException:
            line.close()
            raise
    raise Unfetched(Cause.SLOW if time.monotonic() >= until else Cause.SILENT)


def _hang_up(line: ssl.SSLSocket, is_late: threading.Event) -> None:
    is_late.set()
    with contextlib.suppress(OSError):
        socket.socket.shutdown(line, socket.SHUT_RDWR)              # below TLS: it would wait for a farewell


def _taken(line: ssl.SSLSocket, place: Place, into: BinaryIO, most_bytes: int) -> int:
    asked = http.client.HTTPConnection(place.host)
    asked.sock = line
    asked.request("GET", place.path, headers={"User-Agent": "machi", "Accept": "*/*", "Connection": "close"})
    with asked.getresponse() as answer:
        return _read(answer, into, most_bytes)


def _read(answer: http.client.HTTPResponse, into: BinaryIO, most_bytes: int) -> int:
    if 300 <= answer.status < 400:
        raise Unfetched(Cause.MOVED)
    if answer.status != 200:
        raise Unfetched(Cause.REFUSED)
    promised, size = answer.length, 0
    if promised is not None and promised > most_bytes:
        raise Unfetched(Cause.LARGE)
    while chunk := answer.read(AT_ONCE):
        size += len(chunk)
        if size > most_bytes:
            raise Unfetched(Cause.LARGE)
        into.write(chunk)
    if promised is not None and size != promised:
        raise Unfetched(Cause.SILENT)
    return size
