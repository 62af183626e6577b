"""What the town does by the clock: each line is one run, each run calls one action of a room.

To add a run, add a line. Runs of the same rhythm are done one after the other; one that fails is logged and tried again
at its next turn, and never stops the others.
"""
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.conf import settings
from django.core.management import call_command

from machi.accounts import actions as accounts
from machi.banking import actions as banking
from machi.cards import actions as cards
from machi.checks import actions as checks
from machi.contracts import actions as contracts
from machi.documents import actions as documents
from machi.files import actions as files
from machi.insights import actions as insights
from machi.jobs import actions as jobs
from machi.notifications import actions as notifications
from machi.organisations import actions as organisations
from machi.payments import actions as payments
from machi.payments.queries import is_money_stopped, was_stopped_lately
from machi.portfolio import actions as portfolio
from machi.privacy import actions as privacy
from machi.profiles import actions as profiles
from machi.proposals import actions as proposals
from machi.reviews import actions as reviews
from machi.tasks import actions as tasks
from machi.taxonomy import actions as taxonomy

AT_ONCE = 2                                             # seconds: somebody is waiting for it
CLOCK = 10 if settings.DEMO_TOWN else 60                # a deadline passed; in a demo town somebody just moved the clock
LONG = 5                                                # work of its own that may take a while, and holds up nobody
HOUR = 3600


@dataclass(frozen=True, slots=True)
class Run:
    name: str
    seconds: int
    action: Callable[[], object]


def _once_people_could_pay(action: Callable[[], int]) -> Callable[[], int]:
    """What somebody could only have kept from happening by moving money, or by signing what moves it, waits while money is stopped, and
    a day longer.
    """
    @wraps(action)
    def act() -> int:
        return 0 if was_stopped_lately() else action()
    return act


def _while_money_moves(action: Callable[[], int]) -> Callable[[], int]:
    """What is written down for good waits while money is stopped: a paper made of a row that a rule found wrong would stay wrong."""
    @wraps(action)
    def act() -> int:
        return 0 if is_money_stopped() else action()
    return act


