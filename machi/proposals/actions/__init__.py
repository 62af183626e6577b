"""The verbs of proposals: applying, answering those who applied, telling them what changed; entering a contest, and judging it."""
from machi.proposals.actions.applying import (
    COURTESY,
    PATIENCE,
    answer_for_silent_clients,
    decline,
    end_choosing,
    mark_ended,
    mark_offered,
    save_draft,
    submit,
    withdraw,
)
from machi.proposals.actions.contests import award, call_off, mark_entry, open_contest, remind_of_judging, settle_contests, take_up_pots
from machi.proposals.actions.entering import Unfit, begin_entry, hand_in, remove_entry_file, save_entry, send_entry, take_back_entry
from machi.proposals.actions.previews import make_previews
from machi.proposals.actions.showing import show_as_piece, show_win
from machi.proposals.actions.telling import tell_of_changes

__all__ = ["COURTESY", "PATIENCE", "Unfit", "answer_for_silent_clients", "award", "begin_entry", "call_off", "decline", "end_choosing",
           "hand_in", "make_previews", "mark_ended", "mark_entry", "mark_offered", "open_contest", "remind_of_judging",
           "remove_entry_file", "save_draft", "save_entry", "send_entry", "settle_contests", "show_as_piece", "show_win", "submit",
           "take_back_entry", "take_up_pots", "tell_of_changes", "withdraw"]
