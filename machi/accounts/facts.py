"""Facts this room records."""

JOINED = "account.joined"
INTRODUCED = "account.introduced"
CLIENT_DESCRIBED = "account.client_described"
