"""What each side pays and gets when prizes are chosen, or when a pot is split."""
from collections import Counter
from collections.abc import Mapping

from machi.jobs.contests import Contest, money_of
from machi.jobs.models import Job
from machi.payments.fees import Settlement
from machi.proposals.entries import Entry
from machi.shared.money import Yen
from machi.taxes.queries import companies_among


def settlements(job: Job, contest: Contest, prices: Mapping[Entry, Yen]) -> dict[Entry, Settlement]:
    """The settlement of each entry that gets something. What one person gets at once decides whether tax is withheld."""
    at_once: Counter = Counter()
    for entry, price in prices.items():
        at_once[entry.worker_id] += int(price)
    companies = companies_among(at_once) if job.is_withheld else set()
    return {entry: money_of(contest, price, is_withheld=job.is_withheld and entry.worker_id not in companies,
                            at_once=Yen(at_once[entry.worker_id]))
            for entry, price in prices.items()}


def equal_share(contest: Contest, count: int) -> Yen:
    """The largest whole sum, excluding tax, that the pot can pay `count` times with its tax. The rest goes back to the client."""
    share = Yen(int(contest.total) // count)
    while money_of(contest, share).client_pays * count > contest.pot_yen:
        share -= 1
    return share
