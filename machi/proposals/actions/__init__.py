"""The verbs of proposals: applying, and answering those who applied."""
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

__all__ = ["COURTESY", "PATIENCE", "answer_for_silent_clients", "decline", "end_choosing", "mark_ended", "mark_offered", "save_draft",
           "submit", "withdraw"]
