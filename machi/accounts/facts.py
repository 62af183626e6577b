"""Facts this room records."""

JOINED = "account.joined"
ADDRESS_VOUCHED_FOR = "account.address_vouched_for"
INTRODUCED = "account.introduced"
VISITED_AS = "account.visited_as"                   # somebody walks through the demo town as this person
CLIENT_DESCRIBED = "account.client_described"
