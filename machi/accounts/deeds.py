"""A deed for a party: what its person may do is read anew under a lock, so that it stays so until the deed is done."""
from collections.abc import Callable
from functools import wraps

from django.db import transaction

from machi.accounts.models import Membership
from machi.accounts.queries import forget_roles


def deed(action: Callable) -> Callable:
    """An action of the giving side, as one transaction. Somebody who is removed at this very moment was removed before the
    deed, which is then refused, or after it. `by` is None where the town itself acts.

    Lock order: the person's own memberships come before a post.
    """
    @wraps(action)
    def held(*, by, **named):
        with transaction.atomic():
            if by is not None:
                forget_roles(by)
                list(Membership.objects.filter(user=by, left_at=None).select_for_update(of=("self",), no_key=True)
                     .order_by("pk").values_list("pk"))
            return action(by=by, **named)
    return held
