"""For whom somebody acts on the pages of the giving side: as themselves, or for one of their organisations. Never both on one list."""
from typing import NamedTuple

from machi.accounts.queries import Role, chosen_role, organisations_of, roles_of


class Acting(NamedTuple):
    """Everybody they may act for, themselves first, and the one they chose."""

    roles: list[Role]
    chosen: Role | None

    @property
    def is_choice(self) -> bool:
        return len(self.roles) > 1


def acting(user) -> Acting:
    own = [role for role in roles_of(user).values() if not role.is_organisation]
    return Acting([*own, *organisations_of(user)], chosen_role(user))
