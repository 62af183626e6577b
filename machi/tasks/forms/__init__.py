"""Forms of micro-tasks (マイクロタスクの回答フォーム): what of an item is shown, and what is asked of whoever does it.

A form is kept as versioned JSON. No tables, no pages, no clock: rows of text go in, answers as JSON can hold them come out. Only blocks
that everybody can use are offered here, so a form that a client builds is accessible before anybody has looked at it.

    form = parse({"version": 1, "parts": [
        {"kind": "cell", "column": "文"}, {"kind": "choice", "label": "気持ち", "options": ["よい", "わるい"]}]})
    clean(form, {"a.q1": ["よい"]}, {"文": "きょうは晴れ"}).values    -> {"q1": "よい"}
"""
from machi.tasks.forms.answers import Answered, Sent, clean, is_asked, not_taken, too_big
from machi.tasks.forms.form import Form
from machi.tasks.forms.grading import Finding, Grade, Level, grade
from machi.tasks.forms.parsing import Refused, parse
from machi.tasks.forms.plain import Given, files_of, plain_of, said_in
from machi.tasks.forms.posted import acted, kept, posted_of, taken_away, typed
from machi.tasks.forms.settings import Wrong
from machi.tasks.forms.truths import is_same, truth_in
from machi.tasks.forms.units import Unit, counted, pair_of, unit
from machi.tasks.forms.versions import asked_alike, options_of, still_said, with_old

__all__ = ["Answered", "Finding", "Form", "Given", "Grade", "Level", "Refused", "Sent", "Unit", "Wrong", "acted", "asked_alike", "clean",
           "counted", "files_of", "grade", "is_asked", "is_same", "kept", "not_taken", "options_of", "pair_of", "parse", "plain_of",
           "posted_of", "said_in", "still_said", "taken_away", "too_big", "truth_in", "typed", "unit", "with_old"]
