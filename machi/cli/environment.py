"""What this town runs with: its folder, its secret, its address. Kept light: every process of the town reads it first."""
import os
import pathlib
import re
import secrets
from urllib.parse import urlsplit

from machi.cards.keys import FILES, read_keys

ROOT = pathlib.Path(__file__).resolve().parents[2]
MONEY_MODES = ("demo", "bank", "provider")              # how money moves: play money, the operator's own bank account, cards by a service
MONEY_BASES = ("agent_receipt", "licensed", "provider")     # 収納代行, 資金移動業, 決済代行: the town itself claims nothing
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
RESTORING = "restoring"                                 # lies in the folder until a restore has ended
CONTACT = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+|https://[^\s/@]+(/\S*)?")         # becomes a link on a page


class Refused(Exception):
    """A plain sentence for the person at the keyboard: what is wrong and what to do."""


class Environment:
    """Read from the environment once; nothing is changed before `settle`."""

    def __init__(self):
        self.home = pathlib.Path(os.environ.get("MACHI_HOME", ROOT / ".machi")).absolute()
        port = os.environ.get("MACHI_PORT", "8000")
        if not port.isdecimal() or not 0 < int(port) < 65536:
            raise Refused(f"MACHI_PORT is {port!r}: it should be a number like 8000.")
        self.port = int(port)
        self.proxies = os.environ.get("MACHI_PROXIES", "0")
        if not self.proxies.isdecimal():
            raise Refused(f"MACHI_PROXIES is {self.proxies!r}: it should be how many proxies stand before the town, like 1.")
        self.money_mode = _money_mode()
        if self.money_mode == "provider" and not read_keys(self.home).are_there:
            raise Refused(f"MACHI_MONEY_MODE is 'provider', and the two secrets of the payment service are missing: write them into "
                          f"{' and '.join(str(self.home / file) for file in FILES.values())} (docs/operations/cards.ja.md).")
        if (contact := os.environ.get("MACHI_CONTACT", "")) and not CONTACT.fullmatch(contact):
            raise Refused(f"MACHI_CONTACT is {contact!r}: it should be an e-mail address, or a page that begins with https://")
        self.address = os.environ.get("MACHI_BIND", "127.0.0.1")
        self.site = os.environ.get("MACHI_URL", f"http://localhost:{self.port}")
        if not _is_address(self.site):
            raise Refused(f"MACHI_URL is {self.site!r}: it should look like https://town.example.jp, with nothing after the name.")
        self.is_demo = os.environ.get("MACHI_DEMO_TOWN") == "1"
        if self.is_demo and self.money_mode != "demo":
            raise Refused(f"MACHI_DEMO_TOWN=1 fills a town with invented people, and money is real in the mode {self.money_mode!r}: "
                          "leave one of the two out.")
        self.database_url = os.environ.get("DATABASE_URL")
        self.backups = pathlib.Path(os.environ.get("MACHI_BACKUPS") or self.home / "backups").absolute()
        days = os.environ.get("MACHI_BACKUP_DAYS", "30")
        if not days.isdecimal() or not 0 < int(days) < 10_000:
            raise Refused(f"MACHI_BACKUP_DAYS is {days!r}: it should be how many days a backup is kept, like 30.")
        self.backup_days = int(days)

    @property
    def is_public(self) -> bool:
        """Can somebody on another machine reach this town?"""
        return urlsplit(self.site).hostname not in LOOPBACK or self.address not in LOOPBACK

    def settle(self) -> None:
        """Make the folder and the secret; everything started from here finds them."""
        if (self.home / RESTORING).exists():
            raise Refused(f"A restore into {self.home} was broken off: empty the folder, and restore once more.")
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            if not os.access(self.home, os.W_OK):
                raise PermissionError(13, "Permission denied")
            if not os.environ.get("MACHI_SECRET"):
                self._make_secret()
        except OSError as error:
            raise Refused(f"The folder {self.home} cannot be written ({error.strerror}): "
                          "give it to this account, or name another one in MACHI_HOME.") from None
        os.environ |= {"MACHI_HOME": str(self.home), "DJANGO_SETTINGS_MODULE": "config.settings"}

    def _make_secret(self) -> None:
        """Complete or absent: whoever starts at the same moment reads the same one."""
        secret = self.home / "secret"
        if secret.exists():
            return
        new = self.home / f"secret.{os.getpid()}"
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.write(handle, secrets.token_urlsafe(48).encode())
        os.close(handle)
        try:
            os.link(new, secret)
        except FileExistsError:
            pass
        finally:
            new.unlink()


def _money_mode() -> str:
    """How money moves, and by which right it is held. Raises Refused."""
    mode, basis = os.environ.get("MACHI_MONEY_MODE", "demo"), os.environ.get("MACHI_MONEY_BASIS", "")
    if mode not in MONEY_MODES:
        raise Refused(f"MACHI_MONEY_MODE is {mode!r}: it should be one of {', '.join(MONEY_MODES)}.")
    if basis and basis not in MONEY_BASES:
        raise Refused(f"MACHI_MONEY_BASIS is {basis!r}: it should be one of {', '.join(MONEY_BASES)}.")
    if mode != "demo" and not basis:
        raise Refused(f"MACHI_MONEY_BASIS does not say by which right this town holds other people's money: {', '.join(MONEY_BASES)}. "
                      "Ask a lawyer which one it is, before the first yen.")
    return mode


def _is_address(site: str) -> bool:
    """Scheme, name and perhaps a port, and no password: what every link in a mail begins with."""
    try:
        parts = urlsplit(site)
        return (parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None and parts.port != 0
                and site == f"{parts.scheme}://{parts.netloc}")
    except ValueError:                                  # half a bracket, a port that is none
        return False
