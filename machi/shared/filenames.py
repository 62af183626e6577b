"""Names that people give, as names of files that every disk can hold."""
import re
import unicodedata

LONGEST = 80                    # letters: with four bytes each they still fit every disk
_UNSAFE = re.compile(r'[\\/:*?"<>|%\s\x00-\x1f\x7f]+')


def in_a_name(text: str, *, longest: int = LONGEST) -> str:
    """Letters that a disk or a spreadsheet could stumble over become _, what nobody sees is left out; never a way to another folder. Of a
    long name the middle gives way, so that its ending still says what it is.
    """
    visible = "".join(letter for letter in unicodedata.normalize("NFC", text) if letter.isspace() or unicodedata.category(letter)[0] != "C")
    name = _UNSAFE.sub("_", visible).strip("._ ")
    stem, dot, ending = name.rpartition(".")
    kept = f"{dot}{ending}" if stem and len(ending) <= 8 else ""
    return (name if len(name) <= longest else name[:longest - len(kept)].rstrip("._ ") + kept) or "_"
