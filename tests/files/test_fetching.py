"""The town goes out to an address that somebody has written: to the open Internet alone, whatever the address pretends (T38)."""
import errno
import io
import socket
import time

import pytest

from machi.files import fetching
from machi.files.fetching import Cause, Unfetched, fetch, is_open
from tests.files.serving import HOST, a_listener, page

NO_NAMES = [
    # another way of talking, or another port
    "http://example.jp/1.png", "ftp://example.jp/1.png", "file:///etc/passwd", "gopher://example.jp/", "data:image/png;base64,AAAA",
    "javascript:alert(1)", "//example.jp/1.png", "https:/example.jp/1.png", "https:example.jp", "example.jp/1.png", "1.png", "",
    "https://example.jp:80/1.png", "https://example.jp:8443/1.png", "https://example.jp:{port}/1.png", "https://example.jp:0443/",
    "https://example.jp:/1.png", "https://example.jp:443:443/", "https://example.jp:４４３/",
    # who signs in is nobody's business, and hides where it goes
    "https://me@example.jp/", "https://me:word@example.jp/", "https://example.jp@127.0.0.1/", "https://example.jp:443@127.0.0.1/",
    "https://example.jp%40127.0.0.1/", "https://example.jp\\@127.0.0.1/", "https://127.0.0.1\\.example.jp/", "https://@127.0.0.1/",
    # machines by number, in all the ways there are
    "https://127.0.0.1/", "https://127.1/", "https://127.0.1/", "https://2130706433/", "https://0x7f000001/", "https://0x7f.0.0.1/",
    "https://0177.0.0.1/", "https://017700000001/", "https://0x7f.1/", "https://0/", "https://0.0.0.0/", "https://169.254.169.254/latest/",
    "https://2852039166/", "https://0xA9FEA9FE/", "https://0251.0376.0251.0376/", "https://169.254.43518/", "https://10.0.0.1/",
    "https://192.168.0.1/", "https://172.16.0.1/", "https://100.64.0.1/", "https://93.184.216.34/", "https://127.0.0.1./",
    "https://1.2.3.4.5/",
    "https://[::1]/", "https://[::]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/", "https://[::127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://[fe80::1%25lo]/", "https://[fc00::1]/", "https://[2606:4700::1111]/",
    "https://[v1.x]/", "https://::1/",
    # names that are none
    "https://localhost/", "https://localhost:443/", "https://localhost./", "https://example.jp./", "https://.example.jp/",
    "https://ex ample.jp/",
    "https://example..jp/", "https://-example.jp/", "https://example-.jp/", "https://example_.jp/", "https://example.jp%00.com/",
    "https://example.jp\t/", "https://example.jp/\r\nHost: a", "https://example.jp/a b", "https://%6c%6f%63alhost/", "https://example.7/",
    "https://127。0。0。1/", "https://１２７.0.0.1/", "https://127．0．0．1/", "https://ⓛocalhost.jp/", "https://example｡jp/", "https:///x",
    "https://",
    "https://" + "a" * 64 + ".jp/", "https://" + "a." * 130 + "jp/", "https://example.jp/" + "a" * 2_000]
CLOSED = [
    "0.0.0.0", "0.1.2.3", "10.1.2.3", "100.64.0.1", "100.100.100.200", "100.127.255.255", "127.0.0.1", "127.255.255.254", "168.63.129.16",
    "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1",
    "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1",
    "2002:7f00:1::", "2002:808:808::1", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%lo", "fec0::1", "ff02::1",
    "nothing"]
OPEN = ["8.8.8.8", "93.184.216.34", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.169.0.1", "223.255.255.255",
"2606:4700::1111"]


def refused(address: str, most_bytes: int = 1_000_000) -> Cause:
    with pytest.raises(Unfetched) as refusal:
        fetch(address, io.BytesIO(), most_bytes=most_bytes)
    return refusal.value.cause


@pytest.fixture
def inside(monkeypatch, tmp_path):
    """Somebody listens at the town's own door, and would answer. The machine's real resolver says what each name is."""
    with a_listener(monkeypatch, tmp_path, lambda path, line: line.sendall(page(b"secret")), is_open=False) as listener:
        yield listener
        time.sleep(0.02)
        assert listener.knocks == 0


def test_addresses_made_to_lead_inside_are_refused_before_anything_is_asked(inside, monkeypatch):
    monkeypatch.setattr(fetching, "resolve", lambda host: pytest.fail(f"asked for {host}"))
    for address in NO_NAMES:
        assert refused(address.replace("{port}", str(inside.port))) is Cause.ADDRESS, address
    assert len(NO_NAMES) >= 60


@pytest.mark.parametrize("answers", [[number] for number in CLOSED] + [["93.184.216.34", "127.0.0.1"], ["127.0.0.1", "93.184.216.34"],
                                                                      ["2606:4700::1111", "::1"]], ids=",".join)
def test_a_good_name_that_answers_with_a_place_inside_is_not_gone_to(inside, monkeypatch, answers):
    monkeypatch.setattr(fetching, "resolve", lambda host: answers)
    assert refused(f"https://{HOST}/1.png") is Cause.INSIDE


def test_what_is_open_is_open():
    assert [number for number in OPEN if not is_open(number)] == [] and [number for number in CLOSED if is_open(number)] == []


def test_a_name_is_asked_for_once_and_the_line_goes_to_that_very_answer(inside, monkeypatch):
    """A name whose second answer is another one (DNS rebinding) finds nobody who asks a second time."""
    answers, gone_to = iter([["93.184.216.34"], ["127.0.0.1"]]), []
    monkeypatch.setattr(fetching, "resolve", lambda host: next(answers))

    def connect(line, place):
        gone_to.append(place)
        raise OSError
    monkeypatch.setattr("ssl.SSLSocket.connect", connect)
    assert refused(f"https://{HOST}/1.png") is Cause.SILENT and gone_to == [("93.184.216.34", inside.port)]


