"""Somebody prepares a service once, and a client who writes no post asks for it twice: two contracts, paid each (F19, F75; W15)."""
from tests.living import LivingTown
from tests.looking import a_context
from tests.stories import doing
from tests.stories.person import Person
from tests.stories.words import say

TITLE = "1時間の取材と、1,500字の記事"


def test_a_service_is_bought_twice(chromium):
    with LivingTown() as town:
        maker = Person(a_context(chromium, town.url, width=390), town, "つむぎ", "tsumugi@example.jp")
        client = Person(a_context(chromium, town.url, width=1280, script=False), town, "かもめ会", "kamome@example.jp", script=False)
        for person in (maker, client):
            doing.join(person)

        prepare(maker)
        contracts = set()
        for number in (1, 2):
            order(client, number)
            contracts.add(agree_and_work(maker, client, number))

        assert len(contracts) == 2
        assert maker.complaints == client.complaints == []


def prepare(maker: Person) -> None:
    maker.enter()
    maker.open(f"{maker.town.url}/packages/")
    maker.follow(say("package.mine"))
    maker.press(say("package.new"))
    maker.fill(say("package.title.label"), TITLE)
    maker.choose(say("job.category.label"), "記事・ライティング")
    maker.fill(say("package.body.label"), "港の町なら、出かけて話を聞きます。1,500字の記事を1本、題を3つそえて渡します。")
    maker.fill(say("package.price.label"), "20,000")
    maker.fill(say("package.days.label"), "10")
    maker.press(say("me.save"))
    maker.see(TITLE, "17,160円", say("package.state.draft"))
    maker.press(say("package.open"))
    maker.see(say("package.opened"))
    maker.shot("service-own")


def order(client: Person, number: int) -> None:
    client.open(f"{client.town.url}/packages/?q=取材")
    client.follow(TITLE)
    client.see("22,000円")
    client.shot(f"service-{number}")
    client.press(say("package.order.go"))
    client.fill(say("package.order.words"), f"{number}号の会報にのせます。")
    if number == 1:                                     # the second time the town knows who they are
        client.fill(say("client.name.label"), "かもめ会")
        client.fill(say("client.address.label"), "みなと県かもめ市港町1-2-3")
        client.fill(say("client.contact.label"), "kamome@example.jp")
        client.pick(say("job.client.company"))
    else:
        assert say("client.address.label") not in client.text()
    client.shot(f"service-order-{number}")
    client.press(say("package.order.deed", gross="22,000円"))
    client.see(say("offer.now.client"), f"{number}号の会報にのせます。")


def agree_and_work(maker: Person, client: Person, number: int) -> str:
    maker.open(f"{maker.town.url}/contracts/")
    maker.follow(TITLE)
    maker.see(f"{number}号の会報にのせます。")
    maker.press(say("offer.accept.deed"))
    maker.see(say("standing.agreed.worker"))
    contract = maker.page.url

    client.open(contract)
    client.press(say("contract.fund.go"))
    doing.press_for_money(client, say("contract.fund.deed", gross="22,000円"))
    client.see(say("standing.funded.client"))
    maker.open(contract)
    doing.deliver(maker, f"{number}号の記事です。")
    client.open(contract)
    doing.accept_work(client)
    maker.open(contract)
    maker.see("17,160円", say("milestone.state.accepted"))
    return contract
