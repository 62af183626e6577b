"""A whole life with a canary in every personal word, and where to look for one afterwards: the database, the disk, the mails.

Where no word can stand there is another sign: a reading in kana, the number of an account, the address of a network."""
import base64
import datetime
import json
import re
import zipfile
from pathlib import Path
from urllib.parse import quote

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models
from django.urls import reverse
from psycopg import sql

from machi.accounts.actions import describe_client, introduce, vouch_for_address
from machi.accounts.models import User
from machi.accounts.queries import party_of
from machi.contracts.actions import (
    accept_delivery,
    accept_offer,
    agree_on_date,
    ask_changes,
    ask_for_date,
    deliver,
    fund,
    give_bonus,
    make_offer,
)
from machi.contracts.models import Contract
from machi.documents.actions import make_papers
from machi.files.storing import shown, store_all
from machi.journey.actions import answer, choose_wishes, set_target
from machi.messaging.actions import send_message
from machi.messaging.queries import thread_about
from machi.notifications.actions import choose_mail, send_waiting
from machi.notifications.models import Notice
from machi.organisations.actions import accept, invite, mail_invitations
from machi.payments.actions import name_bank_account
from machi.portfolio.actions import add_piece
from machi.privacy.actions import ask_for_export, make_exports
from machi.privacy.belongings import Fate, belongings
from machi.profiles.actions import (
    add_career,
    add_certificate,
    add_hobby,
    add_language,
    add_skill,
    add_strength,
    keep_unsaved,
    say_availability,
    say_pay,
    write_conditions,
    write_names,
    write_profile,
)
from machi.proposals.actions import decline, save_draft, submit
from machi.reviews.actions import issue_record, say_thanks, write_review
from machi.shared import clock
from machi.shared.money import Yen
from machi.taxes.actions import say_tax_standing
from machi.taxonomy.models import Skill
from machi.web.pages.demo.mailbox import mails
from tests import database
from tests.files.drawn import a_pdf
from tests.people import a_client, a_job, a_person, an_organisation, payday, with_bank_account
from tests.privacy import other_work
from tests.settings import HOME
from tests.web.contracts.walking import signed_in, upload

CANARY = "kanari"
KANA, NUMBER, NETWORK = "ミヤコドリ", "8301946", "203.0.113.77"         # of nobody else in any town
ADDRESS, LINK = f"{CANARY}@example.org", f"https://{CANARY}.example/"
BANK = {"bank_code": "0005", "branch_code": "001", "kind": "1", "number": NUMBER, "holder_kana": KANA}
KINDLY = "ていねいなお仕事でした"                      # what somebody wrote about another: it stays


