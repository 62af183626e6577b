"""A town whose clients pay by card."""
from tests.cards.living import account as account
from tests.cards.living import by_card as by_card
from tests.cards.living import payment_service as payment_service
