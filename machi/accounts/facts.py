"""Facts this room records."""

JOINED = "account.joined"
ADDRESS_VOUCHED_FOR = "account.address_vouched_for"
INTRODUCED = "account.introduced"
VISITED_AS = "account.visited_as"                   # somebody walks through the demo town as this person
CLIENT_DESCRIBED = "account.client_described"
ORGANISATION_FOUNDED = "organisation.founded"
MEMBER_JOINED = "organisation.member_joined"
MEMBER_LEFT = "organisation.member_left"
POWERS_CHANGED = "organisation.powers_changed"
