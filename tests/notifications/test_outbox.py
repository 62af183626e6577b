"""Notices and their mails: told once, never at night when they disappoint, and one bad letter stops nobody else's."""
import datetime
import smtplib

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail.backends import locmem

from machi.accounts.actions import forget_former_addresses, note_address_given_up
from machi.accounts.models import FormerAddress
from machi.notifications.actions import choose_mail, mark_all_read, mark_read, queue, send_waiting
from machi.notifications.kinds import KINDS
from machi.notifications.models import Notice
from machi.notifications.queries import mail_choices, notices_of, unread_count
from machi.shared import clock
from tests.people import a_person

pytestmark = pytest.mark.django_db


def tell(user, kind: str = "contract.escrowed", about: str = "contract:7") -> Notice:
    return queue(to=user, kind=kind, about=about, job="試合の記事", gross_yen=11_000, due_on=datetime.date(2026, 12, 15), n=3, k=1, m=2,
                 name_person="あおい", reason_word="reason.topic")


# ---- when ------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("told_at", "mailed_from"), [
    ("2026-12-01 07:59:59", "2026-12-01 08:00:00"), ("2026-12-01 08:00:00", "2026-12-01 08:00:00"),
    ("2026-12-01 12:30:00", "2026-12-01 12:30:00"), ("2026-12-01 20:59:59", "2026-12-01 20:59:59"),
    ("2026-12-01 21:00:00", "2026-12-02 08:00:00"), ("2026-12-31 23:00:00", "2027-01-01 08:00:00"),
    ("2028-02-28 23:00:00", "2028-02-29 08:00:00"), ("2026-12-02 00:00:00", "2026-12-02 08:00:00")])
def test_a_disappointment_waits_for_the_morning(clock_stands_at, told_at, mailed_from):
    told, mailed = (datetime.datetime.fromisoformat(text).replace(tzinfo=clock.JAPAN) for text in (told_at, mailed_from))
    clock_stands_at(told)

    assert tell(a_person(), "proposal.not_chosen").mail_from == mailed
    assert tell(a_person()).mail_from == told, "good news waits for nothing"


def test_every_answer_that_disappoints_waits_and_nothing_else_does():
    assert {kind for kind, words in KINDS.items() if words.waits_for_morning} == {
        kind for kind in KINDS if kind.startswith((
            "proposal.not_chosen", "proposal.nobody_chosen", "proposal.closed_by_town", "organisation.removed", "entry.not_chosen",
            "entry.nobody_chosen"))
        or kind in ("contract.end_notice", "contract.end_reason_told", "contract.stand_in_declined", "week.not_covered",
                    "answers.refused", "appeal.upheld")}


def test_a_mail_leaves_when_its_time_has_come_and_once(clock_stands_at):
    night = datetime.datetime(2026, 12, 1, 23, 0, tzinfo=clock.JAPAN)
    clock_stands_at(night)
    notice = tell(a_person(), "proposal.not_chosen")
    clock_stands_at(notice.mail_from - datetime.timedelta(seconds=1))
    assert send_waiting() == 0

    clock_stands_at(notice.mail_from)
    assert (send_waiting(), send_waiting()) == (1, 0)
    assert [message.to for message in mail.outbox] == [[notice.user.email]]


# ---- what ------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("language", ["ja", "ja-simple", "en", ""])
def test_a_mail_speaks_the_language_of_its_reader_with_every_gap_filled(language):
    person = a_person("あおい", language=language)
    tell(person)

    send_waiting()
    letter = mail.outbox[0]
    assert "%" not in letter.subject + letter.body and "\n" not in letter.subject
    assert "11,000 yen" in letter.body if language == "en" else "11,000円" in letter.body
    assert f"/notices/{Notice.objects.get().pk}/" in letter.body and "/notices/mail/" in letter.body


def test_a_title_with_a_line_break_and_a_percent_sign_is_only_a_title():
    queue(to=a_person(), kind="proposal.not_chosen", about="proposal:1", job="100%の\nBcc: thief@example.com", n=1, k=1, m=1,
          name_person="あおい\r\nX: y", reason_word="reason.topic")
    with clock.moved(by=datetime.timedelta(days=1)):
        assert send_waiting() == 1

    assert "\n" not in mail.outbox[0].subject and mail.outbox[0].recipients() == mail.outbox[0].to


def test_kinds_that_only_stand_in_the_list_are_not_mailed():
    assert tell(a_person(), "payout.sending").mail_from is None
    assert send_waiting() == 0


# ---- who does not want it --------------------------------------------------------------------------------------------

