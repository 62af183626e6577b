"""In the life of a town (town_life.py): clients pay by card, what goes back to them goes to the card, and the service pays out."""
import contextlib
import os
from unittest.mock import patch

from django.test import override_settings

from machi.cards import actions as cards
from machi.cards import stripe_door
from machi.cards.models import CardRefund, Event, Intent
from machi.payments import actions as payments
from machi.payments.models import ExpectedDeposit, Refund
from machi.shared.errors import DomainError
from tests.cards.living import DECLINED, GOOD, KEY, SIGNING, message, pay, refunds_become
from tests.model.beside import Gift
from tests.model.cards import CARD_EVENTS, LAST_DAY, SET_ASIDE, Card
from tests.model.whole import SECOND, Step
from tests.payments.batches import in_a_town_with_files

BACK_TO = "http://localhost:8000/back/"
OPEN = ("created", "authorised")


@contextlib.contextmanager
def in_a_town_with_cards(api: str):
    """The files of its bank, and a payment service on loopback."""
    with (in_a_town_with_files(), override_settings(MONEY_MODE="provider", STRIPE_API=api),
          patch.dict(os.environ, {"MACHI_STRIPE_KEY": KEY, "MACHI_STRIPE_WEBHOOK": SIGNING})):
        yield


class PayingByCard:

    api = ""                                            # of the payment service

    # ---- money comes -------------------------------------------------------------------------------------------------

    def waited_for(self) -> list:
        """Everything somebody may pay now."""
        model = self.model
        steps = [step for step in model.steps() if model.asked_for(step)]
        return [*steps, *(gift for gift in model.gifts if gift.state == "asked"),
                *(one.what for one in model.asked if one.state == "waiting")]

    def place(self, what) -> str:
        if isinstance(what, Step):
            return f"milestone:{what.pk}"
        return f"bonus:{what.pk}" if isinstance(what, Gift) else self.place_of_owed(what)

    def pay_by_card(self, dice):
        if what := self._one(dice, self.waited_for()):
            self._is_paid_by_card(dice, what)

    def _is_paid_in(self, dice, step: Step) -> None:
        if self.model.asked_for(step) and dice.random() < .75:
            self._is_paid_by_card(dice, step)
        else:
            super()._is_paid_in(dice, step)

    def _is_paid_by_card(self, dice, what, is_sure: bool = False) -> None:
        """From the page to the money, or to wherever it stops."""
        role = "client" if is_sure or dice.random() < .9 else dice.choice(["worker", "stranger"])
        card = self.begins_card(what, role)
        if card is None or card.page != "open":
            return
        if not is_sure and dice.random() < .2:
            self.types(card, DECLINED)
        if not is_sure and dice.random() < .1:
            return                                      # they went away
        self.types(card, GOOD)
        if dice.random() < .12 and not is_sure:
            self.at_the_service(card, dice.choice(["cancel", "capture"]))
        how = "comes back" if is_sure else dice.choice([*["comes back"] * 5, "message", "message", "noted", "never"])
        self.hears_of(card, how)

    def begins_card(self, what, role: str) -> Card | None:
        asked = ExpectedDeposit.objects.filter(place=self.place(what)).latest("pk")
        client = self.clients[asked_by(self.model, what)]
        by = {"client": client, "worker": self.workers[0], "stranger": self.stranger}[role]
        card, is_new = self.model.open_page(what, role == "client")
        try:
            intent = payments.start_card(deposit=asked, by=by, back_to=BACK_TO)
        except DomainError:
            intent = None
        assert (intent is None) == (card is None), f"a page for {what} by the {role}: the town says {intent}, the model {card}"
        self.reached("card page" if card else "no card page")
        if card and is_new:
            card.pk = intent.pk
        assert card is None or card.pk == intent.pk
        return card

    def types(self, card: Card, number: str) -> None:
        now = int(self.model.now.timestamp())
        assert pay(self.real(card), number, at=now) == (303 if number == GOOD else 200)
        if number == GOOD:
            card.page, card.at, card.until = "paid", "set aside", self.model.now.replace(microsecond=0) + SET_ASIDE
        else:
            card.at = "declined"
            self.reached("card declined")

    def hears_of(self, card: Card, how: str) -> None:
        """Whoever comes back makes the town look at every payment that is open for the same work."""
        before = {id(one): one.state for one in self.model.cards}
        looked_at = [card]
        if how == "comes back":
            looked_at = [card, *(one for one in self.model.cards if one.what is card.what and one.state in OPEN and one is not card)]
            payments.take_up_card(deposit=ExpectedDeposit.objects.filter(place=self.place(card.what)).latest("pk"))
        elif how == "message":
            self.service_says(message("checkout.session.completed", {"id": self.real(card).page_id, "object": "checkout.session"}))
        elif how == "noted":                            # and the town has not taken it yet
            cards.read_card(card.pk)
        for one in looked_at if how != "never" else ():
            one.look() if how == "noted" else self.model.read(one)
        self._hears()
        for one in looked_at:
            self.card_is(one, before[id(one)])

    def card_is(self, card: Card, before: str) -> None:
        """It stands where the model says; the edges that it went are counted."""
        after = self.real(card).state
        assert after == card.state, f"a card that was {before}: the town says {after}, the model {card.state}"
        for event in {("created", "authorised"): ["authorise"], ("created", "captured"): ["authorise", "capture"],
                      ("created", "failed"): ["fail"], ("authorised", "captured"): ["capture"],
                      ("authorised", "cancelled"): ["cancel"]}.get((before, after), []):
            self.reached(f"card {'authorised' if event == 'capture' else before}: {event}")
        if (before, after) == ("created", "cancelled"):     # let go by the service, or by the town that had just heard of it
            self.reached("card created: cancel" if card.ended_at_the_service else "card authorised: cancel")

    def real(self, card: Card) -> Intent:
        return Intent.objects.get(pk=card.pk)

    def service_says(self, *told) -> None:
        for body, signature in told:
            cards.receive(body, signature)
        payments.hear_cards()
        assert not Event.objects.filter(handled_at=None).exists(), "a message of the service was not understood"

    # ---- at the service ----------------------------------------------------------------------------------------------

    def at_the_service(self, card: Card, what: str) -> None:
        """Somebody does it there, or it runs out."""
        ask = stripe_door._try
        provider_id = self.real(card).provider_id or stripe_door.page_of(self.real(card).page_id).provider_id
        if what == "fail" and card.page == "open":
            stripe_door.close_page(self.real(card).page_id)
            card.page = "over"
        elif what == "capture" and card.at == "set aside":
            ask(lambda of: of.v1.payment_intents.capture(provider_id))
            card.at = "taken"
        elif what == "cancel" and card.at in ("set aside", "declined"):
            ask(lambda of: of.v1.payment_intents.cancel(provider_id))
            card.at, card.page, card.ended_at_the_service = "let go", "over" if card.at == "declined" else card.page, True

    def try_cards(self, dice):
        """Any event in any state, those first that this life has tried least."""
        for event in dice.sample(CARD_EVENTS, 4):       # of one that was just begun, and of one that nobody has taken yet
            if (what := self._something_to_pay(dice)) and (card := self.begins_card(what, "client")):
                if card.page == "open" and dice.random() < .3:
                    self.types(card, GOOD)
                    self.hears_of(card, "noted")
                self.reached(f"tried card {card.state}: {event}")
                self._try_card(dice, card, event)
        for _each in range(3 if self.model.cards else 0):
            pairs = [(card.state, event) for card in self.model.cards for event in CARD_EVENTS]
            state, event = self.least("tried card", pairs, dice)
            card = dice.choice([card for card in self.model.cards if card.state == state])
            self.reached(f"tried card {state}: {event}")
            self._try_card(dice, card, event)

    def _something_to_pay(self, dice):
        waiting = [what for what in self.waited_for() if self.model.open_card(what) is None]
        if not waiting and (step := self._one(dice, [step for step in self.model.steps() if self.model.allows("fund", step, "client")])):
            self._happens(step, "fund", "client", 0)
            return step
        return self._one(dice, waiting)

    def _try_card(self, dice, card: Card, event: str) -> None:
        before = card.state
        match event:
            case "authorise":
                if card.page == "open" and card.state == "created" and card.at != "let go":
                    self.types(card, GOOD)
                self.hears_of(card, "noted")
                return
            case "capture" if before in OPEN:
                self.hears_of(card, "comes back")
                return
            case "capture":                             # again, or of what was let go
                cards.capture_card(card.pk)
            case "cancel" if before == "authorised" and dice.random() < .4:
                self._runs_out_while_money_stands(card)
                return
            case "cancel" if before in OPEN:
                if card.at == "":
                    self.types(card, dice.choice([GOOD, DECLINED])) if card.page == "open" else None
                self.at_the_service(card, "cancel")
                self.hears_of(card, "comes back")
                return
            case "cancel":
                cards.cancel_card(card.pk)
            case "fail":
                self.at_the_service(card, "fail")
                self.hears_of(card, dice.choice(["comes back", "noted"]))
                return
        self.card_is(card, before)

    def _runs_out_while_money_stands(self, card: Card) -> None:
        """Money stands still in the whole town: what would run out in the last day is let go, a second before it is not."""
        self.model.now = max(self.model.now, card.until - LAST_DAY - SECOND)
        for _twice in range(2):
            before = {id(one): one.state for one in self.model.cards}
            stop = payments.stop_money(rule="a test", rows=[1])
            payments.take_up_cards()
            self.model.let_go_late()
            payments.lift_clean_stop(stop=stop)
            for one in self.model.cards:
                self.card_is(one, before[id(one)])
            self.model.now += 2 * SECOND

    def the_clock_takes_cards(self, _dice=None):
        """What was noted is taken; what nobody has told about is asked."""
        for ask, in_the_model in ((payments.take_up_cards, lambda: [
                self.model.take(card) for card in self.model.cards if card.state == "authorised"]),
                (payments.ask_about_cards, self.model.ask_service)):
            before = {id(card): card.state for card in self.model.cards}
            ask()
            in_the_model()
            self._hears()
            for card in self.model.cards:
                if before[id(card)] in OPEN:
                    self.card_is(card, before[id(card)])

    def give_beside_the_price(self, dice):
        before = len(self.model.gifts)
        super().give_beside_the_price(dice)
        if len(self.model.gifts) > before and dice.random() < .7:
            self._is_paid_by_card(dice, self.model.gifts[-1])
            self.reached("bonus given", self.model.gifts[-1].state == "paid")

    # ---- money goes back, and to the bank ----------------------------------------------------------------------------

    def the_service_says_the_same(self):
        """What was captured of each payment, asked of the service itself."""
        found = {card.pk: stripe_door.look(self.real(card).provider_id) for card in self.model.cards if card.state == "captured"}
        assert {pk: (seen.is_captured, seen.received) for pk, seen in found.items()} == {
            card.pk: (True, card.amount) for card in self.model.cards if card.state == "captured"}

    def refunds_leave(self, dice):
        """To the card, by the clock; what no card takes by a transfer. Now and then a card can take nothing, at once or days later."""
        for card in self.model.cards:
            if card.state == "captured" and dice.random() < .8:
                status = dice.choice(["succeeded", "pending", "failed", "refused"])
                if status != card.takes_back:
                    refunds_become(self.api, self.real(card), status)
                    card.becomes(self.model.backs.values(), status)
        assert payments.send_refunds() == self.model.send_backs()
        self._a_refund_leaves_by_transfer(dice)

    def _a_refund_leaves_by_transfer(self, dice):
        waiting = [reference for reference, back in self.model.backs.items() if back.state != "paid"]
        if not waiting:
            return
        at_the_card = [reference for reference in waiting if self.model.backs[reference].card_state == "asked"]
        reference = dice.choice(at_the_card if at_the_card and dice.random() < .5 else waiting)
        back, refund = self.model.backs[reference], Refund.objects.get(reference=reference)
        self._is_covered(back.amount)
        line = self._shows(-back.amount, "ﾍﾝｷﾝ")
        allowed = self.model.may_leave_by_transfer(back)
        try:
            payments.answer_line(line=line, refund=refund, by=self.desk[0], reason="返金")
            done = True
        except DomainError:
            done = False
        assert done == allowed, f"{reference} by a transfer: the town says {done}, the model {allowed}"
        self.model.at_bank -= back.amount
        if done:
            self.model.is_back(back)
            self.reached("refund left by a transfer" + (" after its card" if back.card_state else ""))
        else:                                           # it was no refund: the operator had moved it
            payments.book_line(line=line, use="own", by=self.desk[0], reason="運営")
            self.model.own["own"] -= back.amount
            self.reached("no transfer of what is at the card")

    def the_service_pays_out(self, dice):
        """A sum of many arrives at the town's own account."""
        if self.model.at_service > 0:
            amount = self.model.at_service if dice.random() < .7 else dice.randint(1, self.model.at_service)
            line = self._shows(amount, "ｽﾄﾗｲﾌﾟ")
            payments.book_line(line=line, use="service", by=self.desk[0], reason="決済サービスから")
            self.model.at_service, self.model.at_bank = self.model.at_service - amount, self.model.at_bank + amount
            self.reached("the service paid out")

    def _is_covered(self, amount: int) -> None:
        """So much lies at the bank: the service pays out, or the operator puts their own money in."""
        if (missing := amount - self.model.at_bank) > 0:
            self._is_operators(missing + 10_000)

    def _is_operators(self, amount: int) -> None:
        line = self._shows(amount, "ｳﾝｴｲ")
        payments.book_line(line=line, use="own", by=self.desk[0], reason="運営者の資金")
        self.model.at_bank, self.model.own["own"] = self.model.at_bank + amount, self.model.own["own"] + amount

    def _by_file(self, dice):
        self._is_covered(sum(self.model.transit.values()))
        super()._by_file(dice)

    def the_clock_makes_its_rounds(self, _dice=None):
        super().the_clock_makes_its_rounds()
        self.the_clock_takes_cards()

    def backs_are_where_the_model_says(self):
        states = {"owed": "owed", "sending": "sending", "paid": "paid"}
        found = {row.reference: (self._index(row.party_id), row.amount_yen, row.state) for row in Refund.objects.all()}
        assert found == {name: (back.client, back.amount, states[back.state]) for name, back in self.model.backs.items()}
        at_cards = {row.reference.removeprefix("refund:"): (row.intent_id, row.state) for row in CardRefund.objects.all()}
        assert at_cards == {name: (back.card.pk, back.card_state) for name, back in self.model.backs.items() if back.card}


def asked_by(model, what) -> int:
    return what.work.client if isinstance(what, Step | Gift) else what.client
