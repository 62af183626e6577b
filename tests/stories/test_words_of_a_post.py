"""A first post says 「35歳まで」: it is stopped with the reason, mended, and open (F35, F74, W5)."""
import datetime

from tests.looking import a_context
from tests.stories import doing
from tests.stories.person import Person
from tests.stories.words import say

JAPAN = datetime.timezone(datetime.timedelta(hours=9))
LIMIT = "商店街の取材記事を書いてください。応募できるのは35歳までの方です。"
MENDED = "商店街の取材記事を書いてください。平日の午前に返事ができる方にお願いします。"
JOB = {"title": "商店街の取材記事", "outcome": "1,500字の記事1本", "category": "記事・ライティング", "topic": "サッカー",
       "reward": "20,000", "body": LIMIT, "seats": 1, "newcomer_seats": 0}


def test_a_limit_of_age_is_stopped_with_the_reason_mended_and_opens(town, chromium):
    client = Person(a_context(chromium, town.url, width=390), town, "なぎさ商店", "nagisa@example.jp")
    doing.join(client)
    doing.post_job(client, JOB, datetime.datetime.now(JAPAN).date(), is_stopped=True)
    client.see(say("words.stop"), "35歳まで", "年齢で働く人を分けません")
    client.never_see(say("post.publish.note"))
    client.look()
    client.shot("words-1-stopped")

    client.page.locator("a[href*='#id_body']").click()
    client.see("年齢で働く人を分けません")
    client.shot("words-2-beside-the-field")
    client.fill(say("job.body.label"), MENDED)
    for _screen in range(5):
        client.press(say("post.save_on"))
    client.see(MENDED)
    doing.publish(client)

    client.see(say("post.published"), MENDED)
    client.never_see("35歳まで")
    assert client.complaints == []
