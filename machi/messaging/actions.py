"""Opening a thread and writing in it."""
from django.utils.translation import gettext as _

from machi.accounts.deeds import deed
from machi.accounts.models import Party
from machi.accounts.powers import Power
from machi.activity import actions as activity
from machi.messaging import facts, policies
from machi.messaging.models import Member, Message, Thread
from machi.notifications import actions as notifications
from machi.shared import clock
from machi.shared.errors import NotAllowed


def open_thread(*, about: str, members, party: Party | None = None) -> Thread:
    """The conversation about one thing; opened once, joined by everybody named, and by whoever acts for the party."""
    thread, _is_new = Thread.objects.get_or_create(about=about, defaults={"party": party, "opened_at": clock.now()})
    for user in members:
        Member.objects.get_or_create(thread=thread, user=user)
    return thread


@deed
def send_message(*, thread: Thread, by, body: str, key: str, title: str) -> Message:
    """Write a letter. The same form sent twice is one letter; the others hear of it once until they have read."""
    if not policies.can_write(by, thread):
        raise NotAllowed(_("message.not_yours"))
    message, is_new = Message.objects.get_or_create(
        thread=thread, sender=by, key=key, defaults={"body": body, "sent_at": clock.now()})
    if is_new:
        activity.record(actor=by, fact=facts.MESSAGE_SENT, about=thread.about)
        _tell_the_others(thread, by, title)
    return message


def mark_read(*, thread: Thread, by) -> None:
    """Somebody has seen everything that stands here now; the next letter is news again."""
    last = thread.messages.order_by("-pk").values_list("pk", flat=True).first() or 0
    member, is_new = Member.objects.get_or_create(thread=thread, user=by, defaults={"is_for_party": True, "read_up_to": last})
    if not is_new and member.read_up_to < last:
        Member.objects.filter(pk=member.pk, read_up_to__lt=last).update(read_up_to=last)
    notifications.mark_read_about(by=by, about=thread.about)


def take_as_reminded(*, message: Message) -> bool:
    """A side that has not answered is reminded now, of everything written until here. False where somebody was faster."""
    thread = Thread.objects.select_for_update().get(pk=message.thread_id)
    last = thread.messages.order_by("-pk").values_list("pk", flat=True)[0]
    if thread.reminded_of >= message.pk:
        return False
    thread.reminded_of = last
    thread.save(update_fields=["reminded_of"])
    return True


def _tell_the_others(thread: Thread, by, title: str) -> None:
    """The other side hears of a letter; who writes for an organisation signs with its name too."""
    in_person = [member.user for member in thread.members.filter(is_for_party=False).select_related("user").order_by("pk")]
    kind, words, others = "contract.message", {"sender_person": by.name, "job": title}, [user for user in in_person if user != by]
    if thread.party and by in in_person:
        others += thread.party.people(Power.MEMBER)
    elif thread.party and thread.party.is_organisation:
        kind, words = "contract.message_of_party", words | {"client": str(thread.party)}
    for person in others:
        if not person.notices.filter(kind=kind, about=thread.about, read_at=None).exists():
            notifications.queue(to=person, kind=kind, about=thread.about, **words)
