"""Every form of the first story with what somebody may type into it, and where the other side reads what was typed."""
from dataclasses import dataclass, field
from datetime import timedelta

from machi.accounts.actions import vouch_for_address
from machi.accounts.models import User
from machi.contracts.actions import ask_end_reason, give_notice
from machi.contracts.models import Contract, Offer
from machi.jobs.models import Job
from machi.packages.models import Package
from machi.profiles.actions import add_strength
from machi.profiles.models import Strength
from machi.proposals.models import Proposal
from machi.shared import clock
from tests.people import a_client, a_contract, a_job, a_package, a_person, a_proposal, an_offer

# Whose forms they are: rooms (before the colon), or single addresses.
FIRST_STORY = {"jobs", "packages", "proposals", "contracts", "payments", "profiles", "welcome", "account_signup",
               "account_email_verification_sent", "account_login", "account_request_login_code",
               "account_confirm_login_code"}
# What nobody types anything into, and that carries nothing of what was on the screen.
NOT_TYPED = {
    **dict.fromkeys(("jobs:close", "contracts:fund", "contracts:offer_refuse", "proposals:withdraw", "profiles:evenings",
                     "profiles:remove", "packages:open", "packages:pause", "payments:debt"), "one button"),
    "profiles:move": "two buttons, up and down",
    **dict.fromkeys(("contracts:check_in", "contracts:check_ins", "contracts:ending_why"), "buttons"),
    "contracts:date_answer": "three buttons, each with the wish that it answers",
    **dict.fromkeys(("contracts:change", "contracts:part", "contracts:end", "contracts:wish", "contracts:dispute",
                     "contracts:dispute_back"), "tests/web/contracts/test_wishes.py types into them"),
    **dict.fromkeys(("contracts:dispute_split", "contracts:week_dispute_split"), "tests/web/contracts/test_split.py does"),
    "contracts:bonus": "tests/web/contracts/test_bonus.py does",
    "contracts:go_on": "tests/web/contracts/test_going_on.py does",
    **dict.fromkeys(("contracts:care", "contracts:care_answer", "contracts:price_answer"), "tests/web/contracts/test_talks.py does"),
    **dict.fromkeys(("contracts:stand_in", "contracts:stand_in_one", "contracts:stand_in_call"),
                    "tests/web/contracts/test_stand_ins.py does"),
    **dict.fromkeys(("contracts:week_add", "contracts:week_ask", "contracts:week_confirm", "contracts:week_entry", "contracts:week_fund",
                     "contracts:week_mend", "contracts:week_press", "contracts:week_submit"), "tests/web/contracts/test_weeks.py does"),
    **dict.fromkeys(("contracts:week_part", "contracts:week_dispute", "contracts:week_dispute_back"),
                    "tests/web/contracts/test_two_weeks.py does"),
    **dict.fromkeys(("jobs:keep", "jobs:limit", "jobs:reopen"), "tests/web/jobs/test_keeping_a_post.py does"),
    **dict.fromkeys(("jobs:answer", "jobs:questions"), "tests/web/contests/test_contest_pages.py does"),
    **dict.fromkeys(("jobs:plan", "jobs:template"), "tests/web/jobs/test_writing.py does"),
    "payments:early": "one button, with the sum that it names",
    "payments:refund_account_of": "the form of payments:account",
    "profiles:unsaved": "the field of profiles:line about, kept while it is typed",
}


@dataclass
class Town:
    """One thing for each form; nothing else."""

    client: User
    worker: User
    stranger: User
    draft: Job
    job: Job
    applied: Job
    proposal: Proposal
    offer: Offer
    funded: Contract
    delivered: Contract
    finished: Contract
    strength: Strength
    package: Package
    long: Contract
    noticed: Contract


def _long(client: User, worker: User, *, is_noticed: bool) -> Contract:
    """A contract of more than six months; of one the end was said, and the reason asked for."""
    contract = a_contract(by=client, worker=worker, funded=True, due_on=clock.today() + timedelta(days=200))
    if is_noticed:
        ask_end_reason(notice=give_notice(contract=contract, by=client, last_on=clock.today() + timedelta(days=40)), by=worker)
    return contract


