"""What the law asks of a contract and where it stands (適法チェック): one page for both sides, which prints, and the same as a file."""
from typing import NamedTuple

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from machi.contracts import policies
from machi.contracts.between import between
from machi.contracts.ended import how_ended
from machi.contracts.law import LAWS, Applies, Item, Panel, State, panel
from machi.contracts.models import Contract, Side, Talk
from machi.notifications.words import moment
from machi.shared import clock
from machi.taxes.queries import standing_of
from machi.web.frame.jinja import page
from machi.web.pages.contracts.showing import contract_for, head_of, seen_by
from machi.web.pages.contracts.standing import Seen
from machi.web.pages.contracts.talks import change_way, is_to_be_signed
from machi.web.pages.payments.exports import lines

STATES = {State.OK: lambda: _("law.state.ok"), State.REASON: lambda: _("law.state.reason"), State.MISSING: lambda: _("law.state.missing"),
          State.BLOCKED: lambda: _("law.state.blocked")}
BADGES = {State.OK: "accepted", State.REASON: "held", State.MISSING: "disputed", State.BLOCKED: "closed"}
APPLIES = {Applies.LAW: lambda: _("law.by.law"), Applies.MAYBE: lambda: _("law.by.maybe"), Applies.TOWN: lambda: _("law.by.town")}

ABOUT = {Talk.About.PRICE: lambda: _("talk.price"), Talk.About.CARE: lambda: _("talk.care")}


class TalkLine(NamedTuple):
    """A talk in the log: who asked, about what, and where a yes is signed."""

    talk: Talk
    who: str
    about: str
    way: str


@require_GET
def law(request, pk: int):
    """The whole check, with the reason why a law applies or not."""
    seen = seen_by(request.user, contract_for(request, pk))
    return page(request, "contracts/law.html", head_of(seen) | law_context(seen) | talks_context(request.user, seen))


@require_GET
def law_file(request, pk: int):
    """The same as a table, for an inspection or for one's own books."""
    contract = contract_for(request, pk)
    now, reads = between(contract), policies.side_of(request.user, contract) is not None
    checked = _panel(seen_by(request.user, contract))
    heads = [_("law.csv.part"), _("law.csv.what"), _("law.csv.state"), _("law.csv.says"), _("law.csv.by"), _("law.csv.article"),
             _("law.csv.source")]
    rows = [*_about(contract, checked), *([title, *_row(item)] for title, items in _groups(checked) for item in items),
            *(row for talk in now.talks for row in _logged(talk, reads=reads))]
    return StreamingHttpResponse(lines(heads, rows), content_type="text/csv; charset=utf-8", headers={
        "Content-Disposition": f'attachment; filename="machi-law-{contract.pk}.csv"', "X-Content-Type-Options": "nosniff"})


def law_context(seen: Seen) -> dict:
    checked = _panel(seen)
    return {"reaches": [(_(LAWS[one.law]), one, APPLIES[one.applies]()) for one in checked.reaches], "span": checked.span, "badges": BADGES,
            "groups": _groups(checked), "by": _by, "state_words": _state, "today": clock.today()}


def talks_context(user, seen: Seen) -> dict:
    """Everything that was asked and answered; the words are for those who deal with the contract."""
    contract, now = seen.contract, between(seen.contract)
    return {"talks": [TalkLine(one, _asker(one), ABOUT[one.about](),
                               change_way(one) if is_to_be_signed(one) and policies.can_ask_for_change(user, contract) else "")
                      for one in now.talks],
            "reads_talks": policies.side_of(user, contract) is not None,
            "may_ask": [about for about in Talk.About.values if _may_ask(user, contract, about, now.talks)]}


def _may_ask(user, contract: Contract, about: str, talks: list[Talk]) -> bool:
    is_waiting = any(one.is_open and one.about == about for one in talks)
    return policies.can_ask_to_talk(user, contract, about) and not is_waiting


def _logged(talk: Talk, *, reads: bool) -> list[list]:
    """What was asked and what was answered, with their moments. What would help somebody is nobody's but the two's."""
    words = reads and talk.about == Talk.About.PRICE
    what = [_("law.talks"), ABOUT[talk.about]()]
    answer = _("talk.answered.yes") if talk.answer == Talk.Answer.YES else _("talk.answered.no")
    asked = [*what, _asker(talk), talk.words if words else "", moment(talk.asked_at), "", ""]
    answered = [] if talk.is_open else [[*what, answer, talk.answer_words if words else "", moment(talk.answered_at), "", ""]]
    return [asked, *answered]


def _asker(talk: Talk) -> str:
    return _("talk.by.worker") if talk.side == Side.WORKER else _("talk.by.client")


def _panel(seen: Seen) -> Panel:
    return panel(seen.contract, seen.steps, between(seen.contract), standing_of(seen.contract.worker), how_ended(seen.contract))


def _groups(checked: Panel) -> list[tuple[str, list[Item]]]:
    return [(_("law.nine"), checked.nine), (_("agreed.pay_on"), [checked.pay]), (_("law.acts"), checked.acts),
            (_("law.ending"), [checked.end]), (_("law.talks"), checked.talks)]


def _about(contract: Contract, checked: Panel) -> list[list]:
    """What the table is about: which contract, how long, which laws."""
    both = _("law.both") % {"client": contract.client.name or str(contract.client), "worker": contract.worker.name}
    return [[contract.title, f"{contract.pk}", clock.today().isoformat(), both, checked.span, "", ""],
            *([_("law.reach"), _(LAWS[one.law]), "", one.words, APPLIES[one.applies](), "", ""] for one in checked.reaches)]


def _row(item: Item) -> list:
    return [item.label, _state(item), item.words, APPLIES[item.applies](), item.rule.article, item.rule.source]


def _state(item: Item) -> str:
    return STATES[item.state]()


def _by(item: Item) -> str:
    """Whose rule it is: that of a law, with its article, or of the town."""
    return _("law.by.article") % {"by": APPLIES[item.applies](), "law": _(LAWS[item.rule.law]), "article": item.rule.article} \
        if item.rule.law in LAWS else APPLIES[item.applies]()
