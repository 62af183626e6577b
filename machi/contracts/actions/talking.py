"""Asking the other side to talk (価格の協議、配慮の相談), and answering in words. Locks: contract, talk."""
from collections.abc import Iterable

from django.utils.translation import gettext as _

from machi.accounts.deeds import deed
from machi.activity import actions as activity
from machi.contracts import facts, policies
from machi.contracts.actions.locking import locked_contract
from machi.contracts.actions.telling import people_of, tell
from machi.contracts.models import Contract, Side, Talk
from machi.contracts.terms import other_side
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.money import Yen


@deed
def ask_to_talk(*, contract: Contract, by, about: str, words: str = "", helps: Iterable[str] = (), wished: Yen | None = None) -> Talk:
    """Either side asks to talk about the price; the worker about what would help. One at a time of each. `wished`: yen of the next step,
    without tax. Raises DomainError where nothing is said.
    """
    contract = locked_contract(contract.pk)
    if not policies.can_ask_to_talk(by, contract, about):
        raise NotAllowed(_("talk.refused"))
    if Talk.objects.locked().filter(contract=contract, about=about, answer="").exists():
        raise DomainError(_("talk.asked_already"))
    if not words.strip() and not helps:
        raise DomainError(_("talk.words_needed"))
    side = policies.side_of(by, contract)
    talk = Talk.objects.create(contract=contract, about=about, side=side, asked_by=by, asked_at=clock.now(), words=words.strip(),
                               helps=list(helps), wished_yen=None if wished is None else int(wished))
    activity.record(actor=by, fact=facts.TALK_ASKED, about=contract.reference, talk=talk.pk)
    _tell(contract, other_side(side), "contract.talk_asked", from_side=side)
    return talk


@deed
def answer_talk(*, talk: Talk, by, answer: str, words: str = "") -> Talk:
    """The other side answers, once; a no says why, and what would help is answered in words in any case."""
    contract = locked_contract(talk.contract_id)
    talk = Talk.objects.locked().get(pk=talk.pk)
    talk.contract = contract
    if not policies.can_answer_talk(by, talk):
        raise NotAllowed(_("talk.answered_already"))
    if not words.strip() and needs_words(talk.about, answer):
        raise DomainError(_("talk.answer.words_needed"))
    talk.answer, talk.answer_words, talk.answered_by, talk.answered_at = answer, words.strip(), by, clock.now()
    talk.save()
    activity.record(actor=by, fact=facts.TALK_ANSWERED, about=contract.reference, talk=talk.pk, answer=answer)
    _tell(contract, talk.side, "contract.talk_answered", from_side=other_side(talk.side))
    return talk


def needs_words(about: str, answer: str) -> bool:
    """A yes to another price is signed as a change; everything else is said in words."""
    return about == Talk.About.CARE or answer == Talk.Answer.NO


def _tell(contract: Contract, side: str, kind: str, *, from_side: str) -> None:
    who = {"who_person": contract.worker.name} if from_side == Side.WORKER else contract.client.words("who")
    tell(contract, people_of(contract, side), kind, **who)
