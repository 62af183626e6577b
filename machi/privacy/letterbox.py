"""The town's own copies of mails it has sent, where mail is written into files: those of somebody who left go."""
import email
import re
from collections.abc import Iterable
from email import policy
from pathlib import Path

from django.conf import settings

AFTER_A_NAME = "さん|から|が|は|の|と"             # what follows a name in the town's mails, where no mark does
BETWEEN = b"\n" + b"-" * 79 + b"\n"                 # as Django's file backend parts the mails of one file


def forget(addresses: Iterable[str], names: Iterable[str]) -> int:
    """Delete the copies of mails to these addresses, and of mails that say one of these names. Returns how many."""
    addresses, names = [_as_address(address) for address in addresses], [_as_name(name) for name in names if name]
    try:
        files = sorted(Path(settings.EMAIL_FILE_PATH).glob("*.log"))
    except (FileNotFoundError, TypeError):
        return 0
    forgotten = 0
    for file in files:
        mails = [mail for mail in file.read_bytes().split(BETWEEN) if mail.strip()]
        kept = [mail for mail in mails if not _speaks_of(mail, addresses, names)]
        forgotten += len(mails) - len(kept)
        if not kept:
            file.unlink(missing_ok=True)
        elif len(kept) < len(mails):
            new = file.with_suffix(".new")
            new.write_bytes(BETWEEN.join(kept) + BETWEEN)
            new.replace(file)
    return forgotten


def _speaks_of(raw: bytes, addresses: list[re.Pattern], names: list[re.Pattern]) -> bool:
    message = email.message_from_bytes(raw.strip(), policy=policy.default)
    part = message.get_body(("plain",))
    text = f"{message['subject'] or ''}\n{part.get_content() if part else ''}"
    return any(address.search(f"{message['to'] or ''}\n{text}") for address in addresses) or any(name.search(text) for name in names)


def _as_address(address: str) -> re.Pattern:
    """The whole of it, and not the end of somebody else's."""
    return re.compile(rf"(?<![\w.+-]){re.escape(address)}(?![\w-]|\.\w)", re.IGNORECASE | re.ASCII)


def _as_name(name: str) -> re.Pattern:
    """A name where the town's mails put names: at the beginning of a sentence or after a mark, and whole. A name that is as
    short as a word of every language counts only where it can be nothing else: with さん, or in brackets.
    """
    quoted = rf"[「『“]{re.escape(name)}[」』”]"
    if len(name) < 3:
        return re.compile(rf"{quoted}|(?<!\w){re.escape(name)}さん")
    return re.compile(rf"{quoted}|(?<!\w){re.escape(name)}(?={AFTER_A_NAME}|\W|$)")
