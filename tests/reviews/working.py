"""Work from beginning to end between two people, as often as a test needs it."""
import datetime

from machi.contracts import actions as contracts
from machi.contracts.models import Contract
from machi.reviews.actions import say_thanks
from machi.shared import clock
from tests.people import a_client, a_job, a_person, a_proposal, an_offer

DAY = datetime.timedelta(days=1)


def finished(worker=None, client=None, *, late: bool = False, by_town: bool = False, thanks: str = "", **job) -> Contract:
    """One contract that ended in acceptance."""
    worker, client = worker or a_person(), client or a_client()
    offer = an_offer(a_proposal(a_job(client, **job), worker))
    contract = contracts.accept_offer(offer=offer, by=worker, terms_hash=offer.terms_hash)
    contracts.fund(contract=contract, by=client)
    milestone = contract.milestones.get()
    with clock.moved(by=30 * DAY if late else 0 * DAY):
        contracts.deliver(milestone=milestone, by=worker, text="できました。", ai_note="なし")
        if by_town:
            with clock.moved(by=8 * DAY):
                contracts.accept_for_silent_clients()
        else:
            contracts.accept_delivery(milestone=milestone, by=client)
        if thanks:
            say_thanks(contract=contract, by=client, text=thanks)
    return contract