def test_a_machine_that_knows_no_ipv6_goes_to_the_next_number(inside, monkeypatch):
    real, asked = socket.socket, []

    def without(family=socket.AF_INET, *more, **named):
        asked.append(family)
        if family == socket.AF_INET6:
            raise OSError(97, "Address family not supported by protocol")
        return real(family, *more, **named)
    monkeypatch.setattr(fetching.socket, "socket", without)
    monkeypatch.setattr("ssl.SSLSocket.connect", lambda line, place: (_ for _ in ()).throw(ConnectionRefusedError))
    for numbers in (["2606:4700::1111"], ["2606:4700::1111", "93.184.216.34"]):
        monkeypatch.setattr(fetching, "resolve", lambda host, numbers=numbers: numbers)
        assert refused(f"https://{HOST}/1.png") is Cause.SILENT
    assert asked == [socket.AF_INET6, socket.AF_INET6, socket.AF_INET]


def test_a_full_disk_is_not_told_as_a_server_that_is_silent(monkeypatch, tmp_path):
    class Full(io.BytesIO):
        def write(self, data):
            raise OSError(errno.ENOSPC, "No space left on device")
    with a_listener(monkeypatch, tmp_path, lambda path, line: line.sendall(page(b"hello"))), pytest.raises(OSError, match="No space"):
        fetch(f"https://{HOST}/1.png", Full(), most_bytes=100)


@pytest.mark.parametrize("host", ["nobody.invalid", "localhost.localdomain"])
def test_a_name_that_nobody_has_is_told(inside, monkeypatch, host):
    def unknown(*asked, **more):
        raise socket.gaierror
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert refused(f"https://{host}/") is Cause.NOBODY


def test_what_lies_there_is_brought_and_nothing_else_is_said(monkeypatch, tmp_path):
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    for head in ([], ["Set-Cookie: a=b"], ["Transfer-Encoding: chunked"]):
        body = b"5\r\nhello\r\n0\r\n\r\n" if head == ["Transfer-Encoding: chunked"] else b"hello"
        answer = page(body, *head) if len(body) == 5 else page(body, *head).replace(b"Content-Length: 15\r\n", b"")
        with a_listener(monkeypatch, tmp_path, lambda path, line, answer=answer: line.sendall(answer)) as listener:
            into = io.BytesIO()
            assert fetch(f"https://{HOST}/絵/1.png?a=1#here", into, most_bytes=5) == 5 and into.getvalue() == b"hello"
            assert listener.asked == [f"GET /%E7%B5%B5/1.png?a=1 HTTP/1.1\r\nHost: {HOST}\r\nAccept-Encoding: identity\r\n"
                                      "User-Agent: machi\r\nAccept: */*\r\nConnection: close\r\n\r\n"]


@pytest.mark.parametrize("answer, cause", [
    *((page(b"", f"Location: {to}", status="302 Found"), Cause.MOVED) for to in (
        "https://127.0.0.1/", "https://localhost/", "http://169.254.169.254/", "/2.png", "https://pictures.example/2.png")),
    (page(b"x", status="301 Moved"), Cause.MOVED), (page(b"", status="304 Not Modified"), Cause.MOVED),
    (page(b"no", status="404 Not Found"), Cause.REFUSED), (page(b"no", status="500 Oh"), Cause.REFUSED),
    (page(b"", status="204 Empty"), Cause.REFUSED), (page(b"part", status="206 Partial"), Cause.REFUSED),
    (page(b"x" * 101), Cause.LARGE), (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 200_000, Cause.LARGE),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", Cause.SILENT), (b"", Cause.SILENT), (b"SSH-2.0\r\n", Cause.SILENT),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", Cause.LARGE), (b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 200 + b"\r\n",
    Cause.SILENT)])
def test_what_is_not_simply_given_is_refused_and_nobody_is_followed(monkeypatch, tmp_path, answer, cause):
    with a_listener(monkeypatch, tmp_path, lambda path, line: line.sendall(answer)) as listener:
        assert refused(f"https://{HOST}/1.png", most_bytes=100) is cause
        assert listener.knocks == 1


@pytest.mark.parametrize("drops", [b"H", b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\nx"])
def test_somebody_who_answers_drop_by_drop_is_hung_up_on(monkeypatch, tmp_path, drops):
    def drip(path, line):
        while True:
            line.sendall(drops)
            time.sleep(0.05)
    monkeypatch.setattr(fetching, "SECONDS", 0.6)
    with a_listener(monkeypatch, tmp_path, drip):
        begun = time.monotonic()
        assert refused(f"https://{HOST}/1.png") is Cause.SLOW and time.monotonic() - begun < 3


def test_a_resolver_that_sleeps_holds_up_nobody(monkeypatch):
    monkeypatch.setattr(fetching, "SECONDS", 0.1)
    monkeypatch.setattr(fetching, "resolve", lambda host: time.sleep(1))
    assert refused(f"https://{HOST}/1.png") is Cause.SLOW


def test_who_cannot_show_the_name_that_was_asked_for_is_not_believed(monkeypatch, tmp_path):
    with a_listener(monkeypatch, tmp_path, lambda path, line: line.sendall(page(b"x")), host="another.example") as listener:
        assert refused(f"https://{HOST}/1.png") is Cause.UNSURE and listener.asked == []
