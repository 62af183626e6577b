"""A difference of two, from what one tells to what the town rules: how to bring one into each state, and every deed that moves it."""
from machi.contracts import actions as contracts
from machi.contracts.lifecycle import DISPUTE_LIFECYCLE, DisputeState
from machi.contracts.models import Contract, Dispute, Ruling
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from tests.people import a_contract, a_staff_member, client_of
from tests.states.things import ANOTHER, CLIENT, EITHER, FINANCE, MODERATOR, MODERATORS, TOWN, WORKER, Deed, Thing, on_a_later_day

WAY = ("open", "heard", "mediation", "proposed", "escalated", "drafted")
LAST_TO_AGREE = "agree to the proposal as the last"


def a_difference(state: str = "heard", *, contract: Contract | None = None, price: int = 4_000, moderator=None) -> Dispute:
    """Opened by the worker, answered by the client, and as far along as asked; escalated because the worker said no."""
    contract = contract or a_contract(funded=True)
    client = client_of(contract)
    dispute = contracts.open_dispute(milestone=contract.milestones.order_by("number").first(), by=contract.worker,
                                     reason="話した内容と違います。")
    if state == "closed":
        contracts.withdraw_dispute(dispute=dispute, by=contract.worker)
        return dispute
    split = {"price": Yen(price), "words": "半分まで書けています。"}
    for step in WAY[1:WAY.index(state) + 1]:
        if step == "heard":
            contracts.answer_dispute(dispute=dispute, by=client, answer="そうは思いません。")
        elif step == "mediation":
            moderator = moderator or a_staff_member("moderator")
            contracts.take_up_dispute(dispute=dispute, by=moderator)
        elif step == "proposed":
            contracts.propose_split(dispute=dispute, by=moderator, **split)
        elif step == "escalated":
            contracts.refuse_split(dispute=dispute, by=contract.worker, words="もっと書きました。")
        else:
            contracts.write_ruling(dispute=dispute, by=moderator, **split)
        dispute = Dispute.objects.get(pk=dispute.pk)
    return dispute


def ruled(**far) -> Dispute:
    """The town has ruled: written, signed, and the money went out."""
    dispute = a_difference("drafted", **far)
    contracts.sign_ruling(ruling=_ruling(dispute), by=a_staff_member("finance"))
    return Dispute.objects.get(pk=dispute.pk)


def agreed() -> Dispute:
    """Both have agreed to what was proposed."""
    dispute = a_difference("proposed")
    for person in (dispute.milestone.contract.worker, client_of(dispute.milestone.contract)):
        contracts.agree_to_split(dispute=dispute, by=person)
    return Dispute.objects.get(pk=dispute.pk)


def _dispute(state: str, deed: str) -> Dispute:
    dispute = a_difference(state)
    if (state, deed) == ("proposed", LAST_TO_AGREE):
        contracts.agree_to_split(dispute=dispute, by=dispute.milestone.contract.worker)
    Dispute.objects.update(reminders_count=3)
    return dispute


def _sides(dispute: Dispute) -> dict:
    """The finance desk is a person of both duties, who did not write the ruling."""
    contract = dispute.milestone.contract
    return {WORKER: contract.worker, CLIENT: client_of(contract), MODERATOR: dispute.mediator or a_staff_member("moderator"),
            ANOTHER: a_staff_member("moderator"), FINANCE: a_staff_member("finance")}


def _ruling(dispute: Dispute) -> Ruling:
    ruling = dispute.rulings.filter(is_signed=None).first()
    if ruling is None:
        raise DomainError("nothing is written")
    return ruling


def _take(*, is_over: bool):
    """One deed for both: of whoever finds nobody at it, or somebody else."""
    def do(dispute: Dispute, by):
        if (dispute.mediator_id is not None) != is_over:
            raise DomainError("that is the other deed")
        contracts.take_up_dispute(dispute=dispute, by=by)
    return do


def _split(deed):
    def do(dispute: Dispute, by):
        deed(dispute=dispute, by=by, price=Yen(3_000), words="話を聞いて、こう考えました。")
    return do


DISPUTE = Thing("dispute", Dispute, DisputeState, DISPUTE_LIFECYCLE, _dispute, _sides, [
    Deed("answer", CLIENT, (("answer",),), lambda d, by: contracts.answer_dispute(dispute=d, by=by, answer="私から見ると違います。")),
    Deed("take it back", WORKER, (("close",),), lambda d, by: contracts.withdraw_dispute(dispute=d, by=by)),
    Deed("take it up", MODERATORS, (("take_up",),), _take(is_over=False)),
    Deed("take it over", ANOTHER, (("take_over",),), _take(is_over=True)),
    Deed("propose", MODERATOR, (("propose",),), _split(contracts.propose_split)),
    Deed("agree to the proposal as the first", EITHER, (("agree",),), lambda d, by: contracts.agree_to_split(dispute=d, by=by)),
    Deed(LAST_TO_AGREE, CLIENT, (("settle",),), lambda d, by: contracts.agree_to_split(dispute=d, by=by)),
    Deed("refuse the proposal", EITHER, (("refuse",),), lambda d, by: contracts.refuse_split(dispute=d, by=by)),
    Deed("let thirty days pass", TOWN, (("escalate",),), on_a_later_day(31, contracts.end_mediation), is_round=True),
    Deed("write a ruling", MODERATOR, (("rule",),), _split(contracts.write_ruling)),
    Deed("hand the ruling back", FINANCE, (("hand_back",),), lambda d, by: contracts.hand_back_ruling(
        ruling=_ruling(d), by=by, words="計算を確かめてください。")),
    Deed("sign the ruling", FINANCE, (("sign",),), lambda d, by: contracts.sign_ruling(ruling=_ruling(d), by=by)),
], columns={"closed_at": {"closed"}})
