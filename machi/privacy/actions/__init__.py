"""The verbs of privacy."""
from machi.privacy.actions.exporting import ask_for_export, clear_exports, make_exports, take_export
from machi.privacy.actions.leaving import StillOpen, close_account, come_back, erase_account, note_erasures, replay_erasures
from machi.privacy.actions.sealing import destroy_due_keys, read_sealed
from machi.privacy.actions.sweeping import forget_bank_words, sweep_sealed

__all__ = ["StillOpen", "ask_for_export", "clear_exports", "close_account", "come_back", "destroy_due_keys", "erase_account",
           "forget_bank_words", "make_exports", "note_erasures", "read_sealed", "replay_erasures", "sweep_sealed", "take_export"]
