"""The mails a demo town has sent: files in a folder, one or several mails each, read as plain text."""
import email
import os
import re
from collections.abc import Iterator
from email import policy
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings

_BETWEEN = re.compile(rb"\n-{79}\n")
READ_AT_MOST = 3_000                                # files


class Mail(NamedTuple):
    to: str
    subject: str
    text: str

    @property
    def way(self) -> str:
        """The one address inside the town that this mail leads to, without the host."""
        for found in re.findall(r"https?://\S+", self.text):
            parts = urlsplit(found)
            if f"{parts.scheme}://{parts.netloc}" == settings.SITE_URL and not parts.path.startswith("/notices/mail"):
                return parts.path + (f"?{parts.query}" if parts.query else "")
        return ""


def mails(to: str = "") -> Iterator[Mail]:
    """The mails in the folder, newest first; only those to one address when one is given."""
    for path in _files():
        for raw in reversed(_BETWEEN.split(path.read_bytes())):
            if raw.strip() and (not to or to.encode() in raw.lower()):
                mail = _read(raw)
                if not to or mail.to.lower() == to:
                    yield mail


def _files() -> list[Path]:
    try:
        found = [entry for entry in os.scandir(settings.EMAIL_FILE_PATH)
                 if entry.name.endswith(".log") and entry.is_file(follow_symlinks=False)]
    except FileNotFoundError:
        return []
    newest = sorted(found, key=lambda entry: (entry.stat().st_mtime_ns, entry.name), reverse=True)
    return [Path(entry.path) for entry in newest[:READ_AT_MOST]]


def _read(raw: bytes) -> Mail:
    message = email.message_from_bytes(raw, policy=policy.default)
    part = message.get_body(("plain",))
    text = part.get_content() if part else ""
    return Mail(str(message["to"] or ""), str(message["subject"] or ""), text.strip())
