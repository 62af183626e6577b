"""A server of https on loopback, and a town that takes its number for one of the open Internet. Only tests can make such a town."""
import contextlib
import datetime
import socket
import ssl
import threading
from collections.abc import Callable, Iterator

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from machi.files import fetching

HOST = "pictures.example"


class Listener:
    """Says how often somebody knocked, and answers each with what it was given; nothing without TLS."""

    def __init__(self, folder, answer: Callable[[str, socket.socket], None], host: str = HOST):
        self.knocks, self.asked, self._answer = 0, [], answer
        self.context, self.authority = _vouched(folder, host)
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        with contextlib.suppress(OSError):
            while True:
                line, _from = self.door.accept()
                self.knocks += 1
                threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line):
        with contextlib.suppress(OSError), self.context.wrap_socket(line, server_side=True) as safe:
            request = b""
            while b"\r\n\r\n" not in request and (some := safe.recv(4096)):
                request += some
            self.asked.append(request.decode())
            self._answer(request.decode().split(" ")[1], safe)


def page(body: bytes, *head: str, status: str = "200 OK") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *head, "", ""]).encode() + body


@contextlib.contextmanager
def a_listener(monkeypatch, folder, answer, *, is_open: bool = True, host: str = HOST) -> Iterator[Listener]:
    """Every name is the listener's; with `is_open` it counts as a place on the open Internet."""
    listener = Listener(folder, answer, host)
    monkeypatch.setattr(fetching, "PORT", listener.port)
    monkeypatch.setattr(fetching, "trust", lambda: ssl.create_default_context(cafile=listener.authority))
    if is_open:
        monkeypatch.setattr(fetching, "resolve", lambda host: ["127.0.0.1"])
        monkeypatch.setattr(fetching, "is_open", lambda number: number == "127.0.0.1")
    try:
        yield listener
    finally:
        with contextlib.suppress(OSError):
            listener.door.shutdown(socket.SHUT_RDWR)
        listener.door.close()


def _vouched(folder, host: str):
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a town of tests")])
    paper = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
             .not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=1))
             .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), False)
             .add_extension(x509.BasicConstraints(ca=True, path_length=0), True).sign(key, hashes.SHA256()))
    pem = paper.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "authority.pem").write_bytes(pem)
    (folder / "server.pem").write_bytes(pem + secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return context, str(folder / "authority.pem")
