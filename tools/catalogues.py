#!/usr/bin/env python
"""The catalogues of words. Pure Python (Babel): no msgfmt is needed.

    tools/catalogues.py add words.json      {"job.apply": ["応募する", "", "Apply"], "job.left": ["あと%(num)s日", "", ["one", "many"]]}
    tools/catalogues.py update              drop what no page and no action says any more, and sort
    tools/catalogues.py compile             write the .mo files, which the town reads
    tools/catalogues.py check               name every word that is missing, unused or not in our voice

Ids are symbolic, so Japanese, やさしい日本語 and English are equals. An empty やさしい日本語 means: the Japanese is plain already.
"""
import contextlib
import fcntl
import json
import os
import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

sys.path.insert(0, str(Path(__file__).resolve().parent))
from voice import PLACEHOLDER, complaints

BASE = Path(__file__).resolve().parent.parent
LOCALES = {"ja": "ja", "ja_Simple": "ja", "en": "en"}       # folder: what Babel knows it as
SOURCES = ("machi",)
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
JINJA = {"extensions": "jinja2.ext.do", "silent": "false", "trim_blocks": "true"}
KEYWORDS = {"_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2)}
ID = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")
HEADER = """msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: {plural}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def path(locale: str) -> Path:
    return BASE / "locale" / locale / "LC_MESSAGES" / "django.po"


def read(locale: str) -> Catalog:
    if not path(locale).exists():
        return Catalog(locale=LOCALES[locale], charset="utf-8")
    with path(locale).open("rb") as file:
        return read_po(file, locale=LOCALES[locale])


def write(locale: str, catalogue: Catalog) -> None:
    """In one step, so that nobody ever reads half a catalogue."""
    path(locale).parent.mkdir(parents=True, exist_ok=True)
    new = path(locale).with_suffix(f".{os.getpid()}")
    with new.open("wb") as file:
        file.write(HEADER.format(language=locale, plural=catalogue.plural_forms).encode())
        write_po(file, catalogue, width=0, sort_output=True, no_location=True, omit_header=True, ignore_obsolete=True)
    new.replace(path(locale))


@contextlib.contextmanager
def alone():
    """Several people add words at the same time; each waits for the one before."""
    (BASE / "locale").mkdir(exist_ok=True)
    with (BASE / "locale/.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def used() -> Catalog:
    """Every id that a page or an action says."""
    found = Catalog(locale="ja", charset="utf-8")
    options = {pattern: JINJA for pattern, method in METHODS if method == "jinja2"}
    for source in SOURCES:
        for _file, _line, message, _notes, _context in extract_from_dir(BASE / source, METHODS, options, KEYWORDS):
            key = message[0] if isinstance(message, tuple) else message
            if known := found.get(key):
                message = known.id if isinstance(known.id, tuple) else message      # once plural, always plural
                found.delete(key)
            found.add(message)
    return found


def add(words: dict) -> list[str]:
    """Add or replace texts; returns what stood there before, and what our voice would change. Refuses a text that would break a page."""
    broken = [f"{key}: {fault}" for key, texts in words.items() for fault in _faults(key, texts)]
    if broken:
        sys.exit("\n".join(broken))
    with alone():
        catalogues = {locale: read(locale) for locale in LOCALES}
        was = [f"{key}: it was {old.string!r}" for key, texts in words.items()
               if (old := catalogues["ja"].get(key)) and old.string not in (texts[0], _tuple(texts[0], catalogues["ja"]))]
        for key, texts in words.items():
            plural = isinstance(texts[2], list)
            for catalogue, text in zip(catalogues.values(), texts, strict=True):
                catalogue.delete(key)
                catalogue.add((key, key) if plural else key, _tuple(text, catalogue) if plural else text)
        for locale, catalogue in catalogues.items():
            write(locale, catalogue)
    return was + [f"{key}: {fault}" for key, texts in words.items() for fault in _voice(*texts)]


def _tuple(text, catalogue):
    return tuple(text) if isinstance(text, list) else (text,) * catalogue.num_plurals


def _voice(japanese, simple, english):
    return complaints(japanese, simple or japanese, " ".join(english) if isinstance(english, list) else english)


def _faults(key, texts):
    if not ID.fullmatch(key):
        yield "an id looks like room.thing"
    if not isinstance(texts, list) or len(texts) != 3:
        yield "three texts are needed: 日本語, やさしい日本語, English"
        return
    japanese, simple, english = texts
    forms = [japanese, *([simple] if simple else []), *(english if isinstance(english, list) else [english])]
    if not all(isinstance(form, str) and form.strip() for form in forms):
        yield "日本語 and English may not be empty"
        return
    wanted = set(PLACEHOLDER.findall(japanese))
    for form in forms:
        if not set(PLACEHOLDER.findall(form)) == wanted and not (isinstance(english, list) and form == english[0]):
            yield f"other placeholders than in Japanese: {form}"
        if "%" in PLACEHOLDER.sub("", form).replace("%%", ""):
            yield f"a bare % (write %% in a text that a template says, or pass it in): {form}"
        if re.search(r"[<&]", form):
            yield f"markup: {form}"


def update() -> None:
    with alone():
        wanted = used()
        for locale in LOCALES:
            old, new = read(locale), Catalog(locale=LOCALES[locale], charset="utf-8")
            for message in wanted:
                if message.id:
                    known = old.get(_key(message))
                    new.add(message.id, known.string if known and type(known.id) is type(message.id) else None)
            write(locale, new)


def compile_all() -> None:
    with alone():
        for locale in LOCALES:
            catalogue = read(locale)
            for message in catalogue:
                if message.id and not _forms(message):
                    message.string = ""             # else an empty plural would speak its own id, and ja is never asked
            new = path(locale).with_suffix(".mo.new")
            with new.open("wb") as file:
                write_mo(file, catalogue)
            new.replace(path(locale).with_suffix(".mo"))


def _key(message):
    return message.id[0] if isinstance(message.id, tuple) else message.id


def _forms(message):
    return [form for form in (message.string if isinstance(message.string, tuple) else (message.string,)) if form]


def problems(catalogues=None, template=None):
    """Every id that is missing, unused, empty, unlike its Japanese, or not in our voice, as sentences."""
    template = template or used()
    catalogues = catalogues or {locale: read(locale) for locale in LOCALES}
    wanted = {_key(message): isinstance(message.id, tuple) for message in template if message.id}
    texts = {locale: {_key(m): _forms(m) for m in catalogue if m.id} for locale, catalogue in catalogues.items()}
    for locale, catalogue in catalogues.items():
        have = {_key(m): m for m in catalogue if m.id}
        yield from (f"{locale}: {key} is used but not in the catalogue" for key in sorted(wanted.keys() - have.keys()))
        yield from (f"{locale}: {key} is in the catalogue but not used" for key in sorted(have.keys() - wanted.keys()))
        for key, message in have.items():
            if locale != "ja_Simple" and len(_forms(message)) != (catalogue.num_plurals if isinstance(message.id, tuple) else 1):
                yield f"{locale}: {key} has no words"
            if wanted.get(key, isinstance(message.id, tuple)) != isinstance(message.id, tuple):
                yield f"{locale}: {key} is plural in the pages and not in the catalogue, or the other way round"
    for key in sorted(texts["ja"].keys() & texts["en"].keys()):
        japanese, simple, english = (texts[locale].get(key) or [""] for locale in LOCALES)
        for fault in _faults(key, [japanese[0] or "?", simple[0], english if len(english) > 1 else english[0] or "?"]):
            yield f"{key}: {fault}"
        for fault in complaints(japanese[0], simple[0] or japanese[0], " ".join(english)):
            yield f"{key}: {fault}"


def main(*arguments: str) -> int:
    match arguments:
        case ["add", *files] if files:
            for file in files:
                print("\n".join(add(json.loads(sys.stdin.read() if file == "-" else Path(file).read_text()))) or "added")
        case ["update"]:
            update()
        case ["compile"]:
            compile_all()
        case ["check"]:
            found = list(problems())
            print("\n".join(found) or "every word is in its place")
            return 1 if found else 0
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
