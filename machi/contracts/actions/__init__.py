"""The verbs of contracts: agreeing (offer, accept, fund), moving the due date, and handing over (deliver, ask for
changes, accept)."""
from machi.contracts.actions.agreeing import (
    accept_offer,
    change_offer,
    expire_offers,
    fund,
    make_offer,
    refuse_offer,
    take_up_fundings,
    void_unfunded,
)
from machi.contracts.actions.handing_over import (
    accept_delivery,
    accept_for_silent_clients,
    ask_changes,
    deliver,
    remind_of_acceptance,
)
from machi.contracts.actions.moving_dates import agree_on_date, ask_for_date, keep_date, lapse_dates, withdraw_date

__all__ = ["accept_delivery", "accept_for_silent_clients", "accept_offer", "agree_on_date", "ask_changes", "ask_for_date", "change_offer",
           "deliver", "expire_offers", "fund", "keep_date", "lapse_dates", "make_offer", "refuse_offer", "remind_of_acceptance",
           "take_up_fundings", "void_unfunded", "withdraw_date"]
