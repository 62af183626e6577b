"""Reviews are written unread and open together; thanks come from finished work, once."""
import datetime

import pytest

from machi.contracts.models import Contract
from machi.reviews import actions
from machi.reviews.models import Review
from machi.reviews.policies import can_review, can_thank
from machi.reviews.queries import good_counts, readable, reviews_of_client, reviews_of_worker, thanks_to, written_about
from machi.shared import clock
from machi.shared.errors import NotAllowed
from tests.people import a_client, a_contract, a_person, client_of

pytestmark = pytest.mark.django_db
SECOND = datetime.timedelta(seconds=1)


@pytest.fixture
def contract() -> Contract:
    return a_contract(accepted=True)


def write(contract: Contract, by, again: str = "yes", text: str = "またお願いしたいです。") -> Review:
    return actions.write_review(contract=contract, by=by, again=again, text=text)


def read_by(user, contract: Contract) -> list[Review]:
    return readable(written_about(contract), user)


def test_nobody_reads_one_before_both_are_written_and_then_both_open_at_one_moment(contract):
    worker, client = contract.worker, client_of(contract)
    write(contract, client)
    assert read_by(worker, contract) == [] and not reviews_of_worker(worker).exists() and good_counts([worker]) == {worker.pk: (0, 0)}
    assert len(read_by(client, contract)) == 1, "the writer sees their own"

    write(contract, worker, again="perhaps")
    assert len({review.opened_at for review in Review.objects.all()}) == 1
    assert len(read_by(worker, contract)) == len(read_by(a_person(), contract)) == 2
    assert good_counts([worker]) == {worker.pk: (1, 1)} and reviews_of_client(contract.client).get().again == "perhaps"
    for person in (worker, client):
        assert person.notices.filter(kind="review.opened").count() == 1


@pytest.mark.parametrize(("late", "opens"), [(-SECOND, False), (0 * SECOND, False), (SECOND, True)])
def test_alone_a_review_opens_after_fourteen_days(contract, clock_stands_at, late, opens):
    review = write(contract, contract.worker)
    clock_stands_at(review.written_at + datetime.timedelta(days=14) + late)

    assert actions.open_waiting() == opens
    assert bool(Review.objects.get().opened_at) is opens
    assert actions.open_waiting() == 0


def test_whoever_could_read_the_other_side_writes_no_more(contract):
    write(contract, contract.worker)
    with clock.moved(by=datetime.timedelta(days=14, seconds=1)):
        actions.open_waiting()

        assert not can_review(client_of(contract), contract)
        with pytest.raises(NotAllowed):
            write(contract, client_of(contract), again="no")


def test_each_side_writes_once_and_only_about_finished_work(contract):
    write(contract, contract.worker)
    with pytest.raises(NotAllowed):
        write(contract, contract.worker, again="no")
    for stranger in (a_person(), a_client()):
        with pytest.raises(NotAllowed):
            write(contract, stranger)
    unfinished = a_contract(delivered=True)
    for side in (unfinished.worker, client_of(unfinished)):
        assert not can_review(side, unfinished)
        with pytest.raises(NotAllowed):
            write(unfinished, side)


def test_thanks_come_once_from_the_client_of_finished_work(contract):
    assert not can_thank(contract.worker, contract)
    actions.say_thanks(contract=contract, by=client_of(contract), text="助かりました。")

    assert thanks_to(contract.worker).get().text == "助かりました。"
    assert contract.worker.notices.get(kind="thanks.arrived").words["client"] == "みなと地域スポーツ応援会"
    for by in (client_of(contract), contract.worker, a_client()):
        with pytest.raises(NotAllowed):
            actions.say_thanks(contract=contract, by=by, text="もう一度")
    unfinished = a_contract(delivered=True)
    with pytest.raises(NotAllowed):
        actions.say_thanks(contract=unfinished, by=client_of(unfinished), text="先に")
