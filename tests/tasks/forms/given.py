"""Forms as clients build them, items as they lie in files, and what somebody might post: for property tests."""
from hypothesis import strategies as st

from machi.tasks.forms import Form, parse
from machi.tasks.forms.parts import FILE_KINDS, LANGUAGES, PATTERNS

COLUMNS = ("文", "訳A", "訳B", "画像", "説明", "音声", "<b>列</b>")
# HTML, scripts, formulas, text that turns around, and nothing at all: always text.
CELLS = st.sampled_from(["", " ", "きょうは晴れ", "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "=1+1", "{{ 7*7 }}",
                         "שלום \u200f", "مرحبا", "x" * 10_000, "髙﨑𠮷\n二行目", "%(n)s", "https://example.jp/a?b=1&c=2", "a\tb"])
_LINE = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=30) | CELLS.map(
    lambda text: " ".join(text.split())[:60]).filter(bool)
_EMPTY_OR_LINE = st.just("") | _LINE
_OPTIONS = st.lists(_LINE, min_size=2, max_size=6, unique_by=lambda text: " ".join(text.split()))
_COLUMN = st.sampled_from(COLUMNS)
_EMPTY_OR_COLUMN = st.just("") | _COLUMN
_LANGUAGE = st.sampled_from(sorted(LANGUAGES))


def _part(kind: str, **settings):
    return st.fixed_dictionaries({"kind": st.just(kind), **settings})


def _asked(kind: str, **settings):
    return _part(kind, label=_LINE, hint=_EMPTY_OR_LINE, is_required=st.booleans(), **settings)


_IMAGE = _part("image", column=_COLUMN, label=_EMPTY_OR_LINE, alternative=_EMPTY_OR_COLUMN, alternative_text=_EMPTY_OR_LINE)
_SOUND = dict(column=_COLUMN, label=_EMPTY_OR_LINE, transcript=_EMPTY_OR_COLUMN, language=_LANGUAGE)
SHOWN = st.one_of(
    _part("words", text=_LINE), _part("cell", column=_COLUMN, label=_EMPTY_OR_LINE, language=_LANGUAGE), _IMAGE,
    _part("audio", **_SOUND), _part("video", **_SOUND), _part("link", column=_COLUMN, label=_LINE))
ASKED = st.one_of(
    _asked("choice", options=_OPTIONS | st.just([f"{n}番" for n in range(60)])),
    _asked("several", options=_OPTIONS, least=st.sampled_from([None, 0, 2]), most=st.sampled_from([None, 2])),
    _asked("text", least=st.sampled_from([None, 3]), most=st.sampled_from([10, 1_000, 10_000]), pattern=st.sampled_from(PATTERNS)),
    _asked("number", least=st.sampled_from([None, -5, 0.5]), most=st.sampled_from([None, 100]), step=st.sampled_from([None, 0.5, 2]),
           unit=st.sampled_from(["", "円", "<i>kg"])),
    _asked("scale", points=st.integers(3, 11), low=_LINE, high=_LINE),
    _asked("date", earliest=st.sampled_from([None, "2026-01-01"]), latest=st.sampled_from([None, "2026-12-31"])),
    _asked("ranking", options=_OPTIONS),
    _asked("comparison", first=st.just("訳A"), second=st.just("訳B"), shown_as=st.sampled_from(["text", "image"]),
           first_alternative=_EMPTY_OR_COLUMN, second_alternative=_EMPTY_OR_COLUMN, can_be_same=st.booleans()),
    _asked("transcription", of=st.sampled_from(["img", "snd"]), most=st.sampled_from([100, 10_000]), language=_LANGUAGE),
    _asked("boxes", of=st.just("img"), labels=_OPTIONS | _OPTIONS.map(lambda lines: lines[:1]), least=st.sampled_from([None, 1]),
           most=st.integers(1, 30)),
    _asked("file", kinds=st.lists(st.sampled_from(sorted(FILE_KINDS)), min_size=1, unique=True), most_mb=st.integers(1, 20)))
_WITH_MEDIA = [{"kind": "image", "name": "img", "column": "画像"}, {"kind": "audio", "name": "snd", "column": "音声"}]


def forms(least: int = 1, most: int = 6) -> st.SearchStrategy[Form]:
    """Any form that the builder can build, of a few parts; a picture and a sound are always among them."""
    return st.tuples(st.lists(SHOWN, max_size=3), st.lists(ASKED, min_size=least, max_size=most)).map(
        lambda both: parse({"parts": [*_WITH_MEDIA, *both[0], *both[1]]}))


def items() -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries({column: CELLS for column in COLUMNS})
