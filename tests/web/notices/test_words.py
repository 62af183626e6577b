"""Every kind of notice, in three languages: whole sentences, subjects that give nothing away (voice.md, "Mail")."""
import ast
import pathlib
import re
import unicodedata

import pytest
from django.utils import translation

import machi
from machi.notifications.kinds import KINDS
from machi.notifications.words import said, subject
from machi.web.pages.notices.forms import MATTERS

JOB = {"job": "地域サッカークラブの試合レポート記事の執筆（毎週1本・4週間）"}
PAY = {"net_yen": 8_580, "date_on": "2026-12-15"}
SAMPLES = {
    "proposal.arrived": JOB | {"n": 3, "worker_person": "みどり"},
    "proposal.not_chosen": JOB | {"n": 23, "m": 3, "k": 1, "reason_word": "reason.topic", "name_person": "みどり"},
    "proposal.nobody_chosen": JOB | {"n": 23, "m": 3, "reason_word": "reason.plan"},
    "proposal.closed_by_town": JOB | {"n": 23, "m": 3},
    "entry.won": JOB | PAY | {"client": "のぞみ商店会"},
    "entry.shared": JOB | PAY | {"n": 12},
    "entry.nobody_chosen": JOB | {"name_person": "みどり"},
    "entry.not_chosen": JOB | {"n": 12, "name_person": "みどり"},
    "entry.broken_file": JOB | {"file": "絵.png"},
    "contest.judge": JOB | {"n": 12, "until_at": "2026-12-01T05:00:00+00:00"},
    "contest.split": JOB | {"n": 12},
    "contest.empty": JOB | {"gross_yen": 44_000},
    "answers.refused": JOB | {"n": 3, "date_on": "2026-12-18"},
    "answers.paid": JOB | PAY,
    "appeal.granted": JOB,
    "appeal.upheld": JOB,
    "batch.ended": JOB,
    "question.asked": JOB | {"who_person": "みどり"},
    "question.answered": JOB,
    "contract.date_asked": JOB | {"date_on": "2026-12-18", "pay_on": "2026-12-29", "who_person": "みどり"},
    "contract.date_agreed": JOB | {"date_on": "2026-12-18", "pay_on": "2026-12-29"},
    "contract.date_kept": JOB | {"date_on": "2026-12-15"},
    "contract.date_withdrawn": JOB | {"date_on": "2026-12-15", "who_person": "みどり"},
    "contract.date_lapsed": JOB | {"date_on": "2026-12-15"},
    "export.ready": {"until_at": "2026-12-01T05:00:00+00:00"},
    "export.not_made": {},
    "contract.offer_by_hour": JOB | PAY | {"until_at": "2026-12-01T05:00:00+00:00", "client": "のぞみ商店会"},
    "contract.offer": JOB | PAY | {"until_at": "2026-12-01T05:00:00+00:00", "client": "のぞみ商店会"},
    "contract.offer_declined": JOB | {"worker_person": "みどり"},
    "contract.offer_expired": JOB | {"worker_person": "みどり"},
    "contract.order_declined": JOB | {"worker_person": "みどり"}, "contract.order_expired": JOB | {"worker_person": "みどり"},
    "contract.step_accepted_by_town": JOB | PAY, "contract.settled_unanswered": JOB | PAY,
    "contract.formed": JOB, "contract.unanswered": JOB,
    **{f"contract.stand_in_{what}": JOB for what in (
        "asked", "wished", "ready", "declined", "withdrawn", "cannot", "not_needed", "free")},
    "contract.stand_in_called": JOB | {"until_at": "2026-12-01T05:00:00+00:00"},
    "contract.passed_on": JOB | {"net_yen": 4_290}, "contract.taken_over": JOB | {"date_on": "2026-12-18"},
    "contract.kept_paid": JOB | {"net_yen": 4_290, "date_on": "2026-12-29"},
    "contract.to_fund": JOB | {"worker_person": "みどり", "gross_yen": 11_000, "until_at": "2026-12-01T05:00:00+00:00"},
    "contract.void": JOB,
    "contract.escrowed": JOB | {"gross_yen": 11_000, "due_on": "2026-12-10"},
    "contract.delivered": JOB | {"worker_person": "みどり", "date_at": "2026-12-17T05:00:00+00:00"},
    "contract.delivered_done": JOB | {"date_at": "2026-12-17T05:00:00+00:00", "client": "のぞみ商店会"},
    "contract.accept_soon": JOB | {"worker_person": "みどり", "date_at": "2026-12-17T05:00:00+00:00"},
    "contract.changes_asked": JOB | {"k": 2, "i": 1, "n": 2},
    "contract.accepted": JOB | PAY,
    "contract.accepted_by_town": JOB | PAY,
    "contract.bonus": JOB | PAY | {"client": "のぞみ商店会"},
    "contract.bonus_with_words": JOB | PAY | {"client": "のぞみ商店会", "text": "読者から電話がありました。"},
    "contract.bonus_here": JOB | {"gross_yen": 1_100, "worker_person": "みどり"},
    "contract.bonus_lapsed": JOB,
    "contract.refunded": JOB | {"gross_yen": 11_000},
    "contract.message": JOB | {"sender_person": "みどり"},
    "organisation.joined": {"who_person": "みどり", "client": "みなと応援会"},
    "organisation.left": {"who_person": "みどり", "client": "みなと応援会"},
    "organisation.taken_out": {"who_person": "みどり", "client": "みなと応援会", "keeper_person": "はるか"},
    "organisation.powers": {"keeper_person": "みどり", "client": "みなと応援会"},
    "organisation.removed": {"client": "みなと応援会"},
    "organisation.handed": {"who_person": "みどり", "client": "みなと応援会", "n": 3},
    "contract.message_of_party": JOB | {"sender_person": "みどり", "client": "みなと応援会"},
    "payout.waiting_for_account": PAY,
    "payout.sending": PAY | {"bank": "三菱ＵＦＪ"},
    "payout.arrived": {"net_yen": 8_580, "bank": "三菱ＵＦＪ"},
    "payout.first": {"net_yen": 8_580, "client_person": "のぞみ"},
    "payout.not_sent": {"net_yen": 8_580, "reason": "銀行がファイルを受け付けませんでした。"},
    "payout.later": {"net_yen": 8_580, "date_on": "2026-12-21"},
    "payout.undone": {"net_yen": 8_580},
    "payout.paused": {"reason": "口座を確かめています。", "date_on": "2026-12-20"},
    "payout.returned": {"net_yen": 8_580, "bank": "三菱ＵＦＪ", "reason": "該当口座なし"},
    **dict.fromkeys(("withheld.returned", "withheld.returned_where"), JOB | {"tax_yen": 1_021, "date_on": "2026-12-15"}),
    "account.new_device": {"device": "Safari（iPhone）", "when_at": "2026-12-15T01:00:00+00:00"},
    "account.bank_changed": {"bank": "三菱ＵＦＪ", "when_at": "2026-12-15T01:00:00+00:00"},
    "contract.check_in": JOB | {"date_on": "2026-12-15"},
    "contract.checked_in": JOB | {"worker_person": "べに", "answer_word": "checkin.told.later"},
    "contract.end_notice": JOB | {"last_on": "2026-12-31"},
    "contract.end_reason_asked": JOB,
    "contract.end_reason_told": JOB,
    "contract.end_notice_over": JOB,
    "contract.last_month": JOB | {"last_on": "2026-12-31"},
    "job.still_open": JOB | {"until_on": "2026-12-15"},
    "job.paused_by_town": JOB,
    "job.look_passed": JOB,
    "job.look_returned": JOB | {"words": "勤務時間の欄を、納品の日に書きかえてください。"},
    "proposal.post_changed": JOB | {"field_word": "job.reward.label", "before_yen": 10_000, "after_yen": 12_000},
    "proposal.post_changed_more": JOB | {"field_word": "job.reward.label", "before_yen": 10_000, "after_yen": 12_000, "n": 2},
    "contract.step_to_fund": JOB | {"gross_yen": 11_000, "until_at": "2026-12-01T05:00:00+00:00"},
    "contract.rest_void": JOB,
    "contract.step_accepted": JOB | PAY,
    "contract.settled": JOB | PAY,
    "contract.step_ended": JOB,
    "contract.goes_back": JOB | {"gross_yen": 3_300},
    "contract.goes_back_where": JOB | {"gross_yen": 3_300},
    "contract.change_asked": JOB | {"who_person": "みどり", "until_at": "2026-12-01T05:00:00+00:00"},
    "contract.talk_asked": JOB | {"who_person": "みどり"},
    "contract.talk_answered": JOB | {"who_person": "みどり"},
    "contract.change_agreed": JOB,
    "contract.change_kept": JOB,
    "contract.change_lapsed": JOB,
    "contract.change_overtaken": JOB,
    "contract.dispute_opened": JOB | {"until_at": "2026-12-01T05:00:00+00:00"},
    "contract.dispute_reminded": JOB | {"until_at": "2026-12-01T05:00:00+00:00"},
    "contract.dispute_answered": JOB,
    "contract.dispute_withdrawn": JOB,
    "contract.dispute_over": JOB,
    "contract.dispute_taken_up": JOB | {"who_person": "みやこ", "until_at": "2026-12-31T14:59:59+00:00"},
    "contract.dispute_proposed": JOB | {"until_at": "2026-12-31T14:59:59+00:00"},
    "contract.dispute_other_agreed": JOB | {"until_at": "2026-12-31T14:59:59+00:00"},
    "contract.dispute_escalated": JOB,
    "contract.dispute_ruled": JOB,
    "contract.dispute_your_turn": JOB,
    "contract.ruled_paid": JOB | PAY,
    "contract.unanswered_client": JOB | {"gross_yen": 11_000}, "contract.proposal_agreed": JOB | {"gross_yen": 5_500},
    "week.to_fund": JOB | {"gross_yen": 16_500, "date_on": "2026-12-07"},
    "week.escrowed": JOB | {"gross_yen": 16_500, "until_at": "2026-12-14T03:00:00+00:00"},
    "week.void": JOB, "week.not_covered": JOB,
    "week.submitted": JOB | {"worker_person": "みどり", "date_at": "2026-12-17T05:00:00+00:00"},
    "week.submitted_done": JOB | {"date_at": "2026-12-17T05:00:00+00:00", "client": "のぞみ商店会"},
    "week.asked": JOB | {"client": "のぞみ商店会", "until_at": "2026-12-01T05:00:00+00:00"},
    "week.confirmed": JOB | PAY,
    "week.confirmed_by_town": JOB | PAY,
    "week.still_runs": JOB,
    "week.clock_rests": JOB,
    "money.corrected": {"net_yen": 1_000, "date_on": "2026-12-15", "words": "手数料を二度いただいていました。"},
    "money.corrected_back": {"gross_yen": 1_000, "words": "街のお金として記帳していました。"},
    "money.debt_lost": {"gross_yen": 1_000, "words": "お支払いいただく必要はありません。"},
    "deposit.expected": JOB | {"gross_yen": 11_000, "until_at": "2026-12-15T14:59:59+00:00"},
    "deposit.goes_back": JOB | {"gross_yen": 11_000},
    "card.goes_back": JOB | {"gross_yen": 11_000},
    **dict.fromkeys(("card.taken_back", "card.chargeback_won", "card.chargeback_lost"), JOB | {"gross_yen": 11_000}),
    **dict.fromkeys(("contract.taken_back", "contract.taken_back_over", "contract.ended_unpaid", "contract.ended_unpaid_client"), JOB),
    **dict.fromkeys(("contract.taken_back_lost", "contract.taken_back_lost_work"), JOB | {"until_at": "2026-12-15T05:00:00+00:00"}),
    "card.pay_again": JOB | {"gross_yen": 11_000, "until_at": "2026-12-15T05:00:00+00:00"},
    "refund.no_card": JOB | {"gross_yen": 3_300},
    **dict.fromkeys(("debt.open", "debt.repaid", "debt.fee"), {"gross_yen": 11_000}),
    "debt.part_repaid": {"gross_yen": 4_000, "rest_yen": 7_000},
    "money.stood_in": {"gross_yen": 1_000, "words": "納品された仕事の報酬のためです。"},
    "account.refund_changed": {"bank": "三菱ＵＦＪ", "when_at": "2026-12-15T01:00:00+00:00"},
    "withheld.arrived": {"tax_yen": 10_210, "date_on": "2026-12-01", "due_on": "2026-12-10"},
    "refund.returned": JOB | {"gross_yen": 3_300, "reason": "該当口座なし"},
    "refund.waiting_for_account": JOB | {"gross_yen": 3_300},
    "refund.arrived": JOB | {"gross_yen": 3_300, "date_on": "2026-12-15"},
    "review.due": JOB,
    "review.opened": JOB,
    "thanks.arrived": {"text": "目に浮かびました。", "work": JOB["job"], "client": "のぞみ商店会"},
}
SAMPLES |= {f"{kind}_only": SAMPLES[kind] for kind in list(SAMPLES) if f"{kind}_only" in KINDS}
LANGUAGES = ["ja", "ja-simple", "en"]


