"""What people do in the town, step by step: each function is something somebody would tell another person they did."""
import datetime
import re

from tests.stories.person import Person
from tests.stories.words import say


def join(person: Person) -> None:
    """An address, a code, a name: three screens (F06)."""
    person.enter()
    person.press(say("front.join"))
    person.fill(say("account.email"), person.email)
    person.pick(say("signup.adult"))
    person.pick(say("signup.agrees"))
    person.press(say("signup.go"))
    type_code(person, say("account.code.go"))
    person.see(say("signup.name.title"))
    person.fill(say("me.name.label"), person.name)
    person.press(say("signup.name.go"))
    person.see(say("wishes.title"))
    person.press(say("wishes.skip"))
    person.see(say("home.todo"))


def go_home(person: Person) -> None:
    person.enter()
    person.press(say("front.home"))
    person.see(say("home.todo"))


def write_career(person: Person, role: str, category: str, years: int) -> None:
    _my_page(person)
    person.press(say("me.career.add"))
    person.fill(say("me.role.label"), role)
    person.choose(say("me.category.label"), category)
    person.fill(say("me.career_years.label"), str(years))
    person.press(say("me.save"))
    person.see(role)


def write_hobby(person: Person, topic: str, years: int, depth: str) -> None:
    """A hobby is knowledge (F23)."""
    _my_page(person)
    person.press(say("me.hobby.add"))
    person.fill(say("me.topic.label"), topic)
    person.fill(say("me.hobby_years.label"), str(years))
    person.pick(depth)
    person.press(say("me.save"))
    person.see(topic)


def write_strength(person: Person, statement: str, evidence: str, hand_me: str) -> None:
    """What one is good at, what shows it, what one can be handed (F20)."""
    _my_page(person)
    person.press(say("me.strength.add"))
    person.fill(say("me.statement.label"), statement)
    person.fill(say("me.evidence.label"), evidence)
    person.fill(say("me.hand_me.label"), hand_me)
    person.press(say("me.save"))
    person.see(statement, evidence)


def post_job(client: Person, job: dict, today: datetime.date, *, is_stopped: bool = False) -> None:
    """Six short screens, a preview, and the post is open (F42's honest items, F69, F88)."""
    go_home(client)
    client.press(say("front.give"))
    client.choose(say("job.category.label"), job["category"])
    client.press(say("post.save_on"))
    client.fill(say("job.title.label"), job["title"])
    client.fill(say("job.body.label"), job["body"])
    client.fill(say("job.outcome.label"), job["outcome"])
    client.fill(say("job.topic.label"), job["topic"])
    client.press(say("post.save_on"))
    client.fill(say("job.reward.one"), job["reward"])
    client.fill(say("job.hours.label"), "4")
    client.press(say("post.save_on"))
    client.fill(say("job.closes_on.label"), (today + datetime.timedelta(days=3)).isoformat())
    client.fill(say("job.due_on.label"), (today + datetime.timedelta(days=14)).isoformat())
    client.fill(say("job.seats.label"), str(job["seats"]))
    client.fill(say("job.newcomer_seats.label"), str(job["newcomer_seats"]))
    client.press(say("post.save_on"))
    say_how_and_who(client)
    client.see(job["title"], say("words.stop") if is_stopped else say("post.publish"))


def say_how_and_who(client: Person) -> None:
    """The last two screens of a post: how the work is done, and who gives it."""
    client.pick(say("job.sync.none"))
    client.fill(say("job.place.label"), "自宅など、どこでも")
    client.pick(say("job.ai.declared"))
    client.press(say("post.save_on"))
    client.fill(say("client.name.label"), client.name)
    client.fill(say("client.address.label"), "みなと県かもめ市港町1-2-3")
    client.fill(say("client.contact.label"), client.email)
    client.pick(say("job.client.company"))
    client.pick(say("client.employees.label"))
    client.pick(say("client.withholding.label"))
    client.press(say("post.save_on"))


def publish(client: Person) -> None:
    client.press(say("post.publish"))


def apply(worker: Person, title: str, message: str) -> None:
    """Find the post, read it, write, send (F43)."""
    worker.enter()
    worker.press(say("front.newest.all"))
    worker.follow(title)
    worker.press(say("apply.go"))
    worker.fill(say("apply.message.label"), message)
    worker.press(say("apply.send"))
    worker.see(message[:12])


