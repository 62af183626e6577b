"""The verbs of my page: words, conditions, and entries one by one. Every section is saved by itself."""
from machi.profiles.actions.beginning import be_called, tell_from_the_heart, write_at_once
from machi.profiles.actions.conditions import EVENINGS, OWN, SHARED, like_evenings, say_availability, say_pay, write_conditions
from machi.profiles.actions.entries import (
    LINES_AT_MOST,
    add_career,
    add_certificate,
    add_hobby,
    add_language,
    add_skill,
    add_strength,
    change_entry,
    move_entry,
    put_strength,
    remove_entry,
)
from machi.profiles.actions.topics import count_topics, follow_topics
from machi.profiles.actions.words import keep_unsaved, write_names, write_profile

__all__ = ["EVENINGS", "LINES_AT_MOST", "OWN", "SHARED", "add_career", "add_certificate", "add_hobby", "add_language", "add_skill",
           "add_strength", "be_called", "change_entry", "count_topics", "follow_topics", "keep_unsaved", "like_evenings", "move_entry",
           "put_strength", "remove_entry", "say_availability", "say_pay", "tell_from_the_heart", "write_at_once", "write_conditions",
           "write_names", "write_profile"]