def width(text: str) -> float:
    return sum(1 if unicodedata.east_asian_width(letter) in "WFA" else .5 for letter in text)


def test_every_kind_is_tried():
    assert SAMPLES.keys() == KINDS.keys()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_gap_is_filled(kind, language):
    with translation.override(language):
        heading, text = said(kind, SAMPLES[kind])

    for words in (heading, text):
        assert words and "%(" not in words and "None" not in words and not re.search(r"\b(notice|mail|contract|payout|apply)\.\w", words)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [kind for kind, words in KINDS.items() if words.is_mailed])
def test_a_subject_is_short_and_tells_nothing(kind, language):
    with translation.override(language):
        line = subject(kind, SAMPLES[kind])

    assert width(line) <= 28 and "\n" not in line
    assert not re.search(r"円|yen|ほかの方|ほかの人|someone else|相談|\d{4}", line)


def test_a_title_of_two_lines_stays_one_subject():
    line = subject("contract.formed", {"job": "件名を\r\n増やす\nBcc: everybody@example.jp"})

    assert "\n" not in line and "\r" not in line


def test_what_came_and_what_did_not_come_look_the_same_from_outside():
    """Somebody who sees only the subject cannot tell a disappointment from a request."""
    with translation.override("ja"):
        assert "お願い" not in subject("contract.offer", SAMPLES["contract.offer"])
        assert subject("proposal.not_chosen", SAMPLES["proposal.not_chosen"]).endswith("結果が出ました")


def test_without_other_posts_nothing_is_promised():
    for kind in ("proposal.not_chosen_only", "proposal.nobody_chosen_only", "proposal.closed_by_town_only"):
        with translation.override("ja"):
            _heading, text = said(kind, SAMPLES[kind] | {"m": 0})
        assert "0件" not in text and "選んであります" not in text and "相談員" not in text


def test_every_mailed_kind_has_exactly_one_switch_unless_it_keeps_the_account_safe():
    switched = [kind for group in MATTERS.values() for _label, kinds in group.values() for kind in kinds]

    assert sorted(switched) == sorted(kind for kind, words in KINDS.items() if words.is_mailed and not words.is_safety)


def test_the_samples_hold_the_words_that_the_rooms_send():
    """Whoever queues a kind with other words than the samples have must add them here."""
    for path in pathlib.Path(machi.__file__).parent.glob("*/actions*"):
        for file in [path] if path.suffix == ".py" else path.glob("*.py"):
            for call in (node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)):
                named = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
                if getattr(call.func, "attr", "") == "queue" and isinstance(named.get("kind"), ast.Constant):
                    assert named.keys() - {"to", "kind", "about"} <= SAMPLES[named["kind"].value].keys(), (file, named["kind"].value)
