"""Batches that show pictures, sounds and films, as a client brings them."""
import io
import wave
import zipfile
from dataclasses import replace

from machi.files.storing import StoredFile, store_table
from machi.tasks.actions import bring_media, take_in_media
from machi.tasks.models import Batch, Piece
from tests.files.drawn import encoded, two_halves
from tests.tasks.making import a_draft, an_upload

SIGNS = {"version": 1, "parts": [
    {"kind": "image", "name": "sign", "column": "画像", "alternative": "説明"},
    {"kind": "choice", "name": "what", "label": "何の店", "options": ["パン", "花"]}]}
HEARD = {"version": 1, "parts": [{"kind": "audio", "name": "voice", "column": "画像", "transcript": "説明"}, SIGNS["parts"][1]]}


def a_png(size: tuple[int, int] = (40, 30)) -> bytes:
    return encoded(two_halves(size=size), "PNG")


def a_sound(seconds: float = 0.1) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setparams((1, 2, 8_000, 0, "NONE", ""))
        out.writeframes(b"\0\0" * int(8_000 * seconds))
    return file.getvalue()


def rows_of(*sources: str, golds: tuple[str, ...] = ()) -> bytes:
    lines = ["番号,画像,説明,答え,わけ", *(f"{number},{source},店の看板{number},," for number, source in enumerate(sources, 1)),
             *(f"g{number},{source},店の看板,パン,パンの絵があるから" for number, source in enumerate(golds, 1))]
    return "\n".join(lines).encode()


def a_draft_with(*sources: str, client=None, golds: tuple[str, ...] = (), form: dict = SIGNS, **values) -> Batch:
    return a_draft(client, data=rows_of(*sources, golds=golds), form=form, **values)


def zipped(files: dict[str, bytes], *, letters: str = "") -> bytes:
    """With `letters` as a program packs it that writes names in letters of its own, and does not say in which."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(_In(name, letters) if letters else name, data)
    return out.getvalue()


class _In(zipfile.ZipInfo):
    """A part whose name is written in these letters."""

    def __init__(self, name: str, letters: str):
        super().__init__(name)
        self._letters = letters

    def _encodeFilenameFlags(self):                 # noqa: N802 - as zipfile calls it
        return self.filename.encode(self._letters), self.flag_bits


def a_locked_zip() -> bytes:
    """It says that it has a password."""
    data = bytearray(zipped({"1.png": a_png()}))
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def stored(name: str, data: bytes) -> StoredFile:
    return replace(store_table(an_upload(data, name), "zip"), name=name)


def given(batch: Batch, files: dict[str, bytes]) -> Batch:
    bring_media(batch=batch, by=batch.by, files_=[stored(name, data) for name, data in files.items()])
    take_in_media()
    batch.refresh_from_db()
    return batch


def states(batch: Batch) -> dict[str, str]:
    return {piece.source: piece.fault or piece.state for piece in Piece.objects.filter(batch=batch, is_wanted=True)}
