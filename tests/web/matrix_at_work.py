"""The permission matrix of people at work: the desks of the town, because each is for a few duties and absent for everybody else, and an
organisation, whose people each have a power.
"""
from typing import NamedTuple

from machi.accounts import roles
from tests.web.matrix import Row, read

# Addresses of the town's own people. `duties`: who works there, joined by a comma, or `*` for all. `look` and `form`: what they
# are answered when their second key was used. Everybody else needs no column: a visitor is led to the door; whoever has no duty, or
# another one, gets the 404 of what does not exist; whoever works there and has not used a second key is led to it.
DESKS = """
# name                thing     duties      look  form
desk:index            -         *           200   405
desk:people           -         operator    200   422
desk:last_words       -         operator    200   405
desk:sealed           -         finance,auditor  200   405
desk:open_sealed      paper     finance,auditor  405   200
desk:person           worker    operator    200   405
desk:give_duty        worker    operator    405   422
desk:end_duty         duty      operator    405   there
desk:held             -         finance,auditor  200   405
desk:bank             -         finance     200   422
desk:take_in          -         finance     405   422
desk:suspense         -         finance     200   405
desk:placed_lines     -         finance     200   405
desk:bank_line        line      finance     200   422
desk:cards            -         finance     200   405
desk:past_debts       -         finance     200   405
desk:card_odd         odd       finance     200   422
desk:card_held        taken     finance     200   422
desk:refunds          -         finance     200   405
desk:past_refunds     -         finance     200   405
desk:refund           back      finance     200   405
desk:payouts          -         finance     200   422
desk:past_batches     -         finance     200   405
desk:payee            worker    finance     200   422
desk:move_payee       worker    finance     405   422
desk:unsent           worker    finance     405   422
desk:left             left_owed finance     200   422
desk:answer_left      left_owed finance     405   422
desk:batch            batch     finance     200   405
desk:move_batch       batch     finance     405   422
desk:batch_file       batch     finance     405   409
desk:adjustments      -         finance     200   422
desk:past_adjustments -         finance     200   405
desk:adjustment       adjustment finance    200   405
desk:answer_adjustment adjustment finance   405   422
desk:safety           -         finance     200   422
desk:money_stop       stop      finance     200   422
desk:lift_stop        stop      finance     405   409
desk:answer_lift      stop      finance     405   422
desk:rates            -         finance,auditor  200   405
desk:disputes         -         moderator,finance  200   405
desk:dispute          heard     moderator,finance  200   422
desk:take_dispute     heard     moderator   405   there
desk:sign_ruling      heard     finance     405   422
desk:dispute_file     heard     moderator,finance  404   405
desk:appeals          -         moderator   200   405
desk:appeal           appealed  moderator   200   422
desk:appeal_file      appealed  moderator   404   405
desk:posts            -         moderator   200   405
desk:post             look      moderator   200   422
desk:pass_post        look      moderator   405   there
desk:topics           -         editor      200   405
desk:topic            topic     editor      200   422
desk:leave_topic      topic     editor      405   there
desk:merge_topic      topic     editor      200   422
desk:part_topic       topic     editor      405   409
"""


class Desk(NamedTuple):
    name: str
    thing: str
    duties: frozenset[str]
    get: str
    post: str

    def __str__(self) -> str:
        return f"{self.name} {self.thing}" if self.thing != "-" else self.name


def desks() -> list[Desk]:
    """The table of the desks, line by line."""
    found = []
    for line in DESKS.strip().splitlines():
        if line and not line.startswith("#"):
            name, thing, duties, look, form = line.split()
            found.append(Desk(name, thing, frozenset(roles.DUTIES if duties == "*" else duties.split(",")), look, form))
    return found


