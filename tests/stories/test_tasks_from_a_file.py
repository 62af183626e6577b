"""A client who has never done it goes from a file to micro-tasks that are out, by clicks alone (town.md 18, W10, W15).

Ten minutes are enough. They are counted in what a person does, never by a clock on the wall, which only knows how busy this machine is: a
press, a field that is filled in, a page that is read. The paces are of somebody slow: keystroke-level models say 1.1 s to point, 0.2 s to
press, 1.35 s to think of it, and 0.28 s for a letter of whoever types little (Card, Moran, Newell 1980); of these about three times.
"""
from tests.looking import a_context
from tests.stories import doing
from tests.stories.person import Person
from tests.stories.words import say

PRESS, LETTER, THINK, READ = 4.0, 0.84, 4.0, 15.0       # seconds: a press, a letter, before a field, a page that is new
BUDGET = 600
ROWS = "番号,文,答え,理由\n" + "".join(f"{n},お店の{n}番の席は、明るいです。,,\n" for n in range(1, 31)) \
    + "g1,とても好きです。,よい,ほめている\ng2,もう来ません。,わるい,がっかりしている\n"
FILE = {"name": "口コミ.csv", "mimeType": "text/csv", "buffer": ROWS.encode("cp932")}      # as a spreadsheet in Japan saves it
TITLE = "口コミの気持ちを分ける"


class Counting(Person):
    """Counts what they do, and on how many pages."""

    def __init__(self, *values, **named):
        super().__init__(*values, **named)
        self.presses = self.fields = self.letters = 0
        self.read: set[str] = set()

    def _activate(self, target) -> None:
        self.presses += 1
        self.read.add(self.page.url)
        super()._activate(target)

    def pick(self, words: str) -> None:
        self.presses += 1
        super().pick(words)

    def choose(self, label: str, option: str) -> None:
        self.presses += 2                                   # it unfolds
        super().choose(label, option)

    def attach(self, label: str, file: dict) -> None:
        self.presses += 3                                   # the window of the machine, the file, its button
        super().attach(label, file)

    def fill(self, label: str, text: str) -> None:
        self.fields += 1
        self.letters += len(text)
        super().fill(label, text)

    @property
    def seconds(self) -> float:
        return PRESS * self.presses + THINK * self.fields + LETTER * self.letters + READ * len(self.read)


def test_from_a_file_to_tasks_that_are_out(chromium, town):
    client = Counting(a_context(chromium, town.url, width=390), town, "みなと書店", "minato-books@example.jp")
    doing.join(client)
    client.presses = client.fields = client.letters = 0     # from here on: they have a name and stand at home
    client.read.clear()

    begin(client)
    bring(client)
    ask(client)
    try_out(client)
    say_price(client)
    pay(client)

    counted = f"{client.presses} presses, {client.fields} fields with {client.letters} letters, {len(client.read)} pages"
    assert client.presses <= 30 and client.fields <= 8, f"a step more is a client less: {counted}"
    assert client.seconds <= BUDGET, counted
    assert client.complaints == []
    client.context.close()


def begin(client: Person) -> None:
    """From where every work begins."""
    doing.go_home(client)
    client.press(say("front.give"))
    client.follow(say("tasks.make.new"))
    client.fill(say("tasks.make.title.label"), TITLE)
    client.choose(say("job.category.label"), "データ入力・整理")
    client.look()
    client.press(say("post.save_on"))


def bring(client: Person) -> None:
    client.attach(say("tasks.make.file.label"), FILE)
    client.press(say("tasks.make.look"))
    client.see("お店の1番の席は", say("tasks.make.columns"))       # read in the letters in which it was written
    client.look()
    client.press(say("tasks.make.take_in"))
    client.see(say("tasks.make.taken", n=30))                  # the background has read it, and the page asked again by itself
    client.press(say("tasks.make.to_form"))


def ask(client: Person) -> None:
    """The form that the file suggests: the answers that are known are its options."""
    client.see(say("tasks.form.preview"), "よい", "わるい")
    client.fill(say("tasks.make.guide.label"), "ほめていれば「よい」です。")
    client.look()
    client.press(say("post.save_on"))


def try_out(client: Person) -> None:
    """As somebody will answer it who needs the money."""
    for _number in range(3):
        client.pick("よい")
        client.press(say("tasks.form.answer"))
    client.look()
    client.press(say("tasks.make.to_price"))


def say_price(client: Person) -> None:
    client.fill(say("tasks.make.price.label"), "10")
    client.look()
    client.press(say("post.save_on"))


def pay(client: Person) -> None:
    """Who they are, said once for all; then every part of the sum, and the one button."""
    client.fill(say("client.name.label"), client.name)
    client.fill(say("client.address.label"), "みなと県かもめ市港町1-2-3")
    client.fill(say("client.contact.label"), client.email)
    client.pick(say("job.client.company"))
    client.press(say("post.save_on"))
    client.see(say("tasks.pay.sum"))
    client.look()
    button = say("tasks.pay.publish").partition("%(gross)s")[2]
    here = client.page.url
    client.press(button)
    if "/account/again/" in client.page.url:
        doing.prove(client)
        client.press(button)
    client.page.wait_for_url(lambda address: address != here and "/run/" in address)
    client.see(TITLE, say("tasks.batch.state.open"))
    client.look()
