"""Two windows of one person, one after the other."""
from machi.accounts.models import User


def hold(person) -> User:
    """The person as they stand now, held until the transaction ends: first of all locks, so that a section which is written for the
    first time, and a count of lines, are decided once.
    """
    return User.objects.select_for_update().get(pk=person.pk)
