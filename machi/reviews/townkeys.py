"""The keys with which the town signs track records: RSA, in MACHI_HOME/keys, one file each, readable by the town alone.

The newest key signs; every key that still lies there is published, so that older records stay good. A key that got into wrong
hands is taken away by deleting its file: what it signed is then no longer recognised.
"""
import contextlib
import fcntl
import json
import os
import pathlib
import time
from collections.abc import Iterator

from django.conf import settings
from joserfc.jwk import RSAKey

ALGORITHM = "RS256"                                 # the one that every reader of Open Badges 3.0 knows (8.2.2 of the specification)
BITS = 2048


def signing_key() -> RSAKey:
    """The newest key; made when the town signs for the first time."""
    if not _files():
        with _alone():
            if not _files():
                _make()
    return _read(_files()[-1])


def new_key() -> RSAKey:
    """From now on this one signs. The older ones stay published."""
    with _alone():
        _make()
    return signing_key()


def public_keys() -> dict[str, RSAKey]:
    """Every key that the town vouches for, by its name."""
    return {key.kid: key for key in map(_read, _files())}


def key_set() -> dict:
    """The public halves, as the world asks for them (RFC 7517)."""
    return {"keys": [key.as_dict(private=False) for key in public_keys().values()]}


def _make() -> None:
    key = RSAKey.generate_key(BITS)
    key = RSAKey.import_key(key.as_dict(private=True) | {"kid": key.thumbprint()[:16], "use": "sig", "alg": ALGORITHM})
    place = _folder() / f"{time.time_ns():020}.json"
    with open(os.open(place.with_suffix(".new"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(key.as_dict(private=True), file)
    place.with_suffix(".new").replace(place)        # a reader sees a whole key or none


def _read(place: pathlib.Path) -> RSAKey:
    return RSAKey.import_key(json.loads(place.read_text()))


def _files() -> list[pathlib.Path]:
    return sorted(_folder().glob("*.json"))


def _folder() -> pathlib.Path:
    folder = pathlib.Path(os.fspath(settings.MACHI_HOME)) / "keys"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Two processes that start together make one key."""
    with (_folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
