"""Papers become ciphertext and papers again (AES-256-GCM). What a paper is about is bound to it: one cannot stand for another."""
import hashlib
import json
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from machi.privacy.keys import KeyGone

NONCE = 12                                          # bytes, as the method wants them


def spelled(paper: dict) -> bytes:
    """A paper in one fixed spelling: the same one in which the terms of a contract are fingerprinted."""
    return json.dumps(paper, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def fingerprint(paper: dict) -> str:
    return hashlib.sha256(spelled(paper)).hexdigest()


def seal(key: bytes, content: bytes, *, bound: str) -> bytes:
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, content, bound.encode())


def unseal(key: bytes, sealed: bytes, *, bound: str) -> bytes:
    """Raises KeyGone when this key does not open it."""
    try:
        return AESGCM(key).decrypt(bytes(sealed[:NONCE]), bytes(sealed[NONCE:]), bound.encode())
    except InvalidTag:
        raise KeyGone("another key") from None


def seal_file(key: bytes, source: Path) -> str:
    """An encrypted copy of a file, under a name nobody can guess; the name. At most UPLOAD_MAX_BYTES are in memory."""
    name = secrets.token_hex(32)
    place = sealed_place(name)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(seal(key, source.read_bytes(), bound=name))
    return name


def unseal_file(key: bytes, name: str) -> bytes:
    """Raises KeyGone, also when the file is not there any more."""
    try:
        return unseal(key, sealed_place(name).read_bytes(), bound=name)
    except FileNotFoundError:
        raise KeyGone(name) from None


def sealed_place(name: str) -> Path:
    if not (len(name) == 64 and name.isalnum()):
        raise ValueError("not a sealed file")
    return Path(settings.SEALED_FOLDER) / name