class Life:
    """One finished contract between a worker and a client, and much around it. `of` is the one whose words carry the canary."""

    def __init__(self, of: str):
        self.of = of
        Notice.objects.filter(mailed_at=None).update(mailed_at=clock.now())    # so that `send_waiting` gets to all of this life
        self.worker = a_person(self._word("worker", "old-name"))
        introduce(by=self.worker, display_name=self._word("worker", "name"))
        self.worker.refresh_from_db()
        self.client = a_client("みなと応援会")
        User.objects.filter(pk=self.leaver.pk).update(email=ADDRESS)    # no deed leads to an address but a code that was mailed there
        self.leaver.refresh_from_db()
        if of == "client":
            describe_client(party=party_of(self.client), by=self.client, name=f"{CANARY}-party", address=f"{CANARY}-address",
                            contact=f"{CANARY}@example.jp", trade="sole", has_employees=True, is_withholding_agent=False)
            introduce(by=self.client, display_name=f"{CANARY}-client")
            self.client.refresh_from_db()
        for person in (self.worker, self.client):
            vouch_for_address(user=person)
        self.other = a_person("となりの人")
        self._keep_a_page(self.leaver)
        self._live()
        other_work.live(self, CANARY)
        self._join_others(self.leaver)
        self._sign_in()
        self._fill_the_rest()
        send_waiting(at_most=500)
        ask_for_export(by=self.leaver)
        make_exports()

    @property
    def leaver(self) -> User:
        return getattr(self, self.of)

    @property
    def stayer(self) -> User:
        return self.client if self.of == "worker" else self.worker

    @property
    def of_the_two(self) -> dict:
        """Papers of either. Others, who took over from them or from whom they took over, are still here and keep their copies."""
        return {"holder__person__in": [self.leaver, self.stayer]}

    def _word(self, who: str, word: str) -> str:
        return f"{CANARY}-{word}" if who == self.of else f"ただの言葉 {word}"

    def _keep_a_page(self, me: User) -> None:
        """Everything that can stand on one's own page, and what is for nobody else's eyes."""
        with shown(upload(f"{CANARY}-piece.pdf", a_pdf())) as [file]:
            piece = add_piece(by=me, title=f"{CANARY}-piece", part=f"{CANARY}-part", link=LINK, topics=[f"{CANARY}-piece-topic"], file=file,
                              alt=f"{CANARY}-alt")
        add_strength(by=me, statement=f"{CANARY}-strength", evidence=f"{CANARY}-evidence", evidence_link=LINK, hand_me=f"{CANARY}-hand",
                     evidence_piece_id=piece.pk)
        add_hobby(by=me, topic=f"{CANARY}-hobby-topic", years=3, depth="doing", note=f"{CANARY}-hobby", evidence_link=LINK)
        add_career(by=me, role=f"{CANARY}-role", years=3, note=f"{CANARY}-career")
        add_skill(by=me, skill=Skill.objects.order_by("code").first(), level="alone")
        add_certificate(by=me, name=f"{CANARY}-paper", issuer=f"{CANARY}-school")
        add_language(by=me, name=f"{CANARY}-tongue", level="work")
        write_profile(by=me, headline=f"{CANARY}-headline", about=f"{CANARY}-about", conditions=f"{CANARY}-conditions")
        keep_unsaved(by=me, place="about", values={"about": f"{CANARY}-unsaved"})
        write_names(by=me, call_name=me.display_name, call_reading=KANA, legal_name=f"{CANARY}-legal", legal_reading=KANA)
        write_conditions(by=me, hours=10, conditions=f"{CANARY}-condition", slack_days=3)
        say_pay(by=me, amount_yen=1500)
        say_availability(by=me, standing="open")
        say_tax_standing(by=me, kind="person", has_employees=False, number=f"T100000{NUMBER}", valid_from=clock.today())
        choose_wishes(by=me, kinds=["loved"])
        set_target(by=me, monthly=Yen(150_000), months=6, aside_percent=20, savings=None)
        answer(by=me, question="asked", text=f"{CANARY}-answer")
        choose_mail(by=me, kinds_wanted={"contract.offer", "contract.formed", "contract.message", "proposal.arrived"})

    def _live(self) -> None:
        worker, client = self.worker, self.client
        word = self._word
        name_bank_account(by=worker, **BANK) if self.of == "worker" else with_bank_account(worker)
        save_draft(job=a_job(client, title=word("client", "title-1")), by=worker, message=word("worker", "draft"))
        post = a_job(client, title=word("client", "title-2"), body=word("client", "body"), outcome=word("client", "outcome"),
                     topic=word("client", "post-topic"))
        waiting = submit(job=post, by=self.other, message="お願いします")
        decline(proposal=waiting, by=client, reason="topic", words=word("client", "reason"))
        submit(job=post, by=worker, message=word("worker", "proposal"))
        a_job(client, published=False, title=word("client", "draft"), topic=word("client", "draft-topic"))
        self.contract = self._contract()

    def _contract(self) -> Contract:
        """From the application to the bank, with a change, a file, letters, reviews and thanks."""
        worker, client, word = self.worker, self.client, self._word
        job = a_job(client, title="夏まつりの記事", body=word("client", "work"), outcome=word("client", "form"))
        offer = make_offer(proposal=submit(job=job, by=worker, message=word("worker", "chosen")), by=client)
        contract = accept_offer(offer=offer, by=worker, terms_hash=offer.terms_hash)
        fund(contract=contract, by=client)
        milestone = contract.milestones.get()
        thread = thread_about(contract.reference, worker)
        for who, body in ((worker, word("worker", "letter")), (client, word("client", "letter"))):
            send_message(thread=thread, by=who, body=body, key=f"k{who.pk}", title=contract.title)
        request = ask_for_date(milestone=milestone, by=self.leaver, wished_on=milestone.due_on + datetime.timedelta(days=3),
                               words=f"{CANARY}-date")
        agree_on_date(request=request, by=self.stayer)
        deliver(milestone=milestone, by=worker, text=word("worker", "delivery"), ai_note=word("worker", "ai"),
                files=store_all([upload(f"{word('worker', 'file')}.txt", f"{word('worker', 'content')}".encode())]))
        ask_changes(milestone=milestone, by=client, points=word("client", "points"))
        milestone.refresh_from_db()
        deliver(milestone=milestone, by=worker, text=word("worker", "again"), ai_note="なし")
        accept_delivery(milestone=milestone, by=client)
        write_review(contract=contract, by=worker, again="yes", text=KINDLY if self.of == "worker" else f"{CANARY}-about-you")
        write_review(contract=contract, by=client, again="yes", text=KINDLY if self.of == "client" else f"{CANARY}-about-you")
        say_thanks(contract=contract, by=client, text=KINDLY if self.of == "client" else f"{CANARY}-thanks")
        give_bonus(contract=contract, by=client, price=Yen(500), key="k", words=KINDLY if self.of == "client" else f"{CANARY}-gift")
        milestone.refresh_from_db()
        with clock.moved(to=datetime.datetime.combine(milestone.pay_on, datetime.time(10), clock.JAPAN)):
            payday()
        while make_papers():
            pass
        contract.refresh_from_db()
        return contract

    def _join_others(self, me: User) -> None:
        """One organisation has asked them and they came; another one waits for an answer."""
        ours, theirs = ((keeper := a_person(f"世話役 {name}"), an_organisation(keeper, name)) for name in ("みなと出版", "みなと放送"))
        accept(invitation=invite(party=ours[1], by=ours[0], email=ADDRESS, powers=["member"]), by=me)
        invite(party=theirs[1], by=theirs[0], email=ADDRESS, powers=["member"])
        mail_invitations()

    def _sign_in(self) -> None:
        """On a device, with a second key; what they take off their page waits in the session, for a change of mind."""
        if self.of == "worker":
            issue_record(by=self.leaver, called=f"{CANARY}-called")
        Authenticator.objects.create(user=self.leaver, type="totp", data={"secret": f"{CANARY}-secret"})
        self.browser = signed_in(self.leaver)
        self.browser.defaults["REMOTE_ADDR"] = NETWORK
        self.browser.get("/home/", headers={"user-agent": f"{CANARY}-browser"})
        entry = add_strength(by=self.leaver, statement=f"{CANARY}-removed")
        self.browser.post(reverse("profiles:remove", args=["strength", entry.pk]))

    def _fill_the_rest(self) -> None:
        """Whatever word of theirs has no canary yet gets one: also in tables that were not there when this was written."""
        User.objects.filter(pk=self.leaver.pk).update(language="ja", name_reading=KANA)
        self.leaver.refresh_from_db()
        for one in belongings().values():
            if one.fate == Fate.STAY or one.label in ("jobs.Job", "accounts.User", "contracts.Talk"):       # the words of a talk stay
                continue
            for field in (field for field in one.table._meta.local_concrete_fields if field in one.emptied() and not _is_unique(field)):
                if isinstance(field, models.CharField | models.TextField) and (field.max_length or 99) > 12 and "kind" not in field.name:
                    word = (LINK if field.name.endswith("link") else KANA if field.name.endswith(("reading", "kana"))
                            else f"{CANARY}-{field.name}")
                    one.owned_by(self.leaver).update(**{field.name: word[:field.max_length]})


