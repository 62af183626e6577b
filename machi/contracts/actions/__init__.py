"""The verbs of contracts: agreeing (offer, accept), funding step by step, moving the due date, handing over (deliver, ask for changes,
accept), signing what changes later, disputes, and what the town proposes and rules about them."""
from machi.contracts.actions.agreeing import accept_offer, change_offer, expire_offers, make_offer, refuse_offer
from machi.contracts.actions.checking_in import answer_check_in, ask_how_it_goes, remind_who_is_silent, switch_check_ins
from machi.contracts.actions.disputing import answer_dispute, open_dispute, remind_of_disputes, settle_for_silent, withdraw_dispute
from machi.contracts.actions.ending import ask_end_reason, end_after_notice, give_notice, tell_end_reason
from machi.contracts.actions.funding import fund, take_up_fundings, void_unfunded
from machi.contracts.actions.giving import give_bonus, lapse_bonuses, take_up_bonuses
from machi.contracts.actions.going_on import ask_to_go_on, tell_of_last_months
from machi.contracts.actions.handing_over import (
    accept_delivery,
    accept_for_silent_clients,
    ask_changes,
    deliver,
    remind_of_acceptance,
)
from machi.contracts.actions.mediating import (
    agree_to_split,
    end_mediation,
    propose_split,
    read_dispute,
    refuse_split,
    take_up_dispute,
)
from machi.contracts.actions.moving_dates import agree_on_date, ask_for_date, keep_date, lapse_dates, withdraw_date
from machi.contracts.actions.ordering import order_package
from machi.contracts.actions.passing_on import expire_calls
from machi.contracts.actions.recording import (
    add_entry,
    change_entry,
    drop_clock,
    remind_of_running_clocks,
    remove_entry,
    restore_entry,
    start_clock,
    stop_clock,
)
from machi.contracts.actions.ruling import hand_back_ruling, sign_ruling, write_ruling
from machi.contracts.actions.signing import (
    agree_to_change,
    ask_for_part,
    ask_for_terms,
    ask_to_end,
    keep_terms,
    lapse_changes,
    withdraw_change,
)
from machi.contracts.actions.standing_in import (
    agree_to_stand_in,
    call_stand_in,
    decline_stand_in,
    name_stand_in,
    withdraw_stand_in,
)
from machi.contracts.actions.submitting import (
    ask_about_week,
    remind_of_weeks,
    submit_week,
    submit_weeks,
    tell_of_weeks_without_money,
)
from machi.contracts.actions.taken_back import end_what_nobody_paid, hear_of_chargebacks
from machi.contracts.actions.talking import answer_talk, ask_to_talk

__all__ = ["accept_delivery", "accept_for_silent_clients", "accept_offer", "add_entry", "agree_on_date", "agree_to_change",
           "agree_to_split", "agree_to_stand_in", "answer_check_in", "answer_dispute", "answer_talk", "ask_about_week", "ask_changes",
           "ask_end_reason", "ask_for_date", "ask_for_part", "ask_for_terms", "ask_how_it_goes", "ask_to_end", "ask_to_go_on",
           "ask_to_talk", "call_stand_in", "change_entry", "change_offer", "decline_stand_in", "deliver", "drop_clock", "end_after_notice",
           "end_mediation", "end_what_nobody_paid", "expire_calls", "expire_offers", "fund", "give_bonus", "give_notice",
           "hand_back_ruling", "hear_of_chargebacks", "keep_date", "keep_terms", "lapse_bonuses", "lapse_changes", "lapse_dates",
           "make_offer", "name_stand_in", "open_dispute", "order_package", "propose_split", "read_dispute", "refuse_offer", "refuse_split",
           "remind_of_acceptance", "remind_of_disputes", "remind_of_running_clocks", "remind_of_weeks", "remind_who_is_silent",
           "remove_entry", "restore_entry", "settle_for_silent", "sign_ruling", "start_clock", "stop_clock", "submit_week", "submit_weeks",
           "switch_check_ins", "take_up_bonuses", "take_up_dispute", "take_up_fundings", "tell_end_reason", "tell_of_last_months",
           "tell_of_weeks_without_money", "void_unfunded", "withdraw_change", "withdraw_date", "withdraw_dispute", "withdraw_stand_in",
           "write_ruling"]
