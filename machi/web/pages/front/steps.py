"""What a person can do next, gathered from every room: the most pressing first, my page before everything as long as it is empty."""
import datetime
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import JSONObject
from django.db.models.lookups import IsNull
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from machi.accounts.models import User
from machi.accounts.powers import Power
from machi.accounts.queries import Role, has_power
from machi.contracts.lifecycle import MILESTONE_LIFECYCLE, ContractState, MilestoneState, StandInState
from machi.contracts.models import Contract, Milestone, StandIn
from machi.contracts.queries import open_offers_to
from machi.jobs.lifecycle import JobState
from machi.notifications.words import called, day, moment, yen
from machi.payments.queries import NextPayment
from machi.profiles.queries import Page
from machi.proposals.lifecycle import ProposalState
from machi.proposals.queries import proposals_of
from machi.reviews.models import Review
from machi.shared import clock
from machi.shared.question import Question
from machi.tasks.queries import bundles_under_way
from machi.web.frame.jinja import url
from machi.web.pages.contracts.standing import REVIEW_WITHIN, client_called
from machi.web.pages.profiles.words import next_step

STEP_ICONS = {"offer": "mail-open", "stand_in": "users-round", "account": "landmark", "fund": "shield-check", "deliver": "package-check",
              "accept": "check-check", "applicants": "users-round", "review": "message-square-heart", "draft": "pencil-line",
              "page": "user-round-pen", "bundle": "play"}
EACH, RUNNING = 5, 50                       # of one kind: home shows what is pressing, the lists show everything
_NAMES = [f"contract__{name}" for name in (
    "worker__display_name", "client__kind", "client__trade", "client__name", "client__person__display_name")]
_worker_moves = Q(state__in=MILESTONE_LIFECYCLE.states_for("deliver"))
_client_moves = (Q(contract__fund_by__isnull=False, state__in=MILESTONE_LIFECYCLE.states_for("fund"))
                 | Q(state=MilestoneState.DELIVERED))
_unfinished = Question(lambda user, worker, party, since: Milestone.objects.visible_to(user).filter(
    Q(contract__ended_at=None) & (Q(contract__worker=worker) & _worker_moves | Q(contract__client=party) & _client_moves)
    | (Q(contract__worker=worker) | Q(contract__client=party))
    & Q(contract__state=ContractState.COMPLETED, contract__ended_at__gte=since)
    & ~Exists(Review.objects.filter(contract=OuterRef("contract")).filter(
        Q(writer=user) | Q(side=Review.Side.CLIENT) & ~Q(worker=user))))
    .select_related("contract__worker", "contract__client__person")
    .only("state", "revisions_used", "due_on", "held_yen", "accept_by", "contract__title", "contract__state", "contract__fund_by",
          "contract__ended_at", *_NAMES)
    .order_by(IsNull(F("contract__ended_at"), True).desc(), "-contract", "number")[:RUNNING + EACH])
