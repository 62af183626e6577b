"""The verbs of micro-tasks."""
from machi.tasks.actions.answering import Unanswered, finish_bundle, flag_item, give_answer, save_half, skip_item, undo_answer
from machi.tasks.actions.closing import close_batches
from machi.tasks.actions.drafting import draft_batch, edit_batch, note_trial, save_form
from machi.tasks.actions.fetching import take_in_media
from machi.tasks.actions.importing import bring_file, leave_import, take_in_files
from machi.tasks.actions.judging import (
    agree_to_refusal,
    appeal,
    approve_answers,
    approve_for_silent,
    decide_appeal,
    decide_flags,
    let_refusals_stand,
    read_appeal,
    refuse_answers,
    take_refusal_back,
)
from machi.tasks.actions.laying import lay_drafts
from machi.tasks.actions.media import bring_media, leave_media, try_media_again
from machi.tasks.actions.publishing import move_batch, publish_batch, raise_price, take_up_slots, top_up
from machi.tasks.actions.putting import decide_item, put_together, tally_large
from machi.tasks.actions.taking import lapse_bundles, leave_bundle, take_bundle

__all__ = ["Unanswered", "agree_to_refusal", "appeal", "approve_answers", "approve_for_silent", "bring_file", "bring_media",
           "close_batches", "decide_appeal", "decide_flags", "decide_item", "draft_batch", "edit_batch", "finish_bundle", "flag_item",
           "give_answer", "lapse_bundles", "lay_drafts", "leave_bundle", "leave_import", "leave_media", "let_refusals_stand", "move_batch",
           "note_trial", "publish_batch", "put_together", "raise_price", "read_appeal", "refuse_answers", "save_form", "save_half",
           "skip_item", "take_bundle", "take_in_files", "take_in_media", "take_refusal_back", "take_up_slots", "tally_large", "top_up",
           "try_media_again", "undo_answer"]