def restored(rows: dict[str, bytes]) -> None:
    """Yesterday's backup is put back: every table as it was."""
    with database.as_superuser() as db:
        db.execute("SET session_replication_role = replica")
        for table, content in rows.items():
            db.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
            with db.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as copy:
                copy.write(content)


def backup() -> dict[str, bytes]:
    """Every row of every table."""
    with database.as_superuser() as db:
        tables = [name for (name,) in db.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")]
        kept = {}
        for table in tables:
            with db.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as copy:
                kept[table] = b"".join(bytes(part) for part in copy)
        return kept


def tells(words: str) -> bool:
    """Does a sign stand in this?"""
    return bool(SIGN.search(words.encode()))


def where(*words: str) -> list[str]:
    """Every place in which one of these words stands, or any sign: a row, a session, a file, a mail. The bank's own file is the bank's.

    What is packed or signed is opened: sessions, the text of a record (base64), an export. What is sealed is not."""
    sign, found = _sign(*words) if words else SIGN, []
    for table, content in backup().items():
        found += [f"{table}: {line.decode(errors='replace')[:300]}" for line in content.splitlines() if sign.search(line)]
    found += [f"django_session: {said}" for one in Session.objects.order_by("pk") if sign.search((said := str(one.get_decoded())).encode())]
    for file in sorted(Path(HOME).rglob("*")):
        if file.is_file() and Path(settings.BANK_FOLDER) not in file.parents and (sign.search(file.name.encode()) or _holds(file, sign)):
            found.append(f"file {file.relative_to(HOME)}")
    return found + [f"mail to {mail.to}: {mail.subject}" for mail in mails() if sign.search(f"{mail.to}{mail.subject}{mail.text}".encode())]


def _sign(*words: str) -> re.Pattern:
    """Words as they may be held: as they are, as an address or a JSON spells them, as bytes in hex, and within a text of base64,
    wherever in it a word begins. Digits alone are a sign only where they are not a part of more."""
    ways = []
    for word in words:
        alone = "(?<![0-9A-Za-z])%s(?![0-9A-Za-z])" if word.isdigit() else "%s"
        ways += [(alone % re.escape(plain)).encode() for plain in {word, quote(word), json.dumps(word)[1:-1]}]
        said = word.encode()
        ways.append(said.hex().encode())
        ways += [base64.urlsafe_b64encode(bytes(before) + said)[-(-before * 8 // 6):(before + len(said)) * 8 // 6] for before in range(3)]
    return re.compile(b"|".join(ways))


def _holds(file: Path, sign: re.Pattern) -> bool:
    if not zipfile.is_zipfile(file):
        return bool(sign.search(file.read_bytes()))
    with zipfile.ZipFile(file) as parts:
        return any(sign.search(parts.read(name)) for name in parts.namelist())


SIGNS = (CANARY, KANA, NUMBER, NETWORK)
SIGN = _sign(*SIGNS)


def _is_unique(field) -> bool:
    """Of such a column two rows cannot have one word: whoever makes them gives each its own (other_work.py)."""
    rules = (rule for rule in field.model._meta.constraints if isinstance(rule, models.UniqueConstraint))
    return field.unique or any(field.name in rule.fields for rule in rules)
