"""Who may write in a thread: whoever takes part, and whoever writes for the party that does."""
from machi.accounts.powers import Power
from machi.accounts.queries import has_power
from machi.messaging.models import Thread


def can_write(user, thread: Thread) -> bool:
    if thread.party_id and has_power(user, thread.party_id, Power.MEMBER):
        return True
    known = getattr(thread, "takes_part", None)     # of the thread that queries.conversation found for this very person
    return thread.members.filter(user=user, is_for_party=False).exists() if known is None else known
