"""An archive that is sent while it is made: however much is in it, little of it is in memory."""
import io
import zipfile

from machi.shared import clock


class Sink(io.RawIOBase):
    """What was written since it was last taken."""

    def __init__(self):
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, part) -> int:
        self._parts.append(bytes(part))
        return len(part)

    def taken(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)


def entry(name: str, kind: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    """Readable by whoever unpacks it and nobody else. `kind`: ZIP_STORED for what is small already."""
    found = zipfile.ZipInfo(name, clock.now().astimezone(clock.JAPAN).timetuple()[:6])
    found.compress_type, found.external_attr = kind, 0o600 << 16
    return found
