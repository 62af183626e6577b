"""The permission matrix: every address of the town, and how it answers to whom (ASVS 8.1.1).

One row for each name of an address. `thing` is what stands in the address: it belongs to the worker and the client of the
row. Then five answers to a plain look (GET), and five to an empty form (POST):

    visitor     somebody who has not signed in            `login`: led to the door, and back afterwards
    worker      the one who does the work                 `there`: led to another page, where this thing or deed stands
    client      the one who gives it                      a number: that status
    stranger    somebody else, signed in                  `-`: there is nothing to ask
    missing     the stranger, asking for what does not exist

A stranger's 404 is the very 404 of what does not exist. Whoever adds an address adds its row.

The desks, and the people of an organisation, have tables of their own (matrix_at_work.py).
"""
from typing import NamedTuple

ROLES = ("visitor", "worker", "client", "stranger", "missing")
# words that stand in an address
VALUES = {"step": "what", "line": "headline", "kind": "strength", "slug": "begin", "asked": "strength", "view": "small",
          "question": "thanked", "kid": "nobody", "number": "0", "deed": "confirm", "year": "2026"}


class Row(NamedTuple):
    name: str
    thing: str
    get: dict[str, str]
    post: dict[str, str]

    def __str__(self) -> str:
        return f"{self.name} {self.thing}" if self.thing != "-" else self.name


