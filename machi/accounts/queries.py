"""Questions about people and parties."""
from machi.accounts.models import Party, User


def party_of(user: User) -> Party:
    """The party for which this person gives work."""
    return Party.objects.acting_for(user).order_by("pk")[0]