RUNS = (
    Run("send mail", AT_ONCE, notifications.send_waiting),
    Run("send invitations", AT_ONCE, organisations.mail_invitations),
    Run("take up what was paid in", AT_ONCE, contracts.take_up_fundings),
    Run("take up what was paid in for a bonus", AT_ONCE, contracts.take_up_bonuses),
    Run("take up what was paid in for a contest", AT_ONCE, proposals.take_up_pots),
    Run("take up what was paid in for micro-tasks", AT_ONCE, tasks.take_up_slots),
    Run("hear what the payment service says of cards", AT_ONCE, payments.hear_cards),
    Run("take up what is set aside on cards", AT_ONCE, payments.take_up_cards),
    Run("send payouts to the bank", AT_ONCE, payments.send_payouts),
    Run("send refunds to the bank", AT_ONCE, payments.send_refunds),
    Run("tell workers whose client's bank took money back", AT_ONCE, contracts.hear_of_chargebacks),
    Run("read the bank's statement", AT_ONCE, payments.read_statement),
    Run("follow merged topics in hobbies", AT_ONCE, profiles.follow_topics),
    Run("follow merged topics in pieces of work", AT_ONCE, portfolio.follow_topics),
    Run("follow merged topics in posts", AT_ONCE, jobs.follow_topics),
    Run("write the papers of what was agreed, handed over and paid", AT_ONCE, _while_money_moves(documents.make_papers)),
    Run("tell applicants what changed on a post", AT_ONCE, proposals.tell_of_changes),
    Run("close posts whose day is over", CLOCK, jobs.close_overdue),
    Run("ask silent clients whether a post is still open", CLOCK, jobs.ask_whether_open),
    Run("pause posts whose client did not answer", CLOCK, jobs.pause_unanswered),
    Run("answer applicants whom the client left waiting", CLOCK, proposals.answer_for_silent_clients),
    Run("end contests without an entry, and split the pots that nobody judged", CLOCK,
        _once_people_could_pay(proposals.settle_contests)),
    Run("remind of a contest that is to be judged", CLOCK, proposals.remind_of_judging),
    Run("let unanswered offers expire", CLOCK, contracts.expire_offers),
    Run("let calls to a stand-in expire", CLOCK, _once_people_could_pay(contracts.expire_calls)),
    Run("end contracts that were never funded", CLOCK, _once_people_could_pay(contracts.void_unfunded)),
    Run("ask the payment service how cards stand", CLOCK, payments.ask_about_cards),
    Run("end steps whose money a bank took back and nobody paid anew", CLOCK, _once_people_could_pay(contracts.end_what_nobody_paid)),
    Run("wait no longer for a bonus that was not paid in", CLOCK, _once_people_could_pay(contracts.lapse_bonuses)),
    Run("wait no longer for money that was not paid in", CLOCK, _once_people_could_pay(payments.lapse_deposits)),
    Run("end wishes for a due date that has passed", CLOCK, contracts.lapse_dates),
    Run("end wishes about a contract that nobody answered", CLOCK, _once_people_could_pay(contracts.lapse_changes)),
    Run("ask how it goes at a quarter and at half of the time", CLOCK, contracts.ask_how_it_goes),
    Run("remind who has not answered a letter", CLOCK, contracts.remind_who_is_silent),
    Run("tell both that the last month of their work is near", CLOCK, contracts.tell_of_last_months),
    Run("end long contracts whose notice is over", CLOCK, contracts.end_after_notice),
    Run("remind of a dispute that waits for an answer", CLOCK, contracts.remind_of_disputes),
    Run("settle disputes for whoever spoke when the other side stays silent", CLOCK, contracts.settle_for_silent),
    Run("let the town rule where thirty days of mediation brought no agreement", CLOCK, contracts.end_mediation),
    Run("remind of a week whose money is not there", CLOCK, contracts.remind_of_weeks),
    Run("tell the worker of a week that begins without its money", CLOCK, contracts.tell_of_weeks_without_money),
    Run("remind of a clock that was not stopped", CLOCK, contracts.remind_of_running_clocks),
    Run("hand over the weeks that are over", CLOCK, contracts.submit_weeks),
    Run("give back bundles that nobody has touched", CLOCK, _once_people_could_pay(tasks.lapse_bundles)),
    Run("put answers together", CLOCK, tasks.put_together),
    Run("count how far large batches are", CLOCK, tasks.tally_large),
    Run("give the items of large drafts their places", CLOCK, tasks.lay_drafts),
    Run("approve answers for silent clients", CLOCK, _once_people_could_pay(tasks.approve_for_silent)),
    Run("let refusals stand that nobody appealed", CLOCK, _once_people_could_pay(tasks.let_refusals_stand)),
    Run("pay what was approved of micro-tasks", CLOCK, _while_money_moves(tasks.close_batches)),
    Run("remind of an acceptance that is due", CLOCK, contracts.remind_of_acceptance),
    Run("accept for silent clients", CLOCK, contracts.accept_for_silent_clients),
    Run("open reviews that both wrote, or that waited long enough", CLOCK, reviews.open_waiting),
    Run("give up what was set aside for an account of before", CLOCK, payments.undo_set_aside),
    Run("carry what became due with what is set aside for its day", CLOCK, payments.join_set_aside),
    Run("ask every rule, and pay what is due", CLOCK, checks.pay_what_is_due),
    Run("give back what was withheld in months that are over", CLOCK, payments.give_back_withheld),
    Run("tell whose money arrived, once it is sure that it stayed", CLOCK, payments.tell_what_arrived),
    Run("forget the account of whoever left, once their money arrived", CLOCK, payments.forget_late_accounts),
    Run("remind of a missing bank account", CLOCK, payments.remind_of_account),
    Run("ask where money goes back to", CLOCK, payments.remind_of_refund_account),
    Run("seal the books of the day that is over", HOUR, payments.seal_books),
    Run("ask every rule once a night", HOUR, checks.check_by_night),
    Run("ask the rules of what was written lately", HOUR, checks.check_lately),
    Run("look for what is late", HOUR, checks.look_for_what_is_late),
    Run("count what was delivered until a day that is over", HOUR, payments.count_delivered),
    Run("make the files that people take home", LONG, privacy.make_exports),
    Run("take in files of items", LONG, tasks.take_in_files),
    Run("take in pictures, sounds and films of items", LONG, tasks.take_in_media),
    Run("make previews of what was handed in", LONG, proposals.make_previews),
    Run("write down who was erased", CLOCK, privacy.note_erasures),
    Run("destroy keys whose day has come", HOUR, privacy.destroy_due_keys),
    Run("destroy keys and sealed files that nothing points at", HOUR, privacy.sweep_sealed),
    Run("forget messages of the payment service that were dealt with", HOUR, cards.forget_events),
    Run("forget statements of the bank that nobody took in", HOUR, banking.forget_unread),
    Run("forget names beside old lines of the bank", HOUR, privacy.forget_bank_words),
    Run("try again to write papers that could not be written", HOUR, _while_money_moves(documents.make_the_rest)),
    Run("put together the papers of a month or a year that is over", HOUR, _while_money_moves(documents.put_together)),
    Run("clear away exports whose day is over", HOUR, privacy.clear_exports),
    Run("forget pieces of work that were taken away", CLOCK, portfolio.forget_removed),
    Run("forget files that nothing points at", HOUR, files.sweep),
    Run("forget the addresses of invitations that ended", HOUR, organisations.forget_addresses),
    Run("count by night what became of applications", HOUR, insights.count_if_new_day),
    Run("count the topics of pages", HOUR, profiles.count_topics),
    Run("count the topics of posts", HOUR, jobs.count_topics),
    Run("forget topics that nobody names any more", HOUR, taxonomy.forget_unnamed),
    Run("forget sessions that ended", HOUR, lambda: call_command("clearsessions")),
    Run("forget devices that signed out", HOUR, accounts.forget_devices),
    Run("forget addresses that were given up", HOUR, accounts.forget_former_addresses),
)


def rhythms() -> dict[int, list[Run]]:
    """Seconds -> the runs of that rhythm, in the order of the list."""
    return {seconds: [run for run in RUNS if run.seconds == seconds] for seconds in sorted({run.seconds for run in RUNS})}
