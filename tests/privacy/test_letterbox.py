"""The town's own copies of mails: those that are to somebody who left, or name them, go; every other stays."""
import pytest
from django.core.mail import EmailMessage

from machi.privacy import letterbox
from machi.web.pages.demo import mailbox


@pytest.fixture
def kept_mails(settings):
    """The town's own copies of its mails, by what they say; returns what is left of them."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"

    def left_of(mails: dict[str, str], addresses=(), names=()) -> set[str]:
        for to, text in mails.items():
            EmailMessage("お知らせ", text, to=[to]).send()
        letterbox.forget(addresses, names)
        return {mail.to for mail in mailbox.mails()}
    return left_of


@pytest.mark.parametrize("name", ["の", "佐藤", "あおい", "ありがとう", "みなと出版", "A", "Jo Smith", "髙橋さくら"])
def test_copies_of_mails_that_name_them_go_and_no_other(kept_mails, name):
    mails = {
        "san@example.jp": f"お知らせです。\n\n{name}さんから、メッセージが届きました。",
        "quoted@example.jp": f"新しい募集があります。「{name}」の募集です。",
        "other@example.jp": "A letter for you: あおいそらのもとで、佐藤製作所の契約の話がありました。"
                            "みんなありがとうと言い、みなと出版社も髙橋さくら子も来ました。",
        "english@example.jp": "Jo Smithson has sent a letter. The contract begins."}

    assert kept_mails(mails, names=[name]) == {"other@example.jp", "english@example.jp"}


def test_copies_of_mails_to_them_or_with_their_address_go_and_no_other(kept_mails):
    mails = {"ao@example.jp": "お知らせです。", "Aoi <AOI@example.jp>": "お知らせです。", "x@example.jp": "aoi@example.jpへ送りました。",
             "midori.aoi@example.jp": "お知らせです。", "aoi@example.jp.example.com": "お知らせです。"}

    assert kept_mails(mails, addresses=["aoi@example.jp"]) == {"ao@example.jp", "midori.aoi@example.jp", "aoi@example.jp.example.com"}