def read_applicants(client: Person) -> None:
    go_home(client)
    client.press(say("home.applicants.go"))


def choose(client: Person, worker: Person) -> None:
    read_applicants(client)
    client.press(say("choose.go"), about=worker.name)
    client.press(say("choose.send"))


def decline(client: Person, worker: Person, reason: str, words: str) -> None:
    """A kind reason from a short list, and words of one's own (F36)."""
    read_applicants(client)
    client.press(say("decline.go"), about=worker.name)
    client.pick(reason)
    client.fill(say("answer.words.label"), words)
    client.press(say("decline.send"))


def open_mail(person: Person, subject_id: str, **gaps) -> None:
    """Read the newest letter about something, and follow its one link."""
    subject = max(re.split(r"%\(\w+\)s", say(subject_id)), key=len)         # what stands around the name of the job
    link = re.search(r"http://localhost:\d+/notices/\d+/", person.mail(subject, **gaps))
    person.open(link.group())


def accept_offer(worker: Person) -> None:
    open_mail(worker, "mail.offer.subject")
    worker.press(say("offer.accept.deed"))
    worker.see(say("standing.agreed.worker"))


def fund(client: Person, worker: Person, gross: str) -> None:
    """The page names the sum before the button does."""
    open_mail(client, "notice.to_fund.subject", about=worker.name)
    client.press(say("contract.fund.go"))
    press_for_money(client, say("contract.fund.deed", gross=gross))
    client.see(say("standing.funded.client"))


def deliver(worker: Person, text: str, *, again: bool = False, file: dict | None = None) -> None:
    worker.press(say("contract.deliver.again" if again else "contract.deliver.go"))
    worker.fill(say("deliver.text"), text)
    if file:
        worker.attach(say("deliver.files"), file)
    worker.fill(say("deliver.ai_note"), "下書きの見直しにだけ使いました。")
    worker.press(say("contract.deliver.again" if again else "contract.deliver.go"))
    worker.see(say("standing.delivered.worker"))


def accept_work(client: Person) -> None:
    client.press(say("contract.accept.go"))
    press_for_money(client, say("contract.accept.deed"))
    client.see(say("standing.accepted.client"))


def type_code(person: Person, go: str) -> None:
    """The code from the newest mail."""
    person.see(say("account.code"))
    code = re.search(r"\d{4}-?\d{4}", person.mail(say("mail.code.subject")))
    person.fill(say("account.code"), code.group())
    person.press(go)


def prove(person: Person) -> None:
    """Show once more who one is, by a code that is mailed."""
    person.press(say("account.again.send"))
    type_code(person, say("account.again.go"))


def press_for_money(person: Person, deed: str) -> None:
    """Whoever has not shown for a while who they are is asked first, and then stands before the same button again."""
    person.page.wait_for_url(re.compile("/(fund|accept)/$"))
    here = person.page.url
    person.press(deed)
    person.page.wait_for_url(lambda address: address != here)
    if "/account/again/" in person.page.url:
        prove(person)
        person.press(deed)


def name_bank_account(worker: Person, number: str, holder: str) -> None:
    worker.press(say("account.bank.go"))
    worker.press(say("account.again.go"))
    prove(worker)
    worker.fill(say("account.bank.code"), "0005")
    worker.fill(say("account.bank.branch"), "001")
    worker.pick(say("account.bank.ordinary"))
    worker.fill(say("account.bank.number"), number)
    worker.fill(say("account.bank.holder"), holder)
    worker.press(say("account.bank.deed"))
    worker.see(say("account.bank.now"))


def review(person: Person, again: str, text: str) -> None:
    person.press(say("review.go"))
    person.look()
    person.pick(again)
    person.fill(say("review.text"), text)
    person.press(say("review.deed"))


def thank(client: Person, text: str) -> None:
    client.press(say("thanks.go"))
    client.look()
    client.fill(say("thanks.text"), text)
    client.press(say("thanks.deed"))


def see_own_page(person: Person) -> None:
    """As others see it."""
    _my_page(person)
    person.press(say("me.preview"))


def _my_page(person: Person) -> None:
    go_home(person)
    person.press(say("home.page.go"))
