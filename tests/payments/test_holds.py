"""What keeps money here though it is due: a new account, a holder nobody knows, a rest that finance has said. Each has its end."""
import datetime

import pytest
from django.db import IntegrityError, transaction

from machi.payments import actions
from machi.payments.models import BankAccount, Payout, PayoutPause
from machi.payments.queries import came_back, held_back, is_payday_now
from machi.privacy.actions import erase_account
from machi.privacy.belongings import belongings
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from tests.conftest import broken_rules
from tests.payments.batches import in_a_town_with_files, proposed, set_aside_on, somebody_earned
from tests.people import a_person, a_staff_member, balance_of, payday, with_bank_account
from tests.web.contracts.walking import said

DAY, SECOND = datetime.timedelta(days=1), datetime.timedelta(seconds=1)
HOLD = datetime.timedelta(hours=72)


@pytest.fixture
def finance(town):
    with in_a_town_with_files():
        yield a_staff_member("finance")


def due(clock_at):
    """Somebody is paid today, and it is that morning; they may still change something."""
    earning = somebody_earned()
    clock_at(set_aside_on(earning.pay_on))
    return earning.worker


def why(worker) -> list[str]:
    return [one.why for one in held_back(at_most=9) if one.worker == worker]


def test_money_goes_to_a_new_account_after_72_hours_and_not_a_second_before(finance, clock_at):
    worker = due(clock_at)
    with_bank_account(worker, "7654321")                # as somebody would who got into the page
    named_at = BankAccount.objects.get().changed_at
    for asked in (actions.pay_due, is_payday_now, lambda: not why(worker)):
        for moment in (named_at, named_at + HOLD - SECOND):
            clock_at(moment)
            assert not asked()

    clock_at(named_at + HOLD)
    assert is_payday_now() and actions.pay_due() == 1 and why(worker) == [] and broken_rules() == {}
    assert Payout.objects.get().free_from == named_at + HOLD


def test_whoever_owns_the_page_names_their_account_again_and_nothing_leaves_to_the_one_a_stranger_named(finance, clock_at):
    worker = due(clock_at)
    with_bank_account(worker, "7654321")                # the stranger
    clock_at(clock.now() + HOLD)
    assert actions.pay_due() == 1
    with_bank_account(worker)
    assert worker.notices.filter(kind="account.bank_changed").count() == 3

    with pytest.raises(IndexError):                     # nothing waits that could be put together
        proposed(finance)
    assert (actions.undo_set_aside(), actions.undo_set_aside(), actions.pay_due()) == (1, 0, 0)
    assert Payout.objects.get().state == "undone" and balance_of(worker) == 8_580 and broken_rules() == {}
    assert worker.notices.get(kind="payout.undone").words["net_yen"] == 8_580 and came_back(worker) is None
    clock_at(clock.now() + HOLD)
    assert actions.pay_due() == 1 and broken_rules() == {}
    assert Payout.objects.get(state="requested").bank_account.endswith("1234567")


def test_a_file_does_not_leave_with_an_account_that_somebody_has_given_up_since_it_was_put_together(finance, clock_at):
    worker = due(clock_at)
    actions.pay_due()
    batch = actions.approve_batch(batch=proposed(finance), by=finance)
    with_bank_account(worker, "7654321")
    assert actions.undo_set_aside() == 0, "a batch stays as it was agreed to"

    with pytest.raises(DomainError):
        actions.take_file(batch=batch, by=finance)
    actions.withdraw_batch(batch=batch, by=finance)
    assert actions.undo_set_aside() == 1 and Payout.objects.get().state == "undone" and broken_rules() == {}


def test_a_name_that_was_mended_counts_like_another_account(finance, clock_at):
    worker = due(clock_at)
    actions.pay_due()
    BankAccount.objects.filter(worker=worker).update(holder_kana="マチダ タロー")
    assert actions.undo_set_aside() == 1 and balance_of(worker) == 8_580


def test_a_holder_of_another_name_waits_until_finance_has_looked_and_never_at_themselves(finance, clock_at):
    worker = due(clock_at)
    BankAccount.objects.update(holder_checked_at=None, holder_kana="カ)マチ")
    assert actions.pay_due() == 0 and len(why(worker)) == 1
    named_at = BankAccount.objects.get().changed_at.isoformat()
    for somebody in (worker, a_staff_member("operator")):
        with pytest.raises(NotAllowed):
            actions.confirm_holder(worker=worker, named_at=named_at, by=somebody)
    with pytest.raises(DomainError):                    # another account than stood on the screen
        actions.confirm_holder(worker=worker, named_at=(clock.now()).isoformat(), by=finance)
    actions.confirm_holder(worker=worker, named_at=named_at, by=finance)

    assert actions.pay_due() == 1
    own = somebody_earned(worker=finance)
    BankAccount.objects.filter(worker=finance).update(holder_checked_at=None)
    with pytest.raises(NotAllowed):
        actions.confirm_holder(worker=own.worker, named_at=own.worker.bank_account.changed_at.isoformat(), by=finance)


@pytest.mark.parametrize(("holder", "legal", "is_known"), [
    ("マチダ タロウ", "まちだ たろう", True), ("ﾏﾁﾀﾞﾀﾛｳ", "マチダ　タロウ", True), ("マチダ タロー", "まちだ たろう", False),
    ("キヨウコ", "きょうこ", True), ("ハンダ", "ばんだ", False), ("マチダ タロウ", "", False), ("マチダ", "まちだ たろう", False)])
