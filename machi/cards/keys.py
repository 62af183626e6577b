"""The two secrets of the payment service: the key with which the town asks, and the one with which the service signs what it sends.

From MACHI_STRIPE_KEY and MACHI_STRIPE_WEBHOOK, or from the files stripe/key and stripe/webhook in MACHI_HOME. Kept light: read first.
"""
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

FILES = {"MACHI_STRIPE_KEY": "stripe/key", "MACHI_STRIPE_WEBHOOK": "stripe/webhook"}
_KEY, _WEBHOOK = re.compile(r"(sk|rk)_(test|live)_\w{8,}"), re.compile(r"whsec_[\w+/=]{8,}")


class Keys(NamedTuple):
    asking: str                                     # sk_live_..., sk_test_..., or a restricted rk_...
    signing: str                                    # whsec_...

    @property
    def are_there(self) -> bool:
        return bool(self.asking and self.signing)

    @property
    def is_live(self) -> bool:
        """Real money?"""
        return "_live_" in self.asking


def read_keys(home: Path) -> Keys:
    """As they are now. What is missing is empty."""
    return Keys(*(os.environ.get(name, "").strip() or _in_file(home / file) for name, file in FILES.items()))


def wrong_with(keys: Keys, home: Path, *, is_public: bool) -> Iterator[str]:
    """What somebody who runs a town should mend. No key is ever printed."""
    if keys.asking.startswith("pk_"):
        yield "The key of the payment service is the publishable one (pk_): take the secret one (sk_) or a restricted one (rk_)."
    elif not _KEY.fullmatch(keys.asking):
        yield "The key of the payment service does not look like sk_live_... or rk_live_...: copy it once more, whole."
    elif is_public and not keys.is_live:
        yield "The key of the payment service is one for tests, and this town is public: people would pay with money that is none."
    elif not is_public and keys.is_live:
        yield "The key of the payment service moves real money, and this town is on this machine only: take one for tests (sk_test_...)."
    if not _WEBHOOK.fullmatch(keys.signing):
        yield "The secret of the payment service's messages does not look like whsec_...: copy it from the address you entered there."
    for file in FILES.values():
        if (home / file).exists() and (home / file).stat().st_mode & 0o077:
            yield f"Other accounts of this machine can read {home / file}: run `chmod 600 {home / file}`."


def _in_file(file: Path) -> str:
    try:
        return file.read_text().strip()
    except FileNotFoundError:
        return ""
