"""Tell people, and send the mails that wait."""
import datetime
import json
import logging
from collections.abc import Iterable

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from machi.accounts.queries import other_addresses_of
from machi.notifications.kinds import KINDS
from machi.notifications.models import Notice, Silence
from machi.notifications.words import LEFT, said, subject
from machi.shared import clock

log = logging.getLogger(__name__)
MORNING, EVENING = 8, 21                            # o'clock in Japan: bad news waits outside these hours

_MANY = """
    INSERT INTO notifications_notice (kind, created_at, mail_from, user_id, about, words)
    SELECT %s, %s, %s, u.id, about, words FROM json_to_recordset(%s::json) AS t (person bigint, about text, words jsonb)
      JOIN accounts_user u ON u.id = person AND u.erased_at IS NULL"""


def queue(*, to, kind: str, about: str, **words) -> Notice | None:
    """Tell one person one matter. Joins the transaction of the deed: no deed without its notice, no notice without its deed.

    Words are numbers, texts, days and moments in ISO form; see kinds.py for how their names end.
    """
    if to.erased_at is not None:
        return None
    return Notice.objects.create(user=to, kind=kind, about=about, words=_plain(words), created_at=clock.now(), mail_from=_mail_from(kind))


def queue_many(*, kind: str, told: Iterable[tuple[int, str, dict]]) -> None:
    """Tell many people of one kind of matter, each as (number of the person, about, words). Who left for good is told nothing more."""
    with connection.cursor() as db:
        db.execute(_MANY, (kind, clock.now(), _mail_from(kind), json.dumps([
            {"person": person, "about": about, "words": _plain(words)} for person, about, words in told], ensure_ascii=False)))


def send_waiting(*, at_most: int = 100) -> int:
    """Send the mails whose time has come; return how many. Two processes share the work, no mail goes twice.

    Each mail is its own transaction: what cannot be sent is tried again in a quarter of an hour, and holds up nobody else's.
    """
    sent = 0
    for _number in range(at_most):
        with transaction.atomic():
            notice = (Notice.objects.select_for_update(skip_locked=True, of=("self",)).select_related("user")
                      .filter(mailed_at=None, mail_from__lte=clock.now()).order_by("mail_from", "id").first())
            if notice is None:
                break
            is_silent = Silence.objects.filter(user=notice.user, kind=notice.kind).exists()
            try:
                is_wanted = not is_silent or KINDS[notice.kind].is_safety
                if is_wanted and not notice.user.has_left:
                    letter = _mail(notice)
                    letter.send()
                    sent += 1
                    _tell_everywhere(notice, letter)
                notice.mailed_at = clock.now()
                notice.save(update_fields=["mailed_at"])
            except Exception as refusal:            # the mail server is away, or these words cannot be written: nobody else waits
                log.warning("the mail of notice %s could not be sent (%s)", notice.pk, type(refusal).__name__)
                notice.mail_from = clock.now() + datetime.timedelta(minutes=15)
                notice.save(update_fields=["mail_from"])
    return sent


def forget_name(*, of_users: Iterable[int], names: set[str], abouts: dict[str, set[str]]) -> int:
    """Somebody has left for good: in what the town told others their name becomes "someone who has left". Returns how many notices.

    `of_users`: everybody who dealt with them. A word goes when it is one of their names, or when the notice is about a thing
    for which `abouts` names that word.
    """
    changed = []
    for notice in Notice.objects.filter(user__in=list(of_users)).order_by("pk").iterator(chunk_size=500):
        keys = abouts.get(notice.about, set())
        words = {key: LEFT if key in keys or value in names else value for key, value in notice.words.items()}
        if words != notice.words:
            notice.words = words
            changed.append(notice)
    Notice.objects.bulk_update(changed, ["words"], batch_size=500)
    return len(changed)


def mark_read(*, by, notice: Notice) -> None:
    """A person opened a notice."""
    Notice.objects.filter(pk=notice.pk, user=by, read_at=None).update(read_at=clock.now())


def mark_read_about(*, by, about: str) -> None:
    """A person has opened the thing itself: what the town told them about it is no news any more."""
    Notice.objects.filter(user=by, about=about, read_at=None).update(read_at=clock.now())


def mark_all_read(*, by) -> None:
    """A person has seen the whole list."""
    Notice.objects.filter(user=by, read_at=None).update(read_at=clock.now())


@transaction.atomic
def choose_mail(*, by, kinds_wanted: set[str]) -> None:
    """A person says which kinds of mail they want; the rest is silent."""
    Silence.objects.filter(user=by, kind__in=kinds_wanted).delete()
    Silence.objects.bulk_create([Silence(user=by, kind=kind) for kind in KINDS if not KINDS[kind].is_safety and kind not in kinds_wanted],
                                ignore_conflicts=True)


def _mail(notice: Notice) -> EmailMessage:
    """Greeting, one matter, one link, a signature, and how to stop this kind."""
    with translation.override(notice.user.language or settings.LANGUAGE_CODE):
        _heading, text = said(notice.kind, notice.words)
        stop = _("mail.always") if KINDS[notice.kind].is_safety else _("mail.stop") % {"url": f"{settings.SITE_URL}/notices/mail/"}
        lines = [_("mail.dear") % {"name": notice.user.name}, text, f"{settings.SITE_URL}/notices/{notice.pk}/",
                 _("mail.signed"), stop]
        return EmailMessage(subject(notice.kind, notice.words), "\n\n".join(lines), to=[notice.user.email])


def _tell_everywhere(notice: Notice, letter: EmailMessage) -> None:
    """The same to their other addresses, each by itself. One that takes no mail any more holds up nothing."""
    for address in other_addresses_of(notice.user) if KINDS[notice.kind].is_told_everywhere else ():
        try:
            EmailMessage(letter.subject, letter.body, to=[address]).send()
        except OSError as refusal:
            log.warning("another address of notice %s takes no mail (%s)", notice.pk, type(refusal).__name__)


def _plain(words: dict) -> dict:
    """What JSON can hold."""
    return {name: value.isoformat() if isinstance(value, datetime.date) else int(value) if isinstance(value, int) else str(value)
            for name, value in words.items()}


def _mail_from(kind: str) -> datetime.datetime | None:
    """Not before then goes the mail; none: there is no mail."""
    if not KINDS[kind].is_mailed:
        return None
    return _next_morning(clock.now()) if KINDS[kind].waits_for_morning else clock.now()


def _next_morning(now: datetime.datetime) -> datetime.datetime:
    local = now.astimezone(clock.JAPAN)
    if MORNING <= local.hour < EVENING:
        return now
    morning = local.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    return morning if local.hour < MORNING else morning + datetime.timedelta(days=1)