def test_the_holder_is_the_person_by_the_reading_of_their_own_name(finance, holder, legal, is_known):
    account = actions.name_bank_account(by=a_person(), bank_code="0005", branch_code="001", kind="1", number="1234567",
                                        holder_kana=holder, legal_kana=legal)
    assert (account.holder_checked_at is not None) == is_known


def test_the_same_account_said_again_with_the_right_name_is_known_and_begins_no_new_rest(finance, clock_at):
    worker = a_person()
    said = {"by": worker, "bank_code": "0005", "branch_code": "001", "kind": "1", "number": "1234567", "holder_kana": "マチダ ハナ"}
    first = actions.name_bank_account(**said)
    clock_at(clock.now() + DAY)
    again = actions.name_bank_account(**said, legal_kana="まちだ はな")

    assert again.changed_at == first.changed_at and again.holder_checked_at and worker.notices.count() == 1


def test_a_rest_has_a_reason_and_a_last_day_and_goes_by_itself(finance, clock_at):
    worker = due(clock_at)
    until = clock.today() + DAY
    actions.pause_payouts(worker=worker, code="account", words="口座を確かめています。", until_on=until, by=finance)

    assert (actions.pay_due(), is_payday_now(), len(why(worker))) == (0, False, 1)
    notice = worker.notices.get(kind="payout.paused")
    assert notice.words["reason"] == "口座を確かめています。"
    clock_at(clock.end_of(until))
    assert actions.pay_due() == 0
    clock_at(clock.end_of(until) + SECOND)
    assert actions.pay_due() == 1


@pytest.mark.parametrize("wrong", [{"until_on": -1}, {"until_on": 61}])
def test_a_rest_is_said_by_finance_only_and_for_sixty_days_at_most(finance, wrong):
    said = {"worker": a_person(), "code": "risk", "words": "確かめます。"}
    with pytest.raises(DomainError):
        actions.pause_payouts(**said, until_on=clock.today() + wrong["until_on"] * DAY, by=finance)
    with pytest.raises(NotAllowed):
        actions.pause_payouts(**said, until_on=clock.today(), by=a_staff_member("operator"))
    with pytest.raises(IntegrityError), transaction.atomic():
        PayoutPause.objects.create(worker=said["worker"], code="risk", words="", until_on=clock.today(), paused_by=finance,
                                   paused_at=clock.now())
    assert not PayoutPause.objects.exists()


def test_who_rests_goes_along_with_no_file_though_it_was_set_aside_and_agreed_to(finance, clock_at):
    worker = due(clock_at)
    actions.pay_due()
    batch = actions.approve_batch(batch=proposed(finance), by=finance)
    actions.pause_payouts(worker=worker, code="risk", words="確かめます。", until_on=clock.today() + 9 * DAY, by=finance)

    with pytest.raises(DomainError):
        actions.take_file(batch=batch, by=finance)
    actions.withdraw_batch(batch=batch, by=finance)
    with pytest.raises(IndexError):
        proposed(finance)
    with pytest.raises(NotAllowed):
        actions.end_pause(worker=worker, by=worker)
    actions.end_pause(worker=worker, by=finance)
    assert actions.take_file(batch=actions.approve_batch(batch=proposed(finance), by=finance), by=finance)
    with pytest.raises(DomainError):
        actions.end_pause(worker=worker, by=finance)


def test_nobody_of_the_desk_ends_or_shortens_a_rest_of_their_own_money(finance):
    colleague = a_staff_member("finance")
    said = {"code": "risk", "words": "確かめます。", "until_on": clock.today() + 9 * DAY}
    actions.pause_payouts(worker=colleague, by=finance, **said)
    with pytest.raises(NotAllowed):
        actions.end_pause(worker=colleague, by=colleague)
    with pytest.raises(NotAllowed):
        actions.pause_payouts(worker=colleague, by=colleague, **said | {"until_on": clock.today()})
    assert PayoutPause.objects.get().until_on == said["until_on"]


def test_where_the_town_pays_by_itself_a_rest_holds_too_and_nothing_else_does(town, clock_at):
    finance, earning = a_staff_member("finance"), somebody_earned()
    clock_at(clock.end_of(earning.pay_on))
    with_bank_account(earning.worker, "7654321")
    actions.pause_payouts(worker=earning.worker, code="wish", words="本人から頼まれました。", until_on=clock.today(), by=finance)
    payday()
    assert not Payout.objects.exists()

    actions.end_pause(worker=earning.worker, by=finance)
    payday()
    assert Payout.objects.get().state == "paid"


def test_what_was_said_of_a_rest_goes_with_the_person_and_is_never_in_the_export_of_whoever_said_it(finance):
    worker = a_person()
    actions.pause_payouts(worker=worker, code="risk", words="本人の電話で確かめます。", until_on=clock.today(), by=finance)
    rests = belongings()["payments.PayoutPause"]
    assert list(rests.known_to(worker)) == [PayoutPause.objects.get()] and not rests.known_to(finance).exists()

    erase_account(by=worker)
    assert PayoutPause.objects.get().words == said("erased.words")
