"""Facts this room records."""

JOINED = "account.joined"
ASKED_TO_JOIN_AGAIN = "account.asked_to_join_again"  # somebody gave this person's address at the gate
ADDRESS_VOUCHED_FOR = "account.address_vouched_for"
INTRODUCED = "account.introduced"
NEW_DEVICE = "account.new_device"                   # they signed in with a browser that the town did not know
VISITED_AS = "account.visited_as"                   # somebody walks through the demo town as this person
CLIENT_DESCRIBED = "account.client_described"
DUTY_GIVEN = "account.duty_given"
DUTY_ENDED = "account.duty_ended"
LOOKED_AT = "account.looked_at"                     # somebody with a duty looked at what is private to this person; `what` is a word
ORGANISATION_FOUNDED = "organisation.founded"
MEMBER_JOINED = "organisation.member_joined"
MEMBER_LEFT = "organisation.member_left"
POWERS_CHANGED = "organisation.powers_changed"