TABLE = """
# name                               thing     look: visitor, worker, client, ...   form: visitor, worker, client, stranger, missing
front                                -         200    200    200    200    -        405    405    405    405    -
home                                 -         login  200    200    200    -        login  405    405    405    -
reward                               -         200    200    200    200    -        405    405    405    405    -
jobs:list                            -         200    200    200    200    -        405    405    405    405    -
jobs:new                             -         login  200    200    200    -        login  422    422    422    -
jobs:mine                            -         login  200    200    200    -        login  405    405    405    -
jobs:detail                          job       200    200    200    200    404      405    405    405    405    405
jobs:detail                          draft     404    404    there  404    404     405    405    405    405    405
jobs:detail                          paused    404    200    200    404    404      405    405    405    405    405
jobs:step                            draft     login  404    200    404    404      login  404    422    404    404
jobs:template                        draft     login  405    405    405    405      login  404    404    404    404
jobs:plan                            draft     login  404    200    404    404      login  404    409    404    404
jobs:preview                         draft     login  404    200    404    404      login  404    409    404    404
jobs:applicants                      job       login  404    200    404    404      login  405    405    405    405
jobs:close                           job       login  404    200    404    404      login  404    there  404    404
jobs:keep                            job       login  405    405    405    405      login  404    409    404    404
jobs:reopen                          job       login  404    200    404    404      login  404    422    404    404
jobs:limit                           job       login  404    200    404    404      login  404    409    404    404
jobs:end                             job       login  404    200    404    404      login  404    422    404    404
tasks:new                            -         login  200    200    200    -        login  422    422    422    -
tasks:given                          -         login  200    200    200    -        login  405    405    405    -
tasks:about                          tasks_draft login  404    200    404    404      login  404    422    404    404
tasks:items                          tasks_draft login  404    200    404    404      login  404    422    404    404
tasks:leave_file                     tasks_draft login  404    there  404    404      login  404    there  404    404
tasks:form                           tasks_draft login  404    200    404    404      login  404    422    404    404
tasks:media                          tasks_draft login  404    there  404    404      login  404    there  404    404
tasks:media                          signs       login  404    200    404    404      login  404    422    404    404
tasks:media_again                    signs       login  405    405    405    405      login  404    there  404    404
tasks:leave_media                    signs       login  405    405    405    405      login  404    there  404    404
tasks:piece                          signs       login  404    200    404    404      login  405    405    405    405
tasks:piece_view                     signs       login  404    200    404    404      login  405    405    405    405
tasks:piece                          shown       login  200    200    404    404      login  405    405    405    405
tasks:piece_view                     shown       login  200    200    404    404      login  405    405    405    405
tasks:trial                          tasks_draft login  404    200    404    404      login  404    422    404    404
tasks:price                          tasks_draft login  404    200    404    404      login  404    422    404    404
tasks:client                         tasks_draft login  404    200    404    404      login  404    422    404    404
tasks:pay                            tasks_draft login  404    200    404    404      login  404    409    404    404
tasks:run                            tasks_draft login  404    there  404    404      login  405    405    405    405
tasks:move                           tasks_draft login  405    405    405    405      login  404    there  404    404
tasks:stop                           tasks_draft login  404    there  404    404      login  404    there  404    404
tasks:top_up                         tasks_draft login  404    there  404    404      login  404    there  404    404
tasks:raise                          tasks_draft login  404    there  404    404      login  404    there  404    404
tasks:run                            tasks     login  404    200    404    404      login  405    405    405    405
tasks:move                           tasks     login  405    405    405    405      login  404    409    404    404
tasks:stop                           tasks     login  404    200    404    404      login  404    409    404    404
tasks:top_up                         tasks     login  404    200    404    404      login  404    422    404    404
tasks:raise                          tasks     login  404    200    404    404      login  404    422    404    404
tasks:finder                         -         200    200    200    200    -        405    405    405    405    -
tasks:batch                          tasks_draft 404    404    there  404    404      405    405    405    405    405
tasks:batch                          tasks     200    200    there  200    404      405    405    405    405    405
tasks:take                           tasks_draft login  405    405    405    405      login  404    there  404    404
tasks:take                           tasks     login  405    405    405    405      login  there  409    409    404
tasks:bundles                        -         login  200    200    200    -        login  405    405    405    -
tasks:bundle                         bundle    login  there  404    404    404      login  405    405    405    405
tasks:answer                         bundle    login  200    404    404    404      login  422    404    404    404
tasks:answer                         worked    login  there  404    404    404      login  409    404    404    404
tasks:undo                           bundle    login  405    405    405    405      login  there  404    404    404
tasks:leave                          bundle    login  200    404    404    404      login  there  404    404    404
tasks:finish                         bundle    login  there  404    404    404      login  there  404    404    404
tasks:done                           bundle    login  there  404    404    404      login  405    405    405    405
tasks:done                           worked    login  200    404    404    404      login  405    405    405    405
tasks:agree                          worked    login  there  404    404    404      login  there  404    404    404
tasks:appeal                         worked    login  200    404    404    404      login  422    404    404    404
tasks:results                        tasks_draft login  404    there  404    404      login  405    405    405    405
tasks:results                        tasks       login  404    200    404    404      login  405    405    405    405
tasks:item                           tasks_draft login  404    404    404    404      login  405    405    405    405
tasks:item                           tasks       login  404    200    404    404      login  405    405    405    405
tasks:decide_item                    tasks_draft login  405    405    405    405      login  404    404    404    404
tasks:decide_item                    tasks       login  405    405    405    405      login  404    422    404    404
tasks:decide_flags                   tasks_draft login  405    405    405    405      login  404    404    404    404
tasks:decide_flags                   tasks       login  405    405    405    405      login  404    422    404    404
tasks:export                         tasks_draft login  404    404    404    404      login  405    405    405    405
tasks:export                         tasks       login  404    200    404    404      login  405    405    405    405
tasks:file                           task_file   login  200    200    404    404      login  405    405    405    405
tasks:small                          task_file   login  404    404    404    404      login  405    405    405    405
tasks:files                          tasks_draft login  404    404    404    404      login  405    405    405    405
tasks:files                          tasks       login  404    404    404    404      login  405    405    405    405
tasks:files                          filed       login  404    200    404    404      login  405    405    405    405
tasks:judge                          tasks_draft login  404    there  404    404      login  404    there  404    404
tasks:judge                          tasks       login  404    200    404    404      login  404    422    404    404
tasks:refuse                         tasks_draft login  404    there  404    404      login  404    there  404    404
tasks:refuse                         tasks       login  404    there  404    404      login  404    there  404    404
tasks:take_back                      tasks_draft login  405    405    405    405      login  404    there  404    404
tasks:take_back                      tasks       login  405    405    405    405      login  404    there  404    404
packages:list                        -         200    200    200    200    -        405    405    405    405    -
packages:mine                        -         login  200    200    200    -        login  405    405    405    -
packages:new                         -         login  200    200    200    -        login  422    422    422    -
packages:detail                      package   200    200    200    200    404      405    405    405    405    405
packages:detail                      resting   404    200    404    404    404      405    405    405    405    405
packages:change                      package   login  200    404    404    404      login  422    404    404    404
packages:open                        resting   login  405    405    405    405      login  there  404    404    404
packages:pause                       package   login  405    405    405    405      login  there  404    404    404
packages:order                       package   login  there  there  there  404      login  422    422    422    404
packages:order                       resting   login  there  404    404    404      login  422    404    404    404
proposals:apply                      job       login  there  there  200    404      login  422    422    422    404
proposals:apply                      paused    login  there  there  404    404      login  422    422    404    404
proposals:list                       -         login  200    200    200    -        login  405    405    405    -
proposals:detail                     proposal  login  200    there  404    404      login  405    405    405    405
proposals:detail                     writing   login  200    404    404    404      login  405    405    405    405
proposals:withdraw                   proposal  login  200    404    404    404      login  there  404    404    404
proposals:decline                    proposal  login  404    200    404    404      login  404    422    404    404
proposals:decline                    writing   login  404    404    404    404      login  404    404    404    404
proposals:choose                     proposal  login  404    200    404    404      login  404    409    404    404
proposals:choose                     writing   login  404    404    404    404      login  404    404    404    404
contests:open                        pot       login  404    200    404    404      login  404    409    404    404
contests:mine                        contest   login  200    there  200    404      login  there  there  there  404
contests:gallery                     contest   login  404    200    404    404      login  405    405    405    405
contests:award                       contest   login  404    there  404    404      login  404    422    404    404
contests:call_off                    contest   login  404    200    404    404      login  404    409    404    404
contests:entry                       entry     login  200    200    404    404      login  404    there  404    404
contests:entry                       sketch    login  200    404    404    404      login  404    404    404    404
contests:write                       sketch    login  200    404    404    404      login  422    404    404    404
contests:take_back                   sketch    login  200    404    404    404      login  there  404    404    404
contests:mark                        entry     login  405    405    405    405      login  404    there  404    404
contests:show                        entry     login  404    404    404    404      login  404    404    404    404
contests:win                         won       login  405    405    405    405      login  there  404    404    404
contests:receipt                     won       login  200    200    404    404      login  405    405    405    405
contests:file                        entry     login  200    404    404    404      login  405    405    405    405
contests:file                        won       login  200    200    404    404      login  405    405    405    405
contests:preview                     entry     login  200    200    404    404      login  405    405    405    405
contests:remove                      entry     login  405    405    405    405      login  there  404    404    404
jobs:questions                       job       login  200    200    200    404      login  422    422    422    404
jobs:questions                       paused    login  200    200    404    404      login  422    422    404    404
jobs:answer                          question  login  404    200    404    404      login  404    422    404    404
contracts:offer                      offer     login  200    200    404    404      login  405    405    405    405
contracts:offer_accept               offer     login  there  there  404    404      login  422    422    404    404
contracts:offer_refuse               offer     login  200    there  404    404      login  there  409    404    404
contracts:offer_change               offer     login  there  200    404    404      login  422    422    404    404
contracts:list                       -         login  200    200    200    -        login  405    405    405    -
contracts:room                       delivered login  200    200    404    404      login  405    405    405    405
contracts:fund                       unfunded  login  there  200    404    404      login  409    there  404    404
contracts:deliver                    funded    login  200    there  404    404      login  422    422    404    404
contracts:accept                     delivered login  there  200    404    404      login  422    422    404    404
contracts:changes                    delivered login  there  200    404    404      login  422    422    404    404
contracts:date                       funded    login  200    200    404    404      login  422    422    404    404
contracts:date_answer                funded    login  there  there  404    404      login  422    422    404    404
contracts:change                     delivered login  200    200    404    404      login  409    409    404    404
contracts:go_on                      monthly   login  200    200    404    404      login  422    422    404    404
contracts:room                       monthly   login  200    200    404    404      login  405    405    405    405
contracts:part                       delivered login  200    200    404    404      login  422    422    404    404
contracts:end                        delivered login  200    200    404    404      login  422    422    404    404
contracts:wish                       delivered login  there  there  404    404      login  422    422    404    404
contracts:dispute                    delivered login  200    200    404    404      login  422    422    404    404
contracts:dispute_back               delivered login  there  there  404    404      login  409    409    404    404
contracts:wish                       asked     login  200    200    404    404      login  422    422    404    404
contracts:room                       asked     login  200    200    404    404      login  405    405    405    405
contracts:room                       disputed  login  200    200    404    404      login  405    405    405    405
contracts:dispute                    disputed  login  200    there  404    404      login  422    422    404    404
contracts:dispute_back               disputed  login  there  there  404    404      login  409    there  404    404
contracts:dispute_split              disputed  login  there  there  404    404      login  409    409    404    404
contracts:dispute_split              proposed  login  200    200    404    404      login  422    422    404    404
contracts:room                       proposed  login  200    200    404    404      login  405    405    405    405
contracts:dispute_file               disputed  login  200    200    404    404      login  405    405    405    405
contracts:calendar                   delivered login  200    200    404    404      login  405    405    405    405
contracts:law                        delivered login  200    200    404    404      login  405    405    405    405
contracts:law_file                   delivered login  200    200    404    404      login  405    405    405    405
contracts:price                      funded    login  200    200    404    404      login  422    422    404    404
contracts:price                      asked     login  200    200    404    404      login  422    422    404    404
contracts:price_answer               asked     login  there  there  404    404      login  422    422    404    404
contracts:care                       funded    login  200    there  404    404      login  422    422    404    404
contracts:care                       asked     login  200    200    404    404      login  422    422    404    404
contracts:care_answer                asked     login  there  there  404    404      login  422    422    404    404
contracts:law                        asked     login  200    200    404    404      login  405    405    405    405
contracts:check_in                   funded    login  there  there  404    404      login  422    422    404    404
contracts:check_ins                  funded    login  there  there  404    404      login  422    422    404    404
contracts:ending                     funded    login  there  there  404    404      login  422    422    404    404
contracts:ending                     noticed   login  200    200    404    404      login  422    422    404    404
contracts:ending_why                 noticed   login  there  there  404    404      login  there  there  404    404
contracts:ending_reason              noticed   login  there  there  404    404      login  422    422    404    404
contracts:stand_in                   funded    login  200    there  404    404      login  422    there  404    404
contracts:stand_in_one               stand_in  login  200    200    404    404      login  422    422    404    404
contracts:stand_in_call              stand_in  login  there  there  404    404      login  409    409    404    404
contracts:week                       hourly    login  200    200    404    404      login  405    405    405    405
contracts:week_press                 hourly    login  there  there  404    404      login  422    422    404    404
contracts:week_add                   hourly    login  there  there  404    404      login  422    422    404    404
contracts:week_mend                  hourly    login  there  there  404    404      login  422    422    404    404
contracts:week_entry                 hourly    login  200    there  404    404      login  422    422    404    404
contracts:week_submit                hourly    login  200    there  404    404      login  422    422    404    404
contracts:week_ask                   hourly    login  there  there  404    404      login  422    422    404    404
contracts:week_confirm               hourly    login  there  there  404    404      login  422    422    404    404
contracts:week_part                  hourly    login  200    200    404    404      login  422    422    404    404
contracts:week_dispute               hourly    login  200    200    404    404      login  422    422    404    404
contracts:week_dispute_split         hourly    login  there  there  404    404      login  409    409    404    404
contracts:week_dispute_back          hourly    login  there  there  404    404      login  409    409    404    404
contracts:week_fund                  hourly    login  there  200    404    404      login  409    there  404    404
contracts:hours                      hourly    login  200    200    404    404      login  405    405    405    405
contracts:message                    delivered login  there  there  404    404      login  422    422    404    404
contracts:review                     finished  login  200    200    404    404      login  422    422    404    404
contracts:thanks                     finished  login  there  200    404    404      login  422    422    404    404
contracts:bonus                      finished  login  there  200    404    404      login  422    422    404    404
contracts:file                       delivered login  200    200    404    404      login  405    405    405    405
payments:earnings                    -         login  200    200    200    -        login  405    405    405    -
payments:export                      -         login  200    200    200    -        login  405    405    405    -
payments:early                       -         login  200    200    200    -        login  422    422    422    -
payments:account                     -         login  200    200    200    -        login  422    422    422    -
payments:tax                         -         login  200    200    200    -        login  422    422    422    -
payments:names                       -         login  200    200    200    -        login  405    405    405    -
payments:paid                        -         login  200    200    200    -        login  405    405    405    -
documents:list                       -         login  200    200    200    -        login  405    405    405    -
documents:index                      -         login  200    200    200    -        login  405    405    405    -
documents:archive                    -         login  200    200    200    -        login  405    405    405    -
documents:year                       -         login  200    200    200    -        login  405    405    405    -
documents:earned                     -         login  200    200    200    -        login  405    405    405    -
documents:withheld                   -         login  200    200    200    -        login  405    405    405    -
documents:paper                      document  login  200    200    404    404      login  405    405    405    405
documents:pdf                        document  login  200    200    404    404      login  405    405    405    405
documents:sheet                      document  login  200    200    404    404      login  405    405    405    405
cards:go                             deposit   login  404    there  404    404      login  405    405    405    405
cards:back                           deposit   login  404    there  404    404      login  405    405    405    405
cards:messages                       -         405    405    405    405    -        404    404    404    404    -
payments:deposit                     deposit   login  404    200    404    404      login  405    405    405    405
payments:debt                        owed     login  404    200    404    404      login  404    409    404    404
payments:refund_account              -         login  200    200    200    -        login  405    405    405    -
payments:refund_account_of           party     login  404    200    404    404      login  404    422    404    404
payments:statement                   earning   login  200    200    404    404      login  405    405    405    405
organisations:list                   -         login  200    200    200    -        login  405    405    405    -
organisations:new                    -         login  200    200    200    -        login  422    422    422    -
organisations:acting                 -         login  405    405    405    -        login  404    404    404    -
organisations:one                    party     login  404    200    404    404      login  405    405    405    405
organisations:describe               party     login  404    200    404    404      login  404    422    404    404
organisations:invite                 party     login  404    200    404    404      login  404    422    404    404
organisations:powers                 colleague login  404    200    404    404      login  404    422    404    404
organisations:end                    colleague login  404    200    404    404      login  404    there  404    404
organisations:withdraw               invited   login  405    405    405    405      login  404    there  404    404
organisations:accept                 invited   login  405    405    405    405      login  404    404    404    404
organisations:letter                 -         200    200    there  200    -        login  there  there  there  -
topics:list                          -         200    200    200    200    -        405    405    405    405    -
profiles:me                          -         login  200    200    200    -        login  405    405    405    -
profiles:line                        -         login  200    200    200    -        login  there  there  there  -
profiles:begin                       -         login  there  there  there  -        login  405    405    405    -
profiles:begun                       -         login  200    200    200    -        login  405    405    405    -
profiles:question                    -         login  200    200    200    -        login  422    422    422    -
profiles:expert                      -         login  200    200    200    -        login  422    422    422    -
profiles:preview                     -         login  200    200    200    -        login  405    405    405    -
profiles:evenings                    -         login  405    405    405    -        login  there  there  there  -
profiles:unsaved                     -         login  405    405    405    -        login  404    404    404    -
profiles:move                        strength  login  405    405    405    405      login  there  404    404    404
profiles:topics                      -         login  200    200    200    -        login  405    405    405    -
profiles:skills                      -         login  200    200    200    -        login  405    405    405    -
profiles:add                         -         login  200    200    200    -        login  422    422    422    -
profiles:change                      strength  login  200    404    404    404      login  422    404    404    404
profiles:remove                      strength  login  405    405    405    405      login  there  404    404    404
portfolio:add                        -         login  200    200    200    -        login  422    422    422    -
portfolio:piece                      piece     200    200    200    200    404      405    405    405    405    405
portfolio:piece                      hidden    404    200    404    404    404      405    405    405    405    405
portfolio:change                     piece     login  200    404    404    404      login  422    404    404    404
portfolio:move                       piece     login  405    405    405    405      login  there  404    404    404
portfolio:remove                     piece     login  405    405    405    405      login  there  404    404    404
portfolio:back                       piece     login  405    405    405    405      login  there  404    404    404
portfolio:add_file                   piece     login  200    404    404    404      login  422    404    404    404
portfolio:file                       piece     200    200    200    200    404      405    405    405    405    405
portfolio:file                       hidden    404    200    404    404    404      405    405    405    405    405
portfolio:picture                    piece     200    200    200    200    404      405    405    405    405    405
portfolio:picture                    hidden    404    200    404    404    404      405    405    405    405    405
portfolio:remove_file                piece     login  405    405    405    405      login  there  404    404    404
portfolio:back_file                  piece     login  405    405    405    405      login  there  404    404    404
journey:wishes                       -         login  200    200    200    -        login  there  there  there  -
journey:hand_me                      career    login  200    404    404    404      login  422    404    404    404
journey:plan                         -         login  200    200    200    -        login  422    422    422    -
journey:forget_plan                  -         login  405    405    405    -        login  there  there  there  -
journey:finder                       -         login  200    200    200    -        login  405    405    405    -
journey:question                     -         login  200    200    200    -        login  there  there  there  -
journey:sentences                    -         login  200    200    200    -        login  422    422    422    -
journey:forget                       -         login  405    405    405    -        login  there  there  there  -
cv:sheet                             -         login  200    200    200    -        login  405    405    405    -
cv:pdf                               -         login  200    200    200    -        login  405    405    405    -
cv:resume                            -         login  200    200    200    -        login  405    405    405    -
profiles:public                      worker    200    200    200    200    404      405    405    405    405    405
profiles:reviews                     worker    200    200    200    200    404      405    405    405    405    405
profiles:thanks                      worker    200    200    200    200    404      405    405    405    405    405
record:mine                          -         login  200    200    200    -        login  422    422    422    -
record:paper                         record    login  200    404    404    404      login  405    405    405    405
record:token                         record    login  200    404    404    404      login  405    405    405    405
record:envelope                      record    login  200    404    404    404      login  405    405    405    405
record:pdf                           record    login  200    404    404    404      login  405    405    405    405
record:revoke                        record    login  200    404    404    404      login  there  404    404    404
record:verify                        -         200    200    200    200    -        422    422    422    422    -
record:status                        -         200    200    200    200    -        405    405    405    405    -
record:keys                          -         200    200    200    200    -        405    405    405    405    -
record:key                           -         404    404    404    404    -        405    405    405    405    -
notices:list                         -         login  200    200    200    -        login  405    405    405    -
notices:read_all                     -         login  405    405    405    -        login  there  there  there  -
notices:mail                         -         login  200    200    200    -        login  there  there  there  -
notices:open                         notice    login  there  404    404    404      login  405    405    405    405
privacy:export                       -         login  200    200    200    -        login  there  there  there  -
privacy:take                         -         login  there  there  there  -        login  404    404    404    -
privacy:seen                         -         login  200    200    200    -        login  405    405    405    -
privacy:leave                        -         login  200    200    200    -        login  405    405    405    -
privacy:keep                         -         login  200    200    200    -        login  409    409    there  -
privacy:erase                        -         login  200    200    200    -        login  409    409    there  -
privacy:left                         -         200    200    200    200    -        405    405    405    405    -
privacy:copy                         parted    login  200    404    404    404      login  405    405    405    405
privacy:copied_file                  parted    login  404    404    404    404      login  405    405    405    405
privacy:entry_copy                   parted_win login 200    404    404    404      login  405    405    405    405
privacy:entry_file                   parted_win login 404    404    404    404      login  405    405    405    405
guide:index                          -         200    200    200    200    -        405    405    405    405    -
guide:tip                            -         200    200    200    200    -        405    405    405    405    -
guide:money                          -         200    200    200    200    -        405    405    405    405    -
guide:badges                         -         200    200    200    200    -        405    405    405    405    -
guide:open_door                      -         200    200    200    200    -        405    405    405    405    -
guide:terms                          -         200    200    200    200    -        405    405    405    405    -
guide:privacy                        -         200    200    200    200    -        405    405    405    405    -
guide:rules                          -         200    200    200    200    -        405    405    405    405    -
guide:roles                          -         200    200    200    200    -        405    405    405    405    -
guide:accessibility                  -         200    200    200    200    -        405    405    405    405    -
welcome                              -         login  200    200    200    -        login  422    422    422    -
interrupted                          -         login  there  there  there  -        login  405    405    405    -
account_login                        -         200    there  there  there  -        200    there  there  there  -
proof_by_code                        -         login  there  200    200    -        login  there  there  there  -
end_session                          session   login   405    405    405    405      login  there  404    404    404
end_all_sessions                     -         login   405    405    405    -        login  there  there  there  -
account_logout                       -         there  200    200    200    -        there  there  there  there  -
account_inactive                     -         200    200    200    200    -        405    405    405    405    -
account_signup                       -         200    there  there  there  -        200    there  there  there  -
account_reauthenticate               -         login  200    200    200    -        login  200    200    200    -
account_email                        -         login  200    200    200    -        login  there  there  there  -
account_email_verification_sent      -         there  there  there  there  -        there  there  there  there  -
account_change_password              -         login  200    200    200    -        login  200    200    200    -
account_set_password                 -         login  there  there  there  -        login  there  there  there  -
account_reset_password               -         200    200    200    200    -        200    200    200    200    -
account_confirm_login_code           -         there  there  there  there  -        there  there  there  there  -
account_confirm_password_reset_code  -         there  there  there  there  -        there  there  there  there  -
account_complete_password_reset      -         there  there  there  there  -        there  there  there  there  -
account_password_reset_completed     -         200    200    200    200    -        405    405    405    405    -
account_request_login_code           -         200    there  there  there  -        200    there  there  there  -
mfa_index                            -         login  200    200    200    -        login  405    405    405    -
mfa_authenticate                     -         there  there  there  there  -        there  there  there  there  -
mfa_reauthenticate                   -         login  there  there  there  -        login  there  there  there  -
mfa_activate_totp                    -         login  200    200    200    -        login  200    200    200    -
mfa_deactivate_totp                  -         login  404    404    404    -        login  404    404    404    -
mfa_view_recovery_codes              -         login  404    404    404    -        login  405    405    405    -
mfa_generate_recovery_codes          -         login  200    200    200    -        login  there  200    200    -
mfa_download_recovery_codes          -         login  404    404    404    -        login  404    404    404    -
mfa_list_webauthn                    -         login  200    200    200    -        login  405    405    405    -
mfa_add_webauthn                     -         login  200    200    200    -        login  200    200    200    -
mfa_reauthenticate_webauthn          -         login  200    there  there  -        login  there  there  there  -
mfa_remove_webauthn                  passkey   login  200    404    404    404      login  there  404    404    404
mfa_edit_webauthn                    passkey   login  200    404    404    404      login  200    404    404    404
mfa_login_webauthn                   -         there  there  there  there  -        there  there  there  there  -
usersessions_list                    -         login  200    200    200    -        login  there  there  there  -
look                                 -         405    405    405    405    -        there  there  there  there  -
source                               -         200    200    200    200    -        405    405    405    405    -
demo:people                          -         200    200    200    200    -        405    405    405    405    -
demo:become                          worker    405    405    405    405    405      404    404    404    404    404
demo:mail                            -         200    200    200    200    -        405    405    405    405    -
demo:clock                           -         200    200    200    200    -        422    422    422    422    -
gallery                              -         200    200    200    200    -        422    422    422    422    -
gallery_answering                    -         200    200    200    200    -        422    422    422    422    -
gallery_building                     -         200    200    200    200    -        422    422    422    422    -
"""


def rows() -> list[Row]:
    """The table, line by line."""
    return read(TABLE, ROLES)


def read(table: str, roles: tuple[str, ...]) -> list[Row]:
    """A table with these columns twice: a look, and a form."""
    found = []
    for line in table.strip().splitlines():
        if line and not line.startswith("#"):
            name, thing, *answers = line.split()
            found.append(Row(name, thing, dict(zip(roles, answers[:len(roles)], strict=True)),
                             dict(zip(roles, answers[len(roles):], strict=True))))
    return found