_in_hand = Question(lambda worker, today: User.objects.filter(pk=worker).order_by("pk").values_list(
    ArraySubquery(open_offers_to(OuterRef("pk")).values_list(JSONObject(
        pk="pk", job="terms__title", net_yen="terms__net_yen", answer_by="answer_by"))[:EACH]),
    ArraySubquery(proposals_of(OuterRef("pk")).filter(
        state=ProposalState.DRAFT, job__state=JobState.OPEN, job__closes_on__gte=today).values_list(JSONObject(
            pk="job_id", job="job__title", closes_on="job__closes_on"))[:EACH]),
    ArraySubquery(StandIn.objects.filter(person=OuterRef("pk"), state=StandInState.ASKED, person_agreed_at=None).order_by("pk").values_list(
        JSONObject(pk="pk", job="contract__title"))[:EACH]),
    ArraySubquery(bundles_under_way(OuterRef("pk")).order_by("until_at", "pk").values_list(JSONObject(
        pk="pk", job="batch__title", until_at="until_at"))[:EACH])))


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: what, why or until when, and the deed that leads there."""

    kind: str
    title: str
    text: str
    deed: str
    href: str

    @property
    def icon(self) -> str:
        return STEP_ICONS[self.kind]


def next_steps(user, page: Page, posts: list, role: Role, payment: NextPayment) -> list[Step]:
    """Everything that waits for this person as the one they act for; `posts` are theirs, with how many wait; `payment` is what they are
    paid next. The same number of questions however much there is.
    """
    found = _unfinished(user.pk, 0 if role.is_organisation else user.pk, role.party, clock.now() - REVIEW_WITHIN)
    steps = list({(step.contract_id, step.state): step for step in reversed(found)}.values())[::-1]     # of several alike, the first
    running, over = ([step for step in steps if bool(step.contract.ended_at) == is_over] for is_over in (False, True))
    waiting = [job for job in posts if job.waiting]
    if role.is_organisation:                        # their own work waits for them where they act for themselves
        return [*_of_contracts(running, user), *_applicants(waiting), *_reviews(over[:EACH], user)]
    (offers, drafts, asked, bundles), = _in_hand(user.pk, clock.today())
    pressing = [*_offers(offers), *_stand_ins(asked), *_account(payment), *_of_contracts(running, user), *_bundles(bundles),
                *_applicants(waiting), *_reviews(over[:EACH], user), *_drafts(drafts)]
    own = _own_page(page)
    has_begun = bool(page.profile or page.strengths or page.hobbies or page.careers)
    # whoever is asked for has an answer to give by a day
    is_busy = bool(running or posts or offers or asked or bundles or payment.needs_account)
    return [*pressing, *own] if has_begun or is_busy else [*own, *pressing]


def _offers(offers: list[dict]) -> list[Step]:
    return [Step("offer", _("home.offer") % offer, _("home.offer.text") % {
                "net": yen(offer["net_yen"]), "until": moment(datetime.datetime.fromisoformat(offer["answer_by"]))},
                 _("home.offer.go"), url("contracts:offer", offer["pk"])) for offer in offers]


def _bundles(bundles: list[dict]) -> list[Step]:
    """Micro-tasks that somebody has taken, the one that is kept the shortest first."""
    return [Step("bundle", _("home.bundle") % bundle, _("tasks.go_on.text") % {
                "until": moment(datetime.datetime.fromisoformat(bundle["until_at"]))},
                 _("tasks.go_on.go"), url("tasks:bundle", bundle["pk"])) for bundle in bundles]


def _stand_ins(asked: list[dict]) -> list[Step]:
    """Somebody would have this person go on for them, if they suddenly could not."""
    return [Step("stand_in", _("home.stand_in") % one, _("home.stand_in.text"), _("home.stand_in.go"),
                 url("contracts:stand_in_one", one["pk"])) for one in asked]


def _account(payment: NextPayment) -> list[Step]:
    """Money waits, and has nowhere to go."""
    if not payment.needs_account:
        return []
    text = _("standing.no_account.text") if payment.pay_on > clock.today() else _("standing.no_account.due.text")
    return [Step("account", _("standing.no_account"), text % {"net": yen(payment.amount), "date": day(payment.pay_on)},
                 _("account.bank.go"), url("payments:account"))]


def _of_contracts(milestones: list[Milestone], user) -> list[Step]:
    """Deliver, pay in, accept: whatever the next move of a contract is, if it is this person's."""
    found = []
    for milestone in milestones:
        contract = milestone.contract
        room, title = url("contracts:room", contract.pk), {"job": contract.title}
        is_worker = contract.worker_id == user.pk
        is_client = not is_worker                   # or it would not be theirs to see
        if is_worker and MILESTONE_LIFECYCLE.allows(milestone.state, "deliver"):
            text = _("home.deliver.again") if milestone.revisions_used else _("home.deliver.text")
            found.append(Step("deliver", _("home.deliver") % title, text % {"due": day(milestone.due_on)}, _("home.deliver.go"), room))
        if is_client and has_power(user, contract.client_id, Power.PAYER) and MILESTONE_LIFECYCLE.allows(milestone.state, "fund"):
            text = _("home.fund.text") % {"gross": yen(milestone.held_yen), "until": moment(contract.fund_by)}
            found.append(Step("fund", _("home.fund") % title, text, _("home.fund.go"), room))
        if is_client and has_power(user, contract.client_id, Power.APPROVER) and milestone.state == MilestoneState.DELIVERED:
            text = _("home.accept.text") % {"until": moment(milestone.accept_by)}
            found.append(Step("accept", _("home.accept") % title, text, _("home.accept.go"), room))
    return found


def _applicants(posts) -> list[Step]:
    return [Step("applicants", _("home.applicants") % {"job": job.title},
                 _("home.applicants.text") % {"n": ngettext("count.people", "count.people", job.waiting) % {"num": job.waiting}},
                 _("home.applicants.go"), url("jobs:applicants", job.pk)) for job in posts]


def _reviews(milestones: list[Milestone], user) -> list[Step]:
    """Finished work of the last weeks about which this person has not written yet."""
    unwritten = [milestone.contract for milestone in milestones if user.pk == milestone.contract.worker_id
                 or has_power(user, milestone.contract.client_id, Power.APPROVER)]
    return [Step("review", _("home.review") % {"job": contract.title},
                 _("home.review.text") % {"who": _other_side(contract, user)},
                 _("home.review.go"), url("contracts:review", contract.pk)) for contract in unwritten]


def _other_side(contract: Contract, user) -> str:
    return client_called(contract.client) if contract.worker_id == user.pk else called(contract.worker.name)


def _drafts(drafts: list[dict]) -> list[Step]:
    return [Step("draft", _("home.draft") % draft, _("home.draft.text") % {"until": day(datetime.date.fromisoformat(draft["closes_on"]))},
                 _("home.draft.go"), url("proposals:apply", draft["pk"])) for draft in drafts]


def _own_page(page: Page) -> list[Step]:
    """The one thing that is still missing on my page (F17)."""
    step = next_step(page)
    return [Step("page", _("home.page") % {"step": step.title}, step.why, step.deed, step.address)] if step else []
