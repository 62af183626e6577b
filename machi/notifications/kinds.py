"""Every kind of message the town sends: its words in the list, its mail subject, its mail text.

A mail subject never tells a result, an amount or a code: somebody else may see the screen.
Gaps end in a word that says how they are written: _yen, _on (a day), _at (a moment), _minutes (how long), _person
(called by name), _word (an id of the catalogue), _words (several); everything else stands as it is.
"""
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Kind:
    """The words of one kind. `waits_for_morning`: a disappointment is not sent at night."""

    subject: str                # of the mail, and the heading in the list
    text: str
    waits_for_morning: bool = False
    is_mailed: bool = True
    is_safety: bool = False     # about the account itself: always mailed, nobody can switch it off for somebody else


KINDS: Mapping[str, Kind] = {
    "job.still_open": Kind(_("notice.still_open.subject"), _("notice.still_open")),
    "job.paused_by_town": Kind(_("notice.paused_by_town.subject"), _("notice.paused_by_town")),
    "proposal.post_changed": Kind(_("notice.post_changed.subject"), _("notice.post_changed")),
    "proposal.post_changed_more": Kind(_("notice.post_changed.subject"), _("notice.post_changed_more")),
    "proposal.arrived": Kind(_("notice.proposal_arrived.subject"), _("notice.proposal_arrived")),
    "proposal.not_chosen": Kind(_("mail.not_chosen.subject"), _("mail.not_chosen"), waits_for_morning=True),
    "proposal.nobody_chosen": Kind(_("mail.nobody_chosen.subject"), _("apply.nobody_chosen"), waits_for_morning=True),
    "proposal.closed_by_town": Kind(_("mail.closed_by_town.subject"), _("apply.closed_by_town"), waits_for_morning=True),
    # the same, when there is no other post to point to: a count of zero drops its sentence
    "proposal.not_chosen_only": Kind(_("mail.not_chosen.subject"), _("mail.not_chosen_only"), waits_for_morning=True),
    "proposal.nobody_chosen_only": Kind(_("mail.nobody_chosen.subject"), _("apply.nobody_chosen_only"), waits_for_morning=True),
    "proposal.closed_by_town_only": Kind(_("mail.closed_by_town.subject"), _("apply.closed_by_town_only"), waits_for_morning=True),
    "entry.won": Kind(_("notice.entry_result.subject"), _("notice.entry_won")),
    "entry.shared": Kind(_("notice.entry_result.subject"), _("notice.entry_shared")),
    "entry.not_chosen": Kind(_("notice.entry_result.subject"), _("notice.entry_not_chosen"), waits_for_morning=True),
    "entry.broken_file": Kind(_("notice.entry_broken.subject"), _("notice.entry_broken")),
    "contest.judge": Kind(_("notice.contest_judge.subject"), _("notice.contest_judge")),
    "contest.split": Kind(_("notice.contest_ended.subject"), _("notice.contest_split")),
    "contest.empty": Kind(_("notice.contest_ended.subject"), _("notice.contest_empty")),
    "job.look_passed": Kind(_("notice.look_passed.subject"), _("notice.look_passed")),
    "job.look_returned": Kind(_("notice.look_returned.subject"), _("notice.look_returned")),
    "question.asked": Kind(_("notice.question_asked.subject"), _("notice.question_asked")),
    "question.answered": Kind(_("notice.question_answered.subject"), _("notice.question_answered")),
    "contract.offer": Kind(_("mail.offer.subject"), _("contract.offer")),
    "contract.offer_declined": Kind(_("notice.offer_declined.subject"), _("notice.offer_declined")),
    "contract.offer_expired": Kind(_("notice.offer_expired.subject"), _("notice.offer_expired")),
    "contract.formed": Kind(_("notice.formed.subject"), _("contract.formed")),
    "contract.to_fund": Kind(_("notice.to_fund.subject"), _("notice.to_fund")),
    "contract.void": Kind(_("notice.void.subject"), _("notice.void")),
    "contract.escrowed": Kind(_("notice.escrowed.subject"), _("contract.escrowed")),
    "contract.delivered": Kind(_("mail.delivered.subject"), _("notice.delivered")),
    "contract.delivered_done": Kind(_("notice.delivered_done.subject"), _("contract.delivered"), is_mailed=False),
    "contract.accept_soon": Kind(_("notice.accept_soon.subject"), _("notice.accept_soon")),
    "contract.date_asked": Kind(_("notice.date_asked.subject"), _("notice.date_asked")),
    "contract.date_agreed": Kind(_("notice.date_agreed.subject"), _("notice.date_agreed")),
    "contract.date_kept": Kind(_("notice.date_kept.subject"), _("notice.date_kept")),
    "contract.date_withdrawn": Kind(_("notice.date_withdrawn.subject"), _("notice.date_withdrawn"), is_mailed=False),
    "contract.date_lapsed": Kind(_("notice.date_lapsed.subject"), _("notice.date_lapsed")),
    "contract.changes_asked": Kind(_("notice.changes_asked.subject"), _("contract.changes_asked")),
    "contract.accepted": Kind(_("notice.accepted.subject"), _("contract.accepted")),
    "contract.accepted_by_town": Kind(_("notice.accepted_by_town.subject"), _("notice.accepted_by_town")),
    "contract.refunded": Kind(_("notice.refunded.subject"), _("notice.refunded")),
    "contract.step_to_fund": Kind(_("notice.step_to_fund.subject"), _("notice.step_to_fund")),
    "contract.rest_void": Kind(_("notice.rest_void.subject"), _("notice.rest_void")),
    "contract.step_accepted": Kind(_("notice.accepted.subject"), _("notice.step_accepted")),
    "contract.settled": Kind(_("notice.settled.subject"), _("notice.settled")),
    "contract.step_ended": Kind(_("notice.settled.subject"), _("notice.step_ended")),
    "contract.goes_back": Kind(_("notice.goes_back.subject"), _("notice.goes_back")),
    "contract.check_in": Kind(_("notice.check_in.subject"), _("notice.check_in")),
    "contract.checked_in": Kind(_("notice.check_in.subject"), _("notice.checked_in"), is_mailed=False),
    "contract.stand_in_asked": Kind(_("notice.stand_in.subject"), _("notice.stand_in_asked")),
    "contract.stand_in_wished": Kind(_("notice.stand_in.subject"), _("notice.stand_in_wished")),
    "contract.stand_in_ready": Kind(_("notice.stand_in.subject"), _("notice.stand_in_ready")),
    "contract.stand_in_declined": Kind(_("notice.stand_in.subject"), _("notice.stand_in_declined"), waits_for_morning=True),
    "contract.stand_in_withdrawn": Kind(_("notice.stand_in.subject"), _("notice.stand_in_withdrawn")),
    "contract.stand_in_called": Kind(_("notice.stand_in.subject"), _("notice.stand_in_called")),
    "contract.stand_in_cannot": Kind(_("notice.stand_in.subject"), _("notice.stand_in_cannot")),
    "contract.stand_in_not_needed": Kind(_("notice.stand_in.subject"), _("notice.stand_in_not_needed")),
    "contract.stand_in_free": Kind(_("notice.stand_in.subject"), _("notice.stand_in_free"), is_mailed=False),
    "contract.passed_on": Kind(_("notice.stand_in.subject"), _("notice.passed_on")),
    "contract.taken_over": Kind(_("notice.stand_in.subject"), _("notice.taken_over")),
    "contract.kept_paid": Kind(_("notice.accepted.subject"), _("notice.kept_paid")),
    "contract.end_notice": Kind(_("notice.end_notice.subject"), _("notice.end_notice"), waits_for_morning=True),
    "contract.end_reason_asked": Kind(_("notice.end_notice.subject"), _("notice.end_reason_asked")),
    "contract.end_reason_told": Kind(_("notice.end_notice.subject"), _("notice.end_reason_told"), waits_for_morning=True),
    "contract.end_notice_over": Kind(_("notice.end_notice.subject"), _("notice.end_notice_over")),
    "contract.change_asked": Kind(_("notice.change_asked.subject"), _("notice.change_asked")),
    "contract.change_agreed": Kind(_("notice.change_agreed.subject"), _("notice.change_agreed")),
    "contract.change_kept": Kind(_("notice.change_kept.subject"), _("notice.change_kept")),
    "contract.change_lapsed": Kind(_("notice.change_kept.subject"), _("notice.change_lapsed")),
    "contract.change_overtaken": Kind(_("notice.change_kept.subject"), _("notice.change_overtaken")),
    "contract.dispute_opened": Kind(_("notice.dispute.subject"), _("notice.dispute_opened")),
    "contract.dispute_reminded": Kind(_("notice.dispute.subject"), _("notice.dispute_reminded")),
    "contract.dispute_answered": Kind(_("notice.dispute.subject"), _("notice.dispute_answered")),
    "contract.dispute_over": Kind(_("notice.dispute.subject"), _("notice.dispute_over")),
    "contract.dispute_withdrawn": Kind(_("notice.dispute.subject"), _("notice.dispute_withdrawn")),
    "week.to_fund": Kind(_("notice.step_to_fund.subject"), _("notice.week_to_fund")),
    "week.escrowed": Kind(_("notice.week_escrowed.subject"), _("notice.week_escrowed")),
    "week.not_covered": Kind(_("notice.week_not_covered.subject"), _("notice.week_not_covered"), waits_for_morning=True),
    "week.void": Kind(_("notice.week_void.subject"), _("notice.week_void")),
    "week.submitted": Kind(_("notice.week_submitted.subject"), _("notice.week_submitted")),
    "week.submitted_done": Kind(_("notice.week_submitted_done.subject"), _("notice.week_submitted_done"), is_mailed=False),
    "week.asked": Kind(_("notice.week_asked.subject"), _("notice.week_asked")),
    "week.confirmed": Kind(_("notice.week_confirmed.subject"), _("notice.week_confirmed")),
    "week.confirmed_by_town": Kind(_("notice.week_confirmed.subject"), _("notice.week_confirmed_by_town")),
    "week.still_runs": Kind(_("notice.week_still_runs.subject"), _("notice.week_still_runs")),
    "refund.arrived": Kind(_("notice.refund_arrived.subject"), _("notice.refund_arrived")),
    "contract.unanswered": Kind(_("notice.unanswered.subject"), _("notice.unanswered")),
    "contract.message": Kind(_("notice.message.subject"), _("notice.message")),
    "contract.message_of_party": Kind(_("notice.message.subject"), _("notice.message_of_party")),
    "payout.waiting_for_account": Kind(_("notice.payout_account.subject"), _("notice.payout_account")),
    "payout.sending": Kind(_("notice.payout_sending.subject"), _("payout.sending"), is_mailed=False),
    "payout.arrived": Kind(_("notice.payout_arrived.subject"), _("payout.arrived")),
    "payout.first": Kind(_("notice.payout_arrived.subject"), _("pay.first")),
    "payout.returned": Kind(_("notice.payout_returned.subject"), _("payout.returned")),
    "withheld.returned": Kind(_("notice.withheld.subject"), _("notice.withheld")),
    "account.new_device": Kind(_("notice.new_device.subject"), _("notice.new_device"), is_safety=True),
    "account.bank_changed": Kind(_("notice.bank_changed.subject"), _("notice.bank_changed"), is_safety=True),
    "review.due": Kind(_("notice.review_due.subject"), _("notice.review_due")),
    "review.opened": Kind(_("notice.review_opened.subject"), _("notice.review_opened")),
    "export.ready": Kind(_("notice.export_ready.subject"), _("notice.export_ready")),
    "export.not_made": Kind(_("notice.export_not_made.subject"), _("notice.export_not_made")),
    "thanks.arrived": Kind(_("notice.thanks.subject"), _("thanks.arrived")),
    "organisation.joined": Kind(_("notice.organisation_joined.subject"), _("notice.organisation_joined")),
    "organisation.left": Kind(_("notice.organisation_left.subject"), _("notice.organisation_left")),
    "organisation.taken_out": Kind(_("notice.organisation_left.subject"), _("notice.organisation_taken_out")),
    "organisation.powers": Kind(_("notice.organisation_powers.subject"), _("notice.organisation_powers")),
    "organisation.removed": Kind(_("notice.organisation_removed.subject"), _("notice.organisation_removed"), waits_for_morning=True),
    "organisation.handed": Kind(_("notice.organisation_handed.subject"), _("notice.organisation_handed")),
}
