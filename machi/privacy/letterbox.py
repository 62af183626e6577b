"""The town's own copies of mails it has sent, where mail is written into files: those of somebody who left go."""
import email
import re
from collections.abc import Iterable
from email import policy
from pathlib import Path

from django.conf import settings

BETWEEN = b"\n" + b"-" * 79 + b"\n"                 # as Django's file backend parts the mails of one file


def forget(addresses: Iterable[str], names: Iterable[str]) -> int:
    """Delete the copies of mails to these addresses, and of mails that say one of these names. Returns how many."""
    addresses, names = {address.lower() for address in addresses}, [name for name in names if name]
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


def _speaks_of(raw: bytes, addresses: set[str], names: list[str]) -> bool:
    message = email.message_from_bytes(raw.strip(), policy=policy.default)
    if addresses & {address.lower() for address in re.findall(r"[^\s<>,]+@[^\s<>,]+", str(message["to"] or ""))}:
        return True
    part = message.get_body(("plain",))
    text = f"{message['subject'] or ''}\n{part.get_content() if part else ''}"
    return any(name in text for name in names) or any(address in text.lower() for address in addresses)