# The same for people of an organisation whose things these are: each has one power alone, or has left it.
#
#     member      writes posts, reads applicants, talks          payer       the money, and nothing of what people wrote
#     approver    chooses, accepts, asks for changes             former      has left: a stranger from that moment on
POWERS = ("member", "approver", "payer", "former")
ORGANISATION = """
# name                               thing         look: member, approver, payer, former     form: member, approver, payer, former
jobs:mine                            -             200    200    200    200                  405    405    405    405
jobs:detail                          our_job       200    200    200    200                  405    405    405    405
jobs:detail                          our_draft     there  there  404    404                  405    405    405    405
jobs:step                            our_draft     200    there  404    404                  422    422    404    404
jobs:template                        our_draft     405    405    405    405                  404    404    404    404
jobs:plan                            our_draft     200    200    404    404                  409    409    404    404
jobs:preview                         our_draft     200    200    404    404                  409    409    404    404
jobs:applicants                      our_job       200    200    404    404                  405    405    405    405
jobs:close                           our_job       200    200    404    404                  there  409    404    404
jobs:keep                            our_job       405    405    405    405                  409    409    404    404
jobs:reopen                          our_job       200    200    404    404                  422    422    404    404
jobs:limit                           our_job       200    200    404    404                  409    409    404    404
jobs:end                             our_job       200    200    404    404                  422    422    404    404
proposals:apply                      our_job       there  there  there  200                  422    422    422    422
proposals:detail                     our_proposal  there  there  404    404                  405    405    405    405
proposals:decline                    our_proposal  200    200    404    404                  422    422    404    404
proposals:choose                     our_proposal  there  200    404    404                  409    409    404    404
contests:gallery                     our_contest   200    200    404    404                  405    405    405    405
contests:award                       our_contest   there  there  404    404                  422    422    404    404
contracts:offer                      our_offer     200    200    404    404                  405    405    405    405
contracts:offer_change               our_offer     there  200    404    404                  422    422    404    404
contracts:list                       -             200    200    200    200                  405    405    405    405
contracts:room                       our_delivered 200    200    200    404                  405    405    405    405
contracts:fund                       our_unfunded  there  there  200    404                  409    409    there  404
contracts:accept                     our_delivered there  200    there  404                  422    422    422    404
contracts:changes                    our_delivered there  200    there  404                  422    422    422    404
contracts:change                     our_delivered there  200    there  404                  409    409    409    404
contracts:go_on                      our_delivered there  there  there  404                  409    409    409    404
contracts:part                       our_delivered there  200    there  404                  409    422    409    404
contracts:end                        our_delivered there  200    there  404                  409    422    409    404
contracts:wish                       our_delivered there  there  there  404                  422    422    422    404
contracts:dispute                    our_delivered there  200    there  404                  422    422    422    404
contracts:dispute_back               our_delivered there  there  there  404                  409    409    409    404
contracts:calendar                   our_delivered 200    200    200    404                  405    405    405    405
contracts:message                    our_delivered there  there  404    404                  422    422    404    404
contracts:review                     our_finished  there  200    there  404                  422    422    422    404
contracts:thanks                     our_finished  there  200    there  404                  422    422    422    404
contracts:bonus                      our_finished  there  there  200    404                  422    422    422    404
contracts:file                       our_delivered 200    200    404    404                  405    405    405    405
payments:paid                        -             200    200    200    200                  405    405    405    405
payments:statement                   our_earning   404    404    200    404                  405    405    405    405
documents:list                       -             200    200    200    200                  405    405    405    405
documents:paper                      our_document  404    404    200    404                  405    405    405    405
organisations:one                    party         200    200    200    404                  405    405    405    405
organisations:describe               party         there  there  there  404                  422    422    422    404
organisations:invite                 party         there  there  there  404                  422    422    422    404
organisations:powers                 colleague     404    404    404    404                  404    404    404    404
organisations:end                    colleague     404    404    404    404                  404    404    404    404
organisations:withdraw               invited       405    405    405    405                  404    404    404    404
"""


def rows_of_an_organisation() -> list[Row]:
    """The table of those who act for one, line by line."""
    return read(ORGANISATION, POWERS)
