"""The desk of differences: a moderator takes one up, reads, proposes, writes; finance signs. Who looks is written down."""
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from machi.accounts.facts import LOOKED_AT
from machi.activity.models import Fact
from machi.contracts import actions
from machi.contracts.models import Dispute
from machi.files.storing import store_all
from tests.conftest import broken_rules
from tests.people import a_contract, balance_of, client_of
from tests.states.dispute_moves import a_difference
from tests.web.contracts.walking import queries_of, said, signed_in, text_of
from tests.web.desk.staff import at_work

pytestmark = pytest.mark.django_db
WORDS = "そうは思いません。"


def counted():
    return CaptureQueriesContext(connection)


def looks() -> int:
    return Fact.objects.filter(name=LOOKED_AT, data__what="looked.dispute").count()


def test_before_somebody_takes_it_up_nobody_of_the_town_reads_a_word():
    dispute = a_difference("heard")
    for duty in ("moderator", "finance"):
        browser, _person = at_work(duty)
        page = text_of(browser.get("/desk/disputes/")) + text_of(browser.get(f"/desk/disputes/{dispute.pk}/"))
        assert WORDS not in page and "話した内容と違います。" not in page and "11,000円" in page
        assert (said("desk.dispute.take") in page) == (duty == "moderator")
    assert looks() == 0


def test_a_moderator_takes_it_up_reads_both_and_proposes_and_finance_signs_what_they_wrote(town):
    dispute = a_difference("heard")
    contract = dispute.milestone.contract
    (browser, moderator), (finance, signer) = at_work("moderator"), at_work("finance")
    address = f"/desk/disputes/{dispute.pk}/"
    assert browser.post(f"{address}take/").status_code == 302
    page = text_of(browser.get(address))
    assert WORDS in page and "話した内容と違います。" in page and looks() == 2
    assert WORDS not in text_of(at_work("moderator")[0].get(address)) and WORDS not in text_of(at_work("finance")[0].get(address))

    answer = browser.post(address, {"deed": "propose", "price": "99", "words": "理由です"})
    assert answer.status_code == 422 and "理由です" in answer.content.decode() and 'value="99"' in answer.content.decode()
    assert browser.post(address, {"deed": "propose", "price": "4000", "words": "半分まで書けています。"}).status_code == 302
    assert browser.post(address, {"deed": "propose", "price": "5000", "words": "もう一度"}).status_code == 409
    actions.refuse_split(dispute=Dispute.objects.get(), by=contract.worker, words="足りません。")
    assert "足りません。" in text_of(browser.get(address))
    late = browser.post(address, {"deed": "propose", "price": "5000", "words": "半分でどうでしょう。"})     # the page was open meanwhile
    assert late.status_code == 409 and "半分でどうでしょう。" in late.text and 'name="deed" value="rule"' in late.text
    browser.post(address, {"deed": "rule", "price": "5000", "words": "約束の半分です。"})
    assert browser.post(f"{address}sign/", {"answer": "sign"}).status_code == 404, "no desk of theirs"

    page = text_of(finance.get(signer.notices.get(kind="contract.dispute_your_turn").about.replace("dispute:", "/desk/disputes/") + "/"))
    assert "約束の半分です。" in page and WORDS in page and "4,290円" in page
    ruling = Dispute.objects.get().rulings.get()
    answer = finance.post(f"{address}sign/", {"ruling": ruling.pk, "answer": "hand_back", "words": ""})
    assert answer.status_code == 422 and said("ruling.why_needed") in text_of(answer)
    finance.post(f"{address}sign/", {"ruling": ruling.pk, "answer": "hand_back", "words": "源泉を見てください。"})
    assert moderator.notices.filter(kind="contract.dispute_your_turn").count() == 2        # escalated, handed back
    assert "源泉を見てください。" in text_of(browser.get(address)) and WORDS not in text_of(finance.get(address))
    browser.post(address, {"deed": "rule", "price": "6000", "words": "見直しました。"})
    ruling = Dispute.objects.get().rulings.order_by("-pk").first()
    assert finance.post(f"{address}sign/", {"ruling": ruling.pk, "answer": "sign"}).status_code == 302

    assert balance_of(contract.worker) == 5_148 and finance.get(address).status_code == 404
    assert finance.post(f"{address}sign/", {"ruling": ruling.pk, "answer": "sign"}).status_code == 404
    assert broken_rules() == {}
    page = text_of(signed_in(contract.worker).get(reverse("privacy:seen")))
    assert said("looked.dispute") in page and moderator.name in page


def test_whoever_wrote_it_cannot_sign_it_though_they_hold_both_duties(town):
    browser, both = at_work("moderator", "finance")
    dispute = a_difference("drafted", moderator=both)
    address = f"/desk/disputes/{dispute.pk}/"
    assert said("ruling.two_people") in text_of(browser.get(address))
    answer = browser.post(f"{address}sign/", {"ruling": dispute.rulings.get().pk, "answer": "sign"})

    assert answer.status_code == 409 and said("ruling.two_people") in text_of(answer)
    assert Dispute.objects.get().state == "drafted"


def test_files_beside_the_words_are_for_whoever_reads_them():
    contract = a_contract(funded=True)
    dispute = actions.open_dispute(milestone=contract.milestones.get(), by=contract.worker, reason="違います。",
                                   files=store_all([SimpleUploadedFile("画面.txt", b"seen")]))
    actions.answer_dispute(dispute=dispute, by=client_of(contract), answer=WORDS)
    browser, _moderator = at_work("moderator")
    address = f"/desk/disputes/{dispute.pk}/files/{dispute.files.get().pk}/"
    assert browser.get(address).status_code == 404
    browser.post(f"/desk/disputes/{dispute.pk}/take/")

    answer = browser.get(address)
    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, b"seen")
    assert at_work("moderator")[0].get(address).status_code == 404


def test_the_list_stands_in_order_and_asks_as_few_questions_however_long_it_is():
    browser, _person = at_work("finance")
    a_difference("heard")
    few = queries_of(browser, "/desk/disputes/", counted)
    for state in ("mediation", "proposed", "escalated", "drafted"):
        a_difference(state)
    assert queries_of(browser, "/desk/disputes/", counted) == few
    page = text_of(browser.get("/desk/disputes/"))
    assert said("desk.disputes.n", n=5) in page
