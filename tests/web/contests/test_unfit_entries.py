"""An entry that lacks something: the sentence stands beside its field, and nothing has to be typed or chosen once more."""
import pytest

from machi.proposals.entries import Entry, EntryFile
from tests.files.drawn import encoded, two_halves
from tests.people import a_contest, a_person, an_entry
from tests.web.contracts.walking import said, signed_in, text_of, upload

pytestmark = pytest.mark.django_db


def picture(name="絵.png"):
    return upload(name, encoded(two_halves(size=(900, 600)), "PNG"))


@pytest.fixture
def writing(db):
    """Somebody writes an entry for a contest that takes files; given what they typed, what the page answers."""
    job, maker = a_contest(takes="files"), a_person()
    browser = signed_in(maker)
    address = browser.post(f"/jobs/{job.pk}/entries/").url

    def send(**typed):
        version = Entry.objects.get().version
        return browser.post(address, {"title": "灯台", "text": "港の灯台です。一筆で描きました。", "ai_note": "なし", "version": version,
                                      "read": job.version} | typed)
    return send


def beside(answer, field: str) -> str:
    """The sentence beside a field."""
    _before, found, rest = answer.content.decode().partition(f'id="id_{field}_error"')
    assert found, f"no sentence beside {field}: {text_of(answer)[:400]}"
    return rest.partition("</div>")[0]


def test_words_alone_where_a_file_is_asked_for(writing):
    answer = writing()

    assert answer.status_code == 422 and said("entry.needs_file") in beside(answer, "files")
    assert "一筆で描きました" in answer.content.decode()
    assert Entry.objects.get().state == "draft"


@pytest.mark.parametrize(("name", "content", "sentence"), [
    ("絵.exe", b"MZ\x90\x00\x03\x00\x00\x00\x04\x00" * 9, "file.other_kind"), ("空.png", b"", "file.empty")])
def test_of_several_files_the_sound_ones_stay_and_the_other_is_named(writing, name, content, sentence):
    answer = writing(files=[picture(), upload(name, content)])

    assert answer.status_code == 422 and said(sentence, name=name) in beside(answer, "files")
    assert EntryFile.objects.get().file.name == "絵.png", "nobody chooses it once more"
    assert said("entry.files.kept", names="絵.png") in text_of(answer) and said("entry.files.again", names=name) in text_of(answer)
    assert writing().status_code == 302, "what stayed is handed in with the next press"
    assert Entry.objects.get().state == "submitted" and EntryFile.objects.count() == 1


def test_a_file_that_is_too_large_is_named_with_the_limit(writing, settings):
    settings.UPLOAD_MAX_BYTES = 2_000_000
    answer = writing(files=upload("大きい.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 2_000_001))

    assert answer.status_code == 422 and said("file.too_large", name="大きい.png", mb=2) in beside(answer, "files")
    assert said("entry.files.again", names="大きい.png") in text_of(answer)


def test_more_files_than_an_entry_holds(writing):
    answer = writing(files=[picture(f"絵{number}.png") for number in range(5)])

    assert answer.status_code == 422 and said("entry.files_full", n=4) in beside(answer, "files")
    assert EntryFile.objects.count() == 4 and said("entry.files.again", names="絵4.png") in text_of(answer)


def test_a_word_on_ai_is_missing_and_the_file_stays(writing):
    answer = writing(ai_note="", files=picture())

    assert answer.status_code == 422 and said("contract.deliver.ai_needed") in beside(answer, "ai_note")
    assert EntryFile.objects.get().file.name == "絵.png" and said("entry.files.kept", names="絵.png") in text_of(answer)


def test_too_few_words_where_words_are_asked_for(db):
    job, maker = a_contest(takes="text"), a_person()
    browser = signed_in(maker)
    address = browser.post(f"/jobs/{job.pk}/entries/").url

    answer = browser.post(address, {"title": "", "text": "短い", "ai_note": "なし", "version": 1, "read": job.version})
    assert answer.status_code == 422 and said("entry.needs_text", n=10) in beside(answer, "text")
    assert "短い" in answer.content.decode()


def test_what_is_handed_in_already_stays_as_it_was_when_a_change_is_not_fit(db):
    entry = an_entry()
    answer = signed_in(entry.worker).post(f"/entries/{entry.pk}/write/", {
        "title": "新しい題", "text": "", "ai_note": "なし", "version": entry.version, "read": entry.job.version,
        "files": upload("空.png", b"")})

    assert answer.status_code == 422 and "新しい題" in answer.content.decode()
    before, version = entry.title, entry.version
    entry.refresh_from_db()
    assert (entry.title, entry.version, entry.files.count()) == (before, version, 0)