def a_town() -> Town:
    client, worker, stranger = a_client(), a_person("街田さん"), a_person("通りすがり")
    vouch_for_address(user=worker)
    proposal = a_proposal(a_job(client, seats_count=2), worker)
    an_offer(a_proposal(proposal.job, a_person()))
    return Town(
        client, worker, stranger, a_job(client, published=False), a_job(client), proposal.job, proposal,
        an_offer(a_proposal(a_job(client), worker)), a_contract(by=client, worker=worker, funded=True),
        a_contract(by=client, worker=worker, delivered=True), a_contract(by=client, worker=worker, accepted=True),
        add_strength(by=worker, statement="聞き書きができます"), a_package(worker),
        *(_long(client, worker, is_noticed=one) for one in (False, True)))


@dataclass(frozen=True)
class Form:
    """An address, who sends it, what they type, and who reads it where. `unread`: fields that are for nobody else's eyes."""

    name: str
    who: str
    typed: dict[str, str]
    thing: str = ""
    word: dict[str, str] = field(default_factory=dict)
    reader: str = ""
    read_at: str = ""
    read_thing: str = ""
    unread: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join((self.name, *self.word.values()))


def _in(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


def _step(step: str, /, **typed) -> Form:
    return Form("jobs:step", "client", typed, "job", {"step": step}, "stranger", "jobs:detail", "job")


def _mine(address: str, word: str, value: str, /, *, unread=(), **typed) -> Form:
    return Form(address, "worker", typed, "", {word: value}, "client", "profiles:public", "worker", unread)


def _deed(address: str, who: str, thing: str, reader: str, /, *, unread=(), **typed) -> Form:
    return Form(address, who, typed, thing, {}, reader, "contracts:room", thing, unread)


def _at_the_door(address: str, /, **typed) -> Form:
    return Form(address, "visitor", typed)


FORMS = [
    _at_the_door("account_signup", email="aoi@example.jp"),
    _at_the_door("account_login", login="aoi@example.jp", password="machi-no-hitobito"),
    _at_the_door("account_request_login_code", email="aoi@example.jp"),
    Form("account_email_verification_sent", "joining", {"code": "0000-0000"}),
    Form("account_confirm_login_code", "coming back", {"code": "0000-0000"}),
    Form("welcome", "worker", {"call_name": "おい"}, reader="client", read_at="profiles:public", read_thing="worker"),

    Form("jobs:new", "client", {"form": "project", "category": "writing"}),
    _step("kind", category="writing"),
    _step("what", title="地域サッカーの記事", body="週末の試合を見てください。", outcome="文章のファイル1つ", topic="サッカー"),
    _step("reward", reward_yen="10000", minutes_estimate="4"),
    _step("dates", closes_on=_in(7), due_on=_in(21), seats_count="2", newcomer_seats_count="1"),
    _step("how", sync="weekly", sync_note="はじめに一度だけ", place="自宅など、どこでも", ai="declared", rights="transferred",
          slack_days="0",
          revisions_count="2", acceptance_days="7"),
    Form("jobs:step", "client",
         {"name": "みなと応援会", "address": "東京都港区みなと1-2-3", "contact": "info@example.jp", "trade": "company"}, "draft",
         {"step": "client"}, "client", "jobs:preview", "draft"),            # on an open post stands who gave it when it was opened
    Form("jobs:preview", "client", {}, "draft"),
    Form("jobs:end", "client", {"reason": "topic", "words": "ありがとうございました。"}, "applied", {}, "worker",
         "proposals:detail", "proposal"),

    Form("packages:new", "worker", {
        "title": "取材の記事", "category": "writing", "body": "1時間の取材と、記事を1本。", "needs": "話を聞ける方", "price_yen": "10000",
        "days_count": "14", "revisions_count": "2", "place": "自宅など、どこでも", "sync": "none", "sync_note": "はじめに一度",
        "ai": "declared", "rights": "transferred"}),
    Form("packages:change", "worker", {
        "title": "取材の記事", "category": "writing", "body": "1時間の取材と、記事を1本。", "needs": "話を聞ける方", "price_yen": "10000",
        "days_count": "14", "revisions_count": "2", "place": "自宅など、どこでも", "sync": "none", "sync_note": "はじめに一度",
        "ai": "declared", "rights": "transferred"}, "package", {}, "client", "packages:detail", "package"),
    Form("packages:order", "client", {"words": "会報にのせます。"}, "package"),

    Form("proposals:apply", "stranger", {"message": "流れの変わった瞬間を書けます。"}, "job", {}, "client", "jobs:applicants", "job"),
    Form("proposals:decline", "client", {"reason": "topic", "words": "ていねいでした。"}, "proposal", {}, "worker", "proposals:detail",
         "proposal"),
    Form("proposals:choose", "client", {"due_on": _in(21)}, "proposal"),

    Form("contracts:offer_change", "client", {"due_on": _in(30), "reward": "20000"}, "offer"),
    Form("contracts:offer_accept", "worker", {}, "offer"),
    Form("contracts:accept", "client", {}, "delivered"),
    _deed("contracts:deliver", "worker", "funded", "client", text="できました。", ai_note="使っていません", minutes_spent="90"),
    _deed("contracts:changes", "client", "delivered", "worker", reason="agreed", points="題名を短く\n写真を一枚"),
    _deed("contracts:date", "worker", "funded", "client", wished_on=_in(40), words="試合が延びました。"),
    Form("contracts:price", "worker", {"words": "材料の値段が上がりました。", "wished": "12000"}, "funded", {}, "client", "contracts:price",
         "funded"),
    Form("contracts:ending", "client", {"last_on": _in(45)}, "long"),
    Form("contracts:ending_reason", "client", {"reason": "予算が変わりました。"}, "noticed"),
    _deed("contracts:message", "worker", "delivered", "client", body="いま書いています。"),
    _deed("contracts:review", "client", "finished", "client", again="yes", text="読みやすい記事でした。"),
    _deed("contracts:thanks", "client", "finished", "worker", text="助かりました。"),

    Form("payments:account", "worker", {"bank_code": "0005", "branch_code": "001", "kind": "1", "number": "1234567",
                                        "holder_kana": "マチダ タロウ"}),
    Form("payments:tax", "worker", {"kind": "company", "number": "T7123456789012", "valid_from": "2024-04-01"}),

    _mine("profiles:line", "line", "name", call_name="おい", call_reading="おい", legal_name="大井", legal_reading="おおい",
          unread=("call_reading", "legal_name", "legal_reading")),
    _mine("profiles:line", "line", "headline", headline="記録を書きます"),
    _mine("profiles:line", "line", "about", about="試合のノートを\n10年つけています。"),
    _mine("profiles:line", "line", "conditions", hours="10", conditions="文字だけ", slack_days="3"),
    _mine("profiles:line", "line", "pay", amount_yen="3000"),
    _mine("profiles:line", "line", "availability", standing="later", from_on=_in(9)),
    _mine("profiles:add", "kind", "strength", statement="手順書が書けます", evidence="記録を8年", evidence_link="", hand_me="書き直し"),
    _mine("profiles:add", "kind", "hobby", topic="園芸", years="10", depth="doing", note="庭のノート", evidence_link=""),
    _mine("profiles:add", "kind", "career", role="記録係", category="writing", years="8", note="夜勤もしました"),
    _mine("profiles:add", "kind", "skill", skill="校正", level="alone", years="3"),
    _mine("profiles:add", "kind", "certificate", name="簿記3級", issuer="商工会議所", year="2019"),
    _mine("profiles:add", "kind", "language", name="手話", level="work"),
    _mine("profiles:question", "asked", "name", call_name="おい", call_reading="おい", unread=("call_reading",)),
    _mine("profiles:question", "asked", "strength", statement="手順書が書けます"),
    _mine("profiles:question", "asked", "heart", words="園芸", how="doing", years="10"),
    Form("profiles:expert", "worker", {
        "call_name": "おい", "headline": "記録を書きます",
        "statement_1": "手順書が書けます", "evidence_1": "記録を8年", "hand_me_1": "書き直し",
        "statement_2": "地図が読めます", "evidence_2": "", "hand_me_2": "", "statement_3": "", "evidence_3": "", "hand_me_3": "",
        "skill": "校正", "role": "記録係", "role_years": "8", "topic": "園芸", "topic_years": "10", "piece_title": "庭のノート",
        "piece_part": "文と写真", "piece_link": "", "hours": "10", "amount_yen": "3000"}, "", {}, "client", "profiles:public", "worker"),
    Form("profiles:change", "worker",
         {"statement": "手順書が書けます", "evidence": "記録を8年", "evidence_link": "", "hand_me": "書き直し"}, "strength",
         {"kind": "strength"}, "client", "profiles:public", "worker"),
]
