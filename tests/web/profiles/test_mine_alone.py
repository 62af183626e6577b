"""What a person keeps for themselves reaches nobody: every page that others can open is byte for byte the same (F66, F80, F91).

Private: the name on papers and its reading, the call-name while the other is shown, "may have to leave suddenly", the slack they
want, a pay they do not show, a text that is not saved yet, their wishes (F07), what they answered while they looked for words, and
what a draft or a piece for themselves is about.
"""
import ast
import re
from pathlib import Path

import pytest
from django.db import transaction

from machi.accounts.queries import party_of
from machi.jobs.actions import draft_job
from machi.journey.actions import answer, choose_wishes, set_target
from machi.journey.models import Wish
from machi.portfolio.actions import add_piece
from machi.portfolio.models import Piece
from machi.profiles import actions
from machi.profiles.models import Names, Pay, PrivateConditions, Unsaved
from machi.shared import clock
from machi.shared.money import Yen
from tests.web.matrix import rows
from tests.web.matrix_at_work import desks, rows_of_an_organisation
from tests.web.test_matrix import Answers

CANARY = "よそには見せない"
OTHERS = ("visitor", "client", "stranger", "approver")
ROOT = Path(__file__).parents[3]
DEVICES = {"privacy:seen", "usersessions_list"}         # they print when a device was last used, by the machine's own clock
# Who may read what is a person's own: the room itself, its pages, the gate (their names), the room that hands a person all their data,
# and the questions about their own way (the days of slack they want; their own first list only).
MAY_READ = ("machi/profiles/", "machi/web/pages/profiles/", "machi/web/pages/cv/", "machi/web/pages/accounts/views.py",
            "machi/web/pages/payments/account.py",  # the reading of one's own legal name, against the holder one types
            "machi/journey/queries.py", "machi/privacy/",
            "machi/simulation/crowd/pages.py")      # writes what invented people said, and reads nobody


@pytest.fixture(scope="module")
def answers(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic(), clock.moved(to=clock.now()):
        answers = Answers()
        worker = answers.world.worker
        actions.write_profile(by=worker, headline="前からの一言", about="前からの紹介", conditions="前からの条件")
        actions.write_conditions(by=worker, hours=10, bands=["weekend"])
        yield answers
        transaction.set_rollback(True)


def seen(answers: Answers) -> dict[tuple[str, str, str], str]:
    """Everything others can open, without the tokens and numbers that are new each time: the other side and strangers, who acts for
    an organisation for which the worker works, and the town's own people at their desks."""
    asked = [(row, role) for row in (*rows(), *rows_of_an_organisation()) for role in OTHERS if row.get.get(role) == "200"]
    asked += [(desk, min(desk.duties)) for desk in desks() if desk.get == "200"]
    pages = {}
    for row, role in asked:
        if row.name not in DEVICES:
            words = answers.ask(row, role, "get").words
            pages[row.name, row.thing, role] = re.sub(
                r'name="(csrfmiddlewaretoken|window)" value="[^"]*"|"X-CSRFToken": *"[^"]*"', "", words)
    return pages


def test_what_is_mine_alone_changes_no_page_of_others(answers, clock_stands_at):
    """Given a town with all its pages, when a worker writes everything that is theirs alone, then nobody else sees a change."""
    clock_stands_at(clock.now())                    # a deadline that a page prints moves with the minute
    worker, before = answers.world.worker, seen(answers)
    again = seen(answers)
    still = [page for page in before if before[page] == again[page]]    # pages that draw something new each time say nothing here
    assert len(still) > 0.9 * len(before)
    assert {("profiles:public", "worker", "client"), ("jobs:applicants", "job", "client"), ("jobs:applicants", "our_job", "approver"),
            ("desk:person", "worker", "operator"), ("portfolio:piece", "piece", "stranger")} <= set(still)

    actions.write_conditions(by=worker, hours=10, bands=["weekend"], may_leave_suddenly=True, slack_days=17)
    actions.write_names(by=worker, call_name=worker.display_name, legal_name=CANARY, legal_reading="よそ")
    actions.say_pay(by=worker, amount_yen=98_765, is_public=False)
    actions.keep_unsaved(by=worker, place="about", values={"about": CANARY})
    choose_wishes(by=worker, kinds=list(Wish.Kind.values))
    answer(by=worker, question="asked", text=CANARY)
    set_target(by=worker, monthly=Yen(98_765), months=7, aside_percent=10, savings=Yen(98_765))
    draft_job(client=party_of(worker), by=worker, topic=CANARY)
    add_piece(by=worker, title=CANARY, part=CANARY, topics=[CANARY], shown=Piece.Shown.ME)

    after = seen(answers)
    assert [page for page in still if after[page] != before[page]] == []
    assert not [page for page, words in after.items() if CANARY in words or "98,765" in words or "98765" in words]
    found = [answers.browser(role, strict=False).get(place + CANARY).content.decode() for role in (*OTHERS, "editor")
             for place in ("/topics/?q=", "/me/topics/?topic=", "/desk/topics/?q=")]
    assert not [words for words in found if f">{CANARY}<" in words or f'"{CANARY}" label' in words]


def test_the_private_tables_are_read_by_nobody_else():
    """The rooms above (finding, comparing, contracts) cannot even name them."""
    names = {model.__name__ for model in (Names, Pay, PrivateConditions, Unsaved)} | {"own_of", "Own", "own_names"}

    found = [f"{path.relative_to(ROOT)}: {alias.name}" for path in sorted((ROOT / "machi").rglob("*.py"))
             if not str(path.relative_to(ROOT)).startswith(MAY_READ)
             for node in ast.walk(ast.parse(path.read_text()))
             if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("machi.profiles")
             for alias in node.names if alias.name in names]

    assert found == []