def test_a_silenced_kind_stands_in_the_list_and_is_not_mailed():
    person = a_person()
    choose_mail(by=person, kinds_wanted=set(KINDS) - {"contract.escrowed"})
    tell(person)
    tell(person, "contract.formed")

    assert send_waiting() == 1
    assert send_waiting() == 0
    assert notices_of(person).count() == 2
    assert mail_choices(person)["contract.escrowed"] is False and mail_choices(person)["contract.formed"] is True
    choose_mail(by=person, kinds_wanted=set(KINDS))
    assert all(mail_choices(person).values())


# ---- what goes wrong -------------------------------------------------------------------------------------------------

class Refusing(locmem.EmailBackend):
    """A mail server that refuses one address, and is sometimes away."""

    refused, trouble = "", smtplib.SMTPRecipientsRefused

    def send_messages(self, messages):
        if self.refused in messages[0].to[0]:
            raise self.trouble({})
        return super().send_messages(messages)


@pytest.mark.parametrize("trouble", [
    smtplib.SMTPRecipientsRefused, smtplib.SMTPServerDisconnected, ConnectionRefusedError, TimeoutError])
def test_an_address_that_is_refused_holds_up_nobody_else_and_stands_in_no_log(settings, monkeypatch, caplog, trouble):
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    first, second = a_person(), a_person()
    monkeypatch.setattr(Refusing, "refused", first.email)
    monkeypatch.setattr(Refusing, "trouble", trouble)
    for person in (first, second):
        tell(person)

    assert send_waiting() == 1
    assert [message.to for message in mail.outbox] == [[second.email]]
    assert "could not be sent" in caplog.text and first.email not in caplog.text
    monkeypatch.setattr(Refusing, "refused", "nobody")
    assert send_waiting() == 0, "tried again in a quarter of an hour"
    with clock.moved(by=datetime.timedelta(minutes=15)):
        assert send_waiting() == 1


def test_where_money_goes_is_told_to_every_address_also_to_one_that_was_just_given_up(settings, monkeypatch):
    person = a_person()
    EmailAddress.objects.bulk_create(EmailAddress(user=person, email=email, verified=is_verified) for email, is_verified in (
        (person.email, True), ("own@example.jp", True), ("typed@example.jp", False)))
    note_address_given_up(person=person, email="Before@example.jp")
    words = {"bank": "三菱ＵＦＪ", "when_at": clock.now()}
    queue(to=person, kind="account.bank_changed", about=f"user:{person.pk}", **words)
    queue(to=person, kind="account.new_device", about=f"user:{person.pk}", device="Safari", when_at=clock.now())

    assert send_waiting() == 2
    assert [letter.to for letter in mail.outbox] == [[person.email], ["own@example.jp"], ["before@example.jp"], [person.email]]
    mail.outbox.clear()
    with clock.moved(by=datetime.timedelta(days=14, seconds=1)):
        queue(to=person, kind="account.bank_changed", about=f"user:{person.pk}", **words)
        send_waiting()
        assert [letter.to for letter in mail.outbox] == [[person.email], ["own@example.jp"]]
        assert (forget_former_addresses(), FormerAddress.objects.exists()) == (1, False)

    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    monkeypatch.setattr(Refusing, "refused", "own@")
    queue(to=person, kind="account.bank_changed", about=f"user:{person.pk}", **words)
    assert (send_waiting(), send_waiting()) == (1, 0), "an address that takes nothing holds up nothing"


@pytest.mark.parametrize("poison", [
    {"kind": "no.such.kind"}, {"words": {}}, {"words": {"job": "x", "gross_yen": "many", "due_on": "never"}}])
def test_a_notice_that_cannot_be_written_holds_up_nobody_else(poison):
    first, second = a_person(), a_person()
    Notice.objects.filter(pk=tell(first).pk).update(**poison)
    tell(second)

    assert send_waiting() == 1
    assert [message.to for message in mail.outbox] == [[second.email]]


# ---- the list --------------------------------------------------------------------------------------------------------

def test_a_notice_is_read_by_its_person_only():
    person, stranger = a_person(), a_person()
    notice = tell(person)
    tell(person)

    mark_read(by=stranger, notice=notice)
    mark_all_read(by=stranger)
    assert unread_count(person) == 2
    mark_read(by=person, notice=notice)
    read_at = Notice.objects.get(pk=notice.pk).read_at
    mark_read(by=person, notice=notice)
    assert unread_count(person) == 1 and Notice.objects.get(pk=notice.pk).read_at == read_at
    mark_all_read(by=person)
    assert unread_count(person) == 0


def test_the_bell_counts_to_a_hundred():
    person = a_person()
    Notice.objects.bulk_create(
        Notice(user=person, kind="contract.formed", about="x", created_at=clock.now()) for _number in range(120))

    assert unread_count(person) == 100
