"""Who may give and end duties (役目)."""
from machi.accounts import roles
from machi.accounts.models import Duty, User


def can_give_duty(user: User, person: User) -> bool:
    """Only an operator, to somebody else whose account is open."""
    return user.pk != person.pk and person.is_active and not person.has_left and _is_operator(user)


def can_end_duty(user: User, duty: Duty) -> bool:
    """Only an operator, and nobody their own: there is always one left."""
    return duty.ended_at is None and user.pk != duty.person_id and _is_operator(user)


def _is_operator(user: User) -> bool:
    return Duty.objects.held_by(user, roles.Operator.key).exists()
