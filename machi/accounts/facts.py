"""Facts this room records."""

JOINED = "account.joined"
ADDRESS_VOUCHED_FOR = "account.address_vouched_for"
INTRODUCED = "account.introduced"
VISITED_AS = "account.visited_as"                   # somebody walks through the demo town as this person
CLIENT_DESCRIBED = "account.client_described"
DUTY_GIVEN = "account.duty_given"
DUTY_ENDED = "account.duty_ended"
LOOKED_AT = "account.looked_at"                     # somebody with a duty looked at what is private to this person; `what` is a word
ORGANISATION_FOUNDED = "organisation.founded"
MEMBER_JOINED = "organisation.member_joined"
MEMBER_LEFT = "organisation.member_left"
POWERS_CHANGED = "organisation.powers_changed"
