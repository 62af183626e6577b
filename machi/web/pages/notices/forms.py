"""Which matters also come by mail: one switch each."""
from django import forms
from django.utils.translation import gettext_lazy as _

from machi.notifications.queries import mail_choices

# A matter, in words, and the kinds of notices it stands for (the same news may be worded in two ways).
MATTERS: dict[str, dict[str, tuple]] = {
    "apply": {
        "result": (_("notices.matter.result"), (
            "proposal.not_chosen", "proposal.not_chosen_only", "proposal.nobody_chosen", "proposal.nobody_chosen_only",
            "proposal.closed_by_town", "proposal.closed_by_town_only", "entry.won", "entry.shared", "entry.not_chosen",
            "entry.nobody_chosen")),
        "offer": (_("notices.matter.offer"), ("contract.offer", "contract.offer_by_hour")),
        "applied": (_("notices.matter.applied"), ("proposal.arrived",)),
        "tasks": (_("notices.matter.tasks"), ("answers.paid", "answers.refused", "appeal.granted", "appeal.upheld", "batch.ended")),
        "contest": (_("notices.matter.contest"), ("contest.judge", "contest.split", "contest.empty", "entry.broken_file")),
        "post": (_("notices.matter.post"), ("job.still_open", "job.paused_by_town", "job.look_passed", "job.look_returned")),
        "changed": (_("notices.matter.changed"), ("proposal.post_changed", "proposal.post_changed_more")),
        "question": (_("notices.matter.question"), ("question.asked", "question.answered")),
        "answered": (_("notices.matter.answered"), ("contract.offer_declined", "contract.offer_expired",
                                                    "contract.order_declined", "contract.order_expired")),
    },
    "work": {
        "formed": (_("notices.matter.formed"), ("contract.formed",)),
        "fund": (_("notices.matter.fund"), ("contract.to_fund", "contract.step_to_fund", "contract.void", "contract.rest_void",
                                            "week.to_fund", "week.not_covered", "week.void")),
        "escrowed": (_("notices.matter.escrowed"), ("contract.escrowed", "week.escrowed")),
        "message": (_("notices.matter.message"), ("contract.message", "contract.message_of_party", "contract.unanswered")),
        "delivered": (_("notices.matter.delivered"), ("contract.delivered", "contract.accept_soon")),
        "changes": (_("notices.matter.changes"), ("contract.changes_asked",)),
        "dates": (_("notices.matter.dates"), ("contract.date_asked", "contract.date_agreed", "contract.date_kept", "contract.date_lapsed")),
        "terms": (_("notices.matter.terms"), ("contract.change_asked", "contract.change_agreed", "contract.change_kept",
                                              "contract.change_lapsed", "contract.change_overtaken")),
        "talks": (_("notices.matter.talks"), ("contract.talk_asked", "contract.talk_answered")),
        "dispute": (_("notices.matter.dispute"), ("contract.dispute_opened", "contract.dispute_reminded", "contract.dispute_answered",
                                                  "contract.dispute_withdrawn", "contract.dispute_over", "contract.dispute_taken_up",
                                                  "contract.dispute_proposed", "contract.dispute_other_agreed",
                                                  "contract.dispute_escalated", "contract.dispute_ruled", "contract.ruled_paid",
                                                  "contract.unanswered_client", "contract.proposal_agreed",
                                                  "contract.dispute_your_turn")),
        "weeks": (_("notices.matter.weeks"), ("week.submitted", "week.asked", "week.still_runs", "week.clock_rests")),
        "stand_in": (_("notices.matter.stand_in"), (
            "contract.stand_in_asked", "contract.stand_in_wished", "contract.stand_in_ready", "contract.stand_in_declined",
            "contract.stand_in_withdrawn", "contract.stand_in_called", "contract.stand_in_cannot", "contract.stand_in_not_needed",
            "contract.passed_on", "contract.taken_over")),
        "check_in": (_("notices.matter.check_in"), ("contract.check_in",)),
        "end_notice": (_("notices.matter.end_notice"), ("contract.end_notice", "contract.end_reason_asked", "contract.end_reason_told",
                                                        "contract.end_notice_over", "contract.last_month")),
        "accepted": (_("notices.matter.accepted"), ("contract.accepted", "contract.accepted_by_town", "contract.settled",
                                                    "contract.step_accepted", "contract.step_accepted_by_town",
                                                    "contract.settled_unanswered", "contract.step_ended", "contract.kept_paid",
                                                    "week.confirmed", "week.confirmed_by_town")),
    },
    "money": {
        "arrived": (_("notices.matter.arrived"), ("payout.arrived", "payout.first")),
        "account": (_("notices.matter.account"), ("payout.waiting_for_account", "payout.returned", "payout.not_sent",
                                                        "payout.undone", "payout.later", "money.corrected")),
        "tax": (_("notices.matter.tax"), ("withheld.returned", "withheld.arrived", "contract.refunded", "contract.goes_back",
                                          "withheld.returned_where", "contract.goes_back_where",
                                          "refund.arrived", "refund.waiting_for_account", "refund.returned",
                                          "deposit.expected", "deposit.goes_back",
                                          "card.goes_back", "card.taken_back",
                                          "card.chargeback_won", "card.chargeback_lost", "contract.taken_back",
                                          "contract.taken_back_over", "contract.taken_back_lost", "contract.taken_back_lost_work",
                                          "contract.ended_unpaid", "contract.ended_unpaid_client", "card.pay_again",
                                          "money.corrected_back", "money.debt_lost", "money.stood_in", "debt.open", "debt.repaid",
                                          "debt.fee", "debt.part_repaid", "refund.no_card")),
    },
    "after": {
        "review": (_("notices.matter.review"), ("review.due", "review.opened")),
        "thanks": (_("notices.matter.thanks"), ("thanks.arrived",)),
        "bonus": (_("notices.matter.bonus"), ("contract.bonus", "contract.bonus_with_words", "contract.bonus_here",
                                              "contract.bonus_lapsed")),
    },
    "organisation": {
        "members": (_("notices.matter.members"), ("organisation.joined", "organisation.left", "organisation.taken_out",
                                                  "organisation.powers", "organisation.removed", "organisation.handed")),
    },
    "account": {
        "export": (_("notices.matter.export"), ("export.ready", "export.not_made")),
    },
}
GROUPS = {"apply": _("notices.group.apply"), "work": _("notices.group.work"), "money": _("notices.group.money"),
          "after": _("notices.group.after"), "organisation": _("notices.group.organisation"),
          "account": _("notices.group.account")}


class MailForm(forms.Form):
    """Every matter as a switch, in groups. What somebody ticks is wanted."""

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.wanted = mail_choices(user)
        for matters in MATTERS.values():
            for name, (label, kinds) in matters.items():
                self.fields[name] = forms.BooleanField(label=label, required=False, initial=any(self.wanted[kind] for kind in kinds))

    def groups(self):
        """The switches under their headings, for the page."""
        return [(heading, [self[name] for name in MATTERS[group]]) for group, heading in GROUPS.items()]

    def kinds_wanted(self) -> set[str]:
        """The kinds of all matters that are ticked."""
        matters = {name: kinds for group in MATTERS.values() for name, (_label, kinds) in group.items()}
        return {kind for name, kinds in matters.items() if self.cleaned_data[name] for kind in kinds}
