"""A passkey as a telephone keeps it: both halves in our hands, no browser needed. How one is made is in tests/stories/test_the_frame.py."""
import hashlib
import json
import os

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

DOOR = "/account/mfa/webauthn/login/"
IS_THERE = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV


class Passkey:
    """Of one person; its public half lies in the town."""

    def __init__(self, person):
        self.person, self.number, self.half = person, os.urandom(16), ec.generate_private_key(ec.SECP256R1())
        public = AttestedCredentialData.create(bytes(16), self.number, ES256.from_cryptography_key(self.half.public_key()))
        made = AttestationObject.create("none", _seen(IS_THERE | AuthenticatorData.FLAG.AT, public), {})
        Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data={"name": "電話", "credential": self._says(
            CollectedClientData.create("webauthn.create", b"", "http://testserver"), attestationObject=websafe_encode(made))})

    def opens(self, browser):
        """The door asks, a finger answers."""
        asked = browser.get(DOOR, headers={"X-Requested-With": "XMLHttpRequest"}).json()["request_options"]["publicKey"]
        heard, seen = CollectedClientData.create("webauthn.get", asked["challenge"], "http://testserver"), _seen(IS_THERE)
        signed = self.half.sign(seen + heard.hash, ec.ECDSA(SHA256()))
        return browser.post(DOOR, {"credential": json.dumps(self._says(
            heard, authenticatorData=websafe_encode(seen), signature=websafe_encode(signed),
            userHandle=websafe_encode(user_pk_to_url_str(self.person).encode())))})

    def _says(self, heard, **more) -> dict:
        number = websafe_encode(self.number)
        return {"id": number, "rawId": number, "type": "public-key", "clientExtensionResults": {"credProps": {"rk": True}},
                "response": {"clientDataJSON": heard.b64} | more}


def _seen(flags, public: bytes = b"") -> bytes:
    return AuthenticatorData.create(hashlib.sha256(b"testserver").digest(), flags, 1, public)
