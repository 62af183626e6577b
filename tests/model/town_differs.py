"""In the life of a town (town_life.py): two who do not agree about a step, people of the town who mediate and rule, and the clock."""
from django.db import transaction

from machi.contracts import actions as contracts
from machi.contracts.models import Dispute
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from tests.model.differences import EVENTS, PEOPLE, SIDES, SUMS
from tests.model.ledgers import DAY
from tests.model.whole import SECOND, Step
from tests.people import a_staff_member

ONWARD = {"open": ["answer"], "heard": ["take_up"], "mediation": [*["propose"] * 3, "take_up"],
          "proposed": [*["agree"] * 5, "refuse", "refuse", "take_up"], "escalated": [*["rule"] * 3, "take_up"],
          "drafted": ["sign", "hand_back"]}


class Differing:
    """Beside the finance desk one moderator, and one who has both duties and so could sign what they wrote."""

    def people_who_rule(self):
        self.of_the_town = {"moderator": a_staff_member("moderator"), "both": a_staff_member("moderator", "finance"),
                            "desk": self.desk[0], "other desk": self.desk[1]}

    def _differing(self) -> list[Step]:
        return [step for step in self.model.steps() if step.state == "disputed"]

    def differ_on(self, dice):
        """The next things that happen about a difference, mostly by whose deed it is; now and then somebody tries what people seldom think
        of. Where nobody differs, two do.
        """
        self._somebody_tells_one(dice)
        if step := self._one(dice, self._differing()):
            for _each in range(dice.randint(3, 9)):
                for _each_first in range(8 if step.disputed and step.disputed.state == "drafted" else 3):      # seldom reached
                    if step.disputed:
                        self._try_least_about(dice, step)
                if step.disputed:
                    event = dice.choice(ONWARD[step.disputed.state])
                    self._about_it(dice, step, event, self._whose(dice, step, event), self._sum(dice, step, event))

    def _somebody_tells_one(self, dice):
        rest = [step for step in self.model.steps() if step.state in ("funded", "delivered")]
        if not self._differing() and (step := self._one(dice, rest)):
            self._happens(step, "dispute", dice.choice(SIDES), 0)

    def _try_least_about(self, dice, step: Step) -> None:
        """Any event, by anybody, that one first which this life has tried least where it stands."""
        state, event = self.least("tried", [(step.disputed.state, event) for event in EVENTS], dice)
        self._about_it(dice, step, event, dice.choice(PEOPLE), self._sum(dice, step, event))

    def _whose(self, dice, step: Step, event: str) -> str:
        may = [who for who in PEOPLE if step.disputed.allows(event, who, self.model.now, is_part=True)]
        return dice.choice(may or PEOPLE)

    def _sum(self, dice, step: Step, event: str) -> int:
        percent = dice.choice([0, 100, dice.randint(1, 99), dice.randint(1, 99)])
        return step.price * percent // 100 if event in SUMS else 0

    def _about_it(self, dice, step: Step, event: str, who: str, price: int) -> None:
        one, state, now = step.disputed, step.disputed.state, self.model.now
        allowed = one.allows(event, who, now, is_part=self.model.is_part(step, price))
        ends = event == "sign" or event == "agree" and one.agreed == set(SIDES) - {who}
        allowed = allowed and not (ends and not self.model.is_there(step, one.price))
        self.reached(f"tried {state}: {event}")
        done = self._for_real_about_it(step, event, who, price)
        assert done == allowed, f"{event} by {who} while {state}: the town says {done}, the model {allowed}"
        if done:
            self.reached(f"{state}: {event}")
            if one.moves(event, who, now, price):
                self.reached("ruled" if event == "sign" else "both agreed to what was proposed")
                self.model.end(step, one.price, self.pay_in_until())

    def _for_real_about_it(self, step: Step, event: str, who: str, price: int) -> bool:
        people = self.of_the_town | {"worker": self.workers[step.work.worker], "client": self.clients[step.work.client]}
        by, dispute = people.get(who, self.stranger), Dispute.objects.filter(milestone=self._row(step)).latest("pk")
        said = {"price": Yen(price), "words": "話を聞いて、こう考えました。"}
        try:
            with transaction.atomic():
                match event:
                    case "answer":
                        contracts.answer_dispute(dispute=dispute, by=by, answer="私から見ると違います。")
                    case "take_up":
                        contracts.take_up_dispute(dispute=dispute, by=by)
                    case "propose":
                        contracts.propose_split(dispute=dispute, by=by, **said)
                    case "agree":
                        contracts.agree_to_split(dispute=dispute, by=by)
                    case "refuse":
                        contracts.refuse_split(dispute=dispute, by=by)
                    case "rule":
                        contracts.write_ruling(dispute=dispute, by=by, **said)
                    case _:
                        ruling = dispute.rulings.order_by("-pk").first()
                        if ruling is None:
                            return False
                        how = contracts.sign_ruling if event == "sign" else contracts.hand_back_ruling
                        how(ruling=ruling, by=by, **({} if event == "sign" else {"words": "計算を確かめてください。"}))
        except DomainError:
            return False
        return True

    # ---- time --------------------------------------------------------------------------------------------------------

    def the_clock_looks_at_differences(self):
        for name, round_of_the_clock, in_the_model in (
                ("reminded", contracts.remind_of_disputes, self.model.remind),
                ("silent to the end", contracts.settle_for_silent, lambda: self.model.settle_for_silent(self.pay_in_until())),
                ("thirty days over", contracts.end_mediation, self.model.end_mediation)):
            count = round_of_the_clock()
            assert count == in_the_model(), name
            self.reached(name, count)

    def somebody_stays_silent(self, dice):
        """Until the end of the answer, or of the thirty days: a second before, at it, a second after."""
        self._somebody_tells_one(dice)
        if dice.random() < .5 and (step := self._one(dice, [step for step in self._differing() if step.disputed.state == "open"])):
            for event in ("answer", "take_up"):
                self._about_it(dice, step, event, self._whose(dice, step, event), 0)
        ends = ("open", "mediation", "proposed")
        if step := self._one(dice, [step for step in self._differing() if step.disputed.state in ends]):
            one = step.disputed
            for _notice in range(5):
                if step.disputed is one and one.state in ends:
                    until = one.decide_by or one.answer_by
                    before = {1: 3 * DAY, 2: DAY}.get(one.told, 0 * DAY) if one.state == "open" else 0 * DAY
                    self.model.now = max(self.model.now, until - before + dice.choice([-1, 0, 1]) * SECOND)
                    self.the_clock_looks_at_differences()
