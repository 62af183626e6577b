"""Writing a post, one thing per screen: the short forms."""
import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from machi.accounts.models import Party
from machi.accounts.powers import Power
from machi.contracts.policies import LATEST
from machi.contracts.queries import NEWCOMER_UNTIL
from machi.jobs import wages
from machi.jobs.listing import may_have_part
from machi.jobs.models import Job
from machi.jobs.templates import is_open
from machi.shared import clock
from machi.shared.seals import seal
from machi.taxonomy.queries import categories
from machi.web.frame.acting import Acting
from machi.web.frame.fields import CleanText, DayField, HoursField, TopicField, YenField
from machi.web.frame.sections import said
from machi.web.frame.words import day, hours, yen
from machi.web.pages.jobs.fields import ChoiceOfOne, CountField, VersionField

HIDDEN = ("version", "window", "client", "seen")
SEATS = ("seats_count", "newcomer_seats_count")
OFFERED = (Job.Form.PROJECT, Job.Form.HOURLY, Job.Form.CONTEST)
FORM_WORDS = {Job.Form.PROJECT: _("job.form.project.words"), Job.Form.HOURLY: _("job.form.hourly.words"),
              Job.Form.CONTEST: _("job.form.contest.words")}


class StepForm(forms.Form):
    """One screen. `job` is none before the first screen is saved."""

    version = VersionField()
    is_kept_while_typed = True
    live: tuple[tuple[str, ...], str] = ((), "")        # fields, and the event on which the panel beside them is asked for anew

    def __init__(self, data=None, *, job: Job | None, party: Party):
        self.job, self.party = job, party
        super().__init__(data, initial={"version": job.version, **self.written()} if job else None)
        names, event = self.live
        for name in self.fields.keys() & names:         # the panel is about all of them, so all of them are sent
            self.fields[name].widget.attrs |= {
                "hx-get": "", "hx-trigger": event, "hx-target": "#live", "hx-swap": "outerHTML", "hx-sync": "this:replace",
                "hx-include": "closest form", "hx-params": "not csrfmiddlewaretoken"}

    def written(self) -> dict:
        """What the post says now, as the fields show it."""
        return {name: getattr(self.job, name) for name in self.base_fields if name not in HIDDEN}

    def values(self) -> dict:
        """What the fields say that could be read."""
        return {name: value for name, value in self.cleaned_data.items() if name not in HIDDEN}

    def leave_empty(self) -> None:
        """Whoever goes on later may leave a field empty. What is in a field and cannot be read is still said."""
        for name in [name for name in self.errors if name in self.fields and not self[name].value()]:
            del self.errors[name]

    def changed(self) -> list[tuple[str, str]]:
        """(label, what is saved) wherever the saved text is another than the one typed here."""
        typed = self.cleaned_data
        return [(str(self.fields[name].label), self._said(name, value)) for name, value in self.written().items()
                if name in typed and (value or "") != (typed[name] or "")]

    def _said(self, name: str, value) -> str:
        """A saved value as people read it."""
        if isinstance(self.fields[name], YenField):
            return yen(value)
        if isinstance(self.fields[name], HoursField):
            return hours(value) if value else str(_("money.unknown"))
        return day(value) if isinstance(value, datetime.date) else said(self.fields[name], value) or str(_("money.unknown"))

    def renew(self) -> None:
        """Whoever has seen what changed may save over it: the window now knows the newest version."""
        self.job.refresh_from_db()
        self.data = self.data.copy()
        self.data["version"] = self.job.version


class KindForm(StepForm):
    """The first screen: which form of work, and what kind. Once a post is out its form stays."""

    form = ChoiceOfOne(label=_("job.form.label"), choices=[], initial=Job.Form.PROJECT, required=False)
    category = ChoiceOfOne(label=_("job.category.label"), widget=forms.Select)

    def __init__(self, *values, **named):
        super().__init__(*values, **named)
        self.kinds = {category.code: category for category in categories()}
        self.fields["category"].choices = [("", _("job.category.choose")), *((code, kind.name) for code, kind in self.kinds.items())]
        self.fields["form"].choices = [(form.value, FORM_WORDS[form]) for form in OFFERED]
        if len(OFFERED) == 1 or self.job and self.job.published_at:
            del self.fields["form"]

    def clean_form(self) -> str:
        return self.cleaned_data["form"] or (self.job.form if self.job else Job.Form.PROJECT)

    def written(self) -> dict:
        return {"form": self.job.form, "category": self.job.category_id or ""}

    def values(self) -> dict:
        values = super().values()
        return values | {"category": self.kinds[values["category"]]} if "category" in values else values


class NewForm(KindForm):
    """The first screen of a new post also asks for whom, where there is a choice."""

    def __init__(self, *values, acting: Acting, **named):
        super().__init__(*values, **named)
        roles = {str(role.party): role for role in acting.roles if role.has(Power.MEMBER)}
        if len(roles) > 1:
            names = [(number, role.name if role.is_organisation else _("acting.myself")) for number, role in roles.items()]
            chosen = str(acting.chosen.party) if str(acting.chosen.party) in roles else names[0][0]
            self.fields = {"client": ChoiceOfOne(label=_("post.for_whom"), help_text=_("post.for_whom.hint"), choices=names,
                                                 initial=chosen)} | self.fields


class WhatForm(StepForm):
    title = CleanText(label=_("job.title.label"), help_text=_("job.title.hint"), max_length=80)
    body = CleanText(label=_("job.body.label"), help_text=_("job.body.hint"), max_length=5000, lines=True, rows=10)
    outcome = CleanText(label=_("job.outcome.label"), help_text=_("job.outcome.hint"), max_length=300, required=False)
    topic = TopicField(label=_("job.topic.label"), help_text=_("job.topic.hint"), required=False)

    def written(self) -> dict:
        return super().written() | {"topic": self.job.topic.name if self.job.topic else ""}


class RewardForm(StepForm):
    live = ("reward_yen", "listed_yen", "minutes_estimate"), "input changed delay:400ms"
    reward_yen = YenField(label=_("job.reward.one"), help_text=_("job.reward.hint"), at_least=100)
    listed_yen = YenField(label=_("job.listed.label"), help_text=_("job.listed.hint"), required=False)
    minutes_estimate = HoursField(label=_("job.hours.label"), help_text=_("job.hours.hint"))

    def __init__(self, *values, **named):
        super().__init__(*values, **named)
        if not (self.job and may_have_part(self.job)):
            del self.fields["listed_yen"]

    def clean_listed_yen(self):
        part, reward = self.cleaned_data["listed_yen"], self.cleaned_data.get("reward_yen")
        if part and reward and part >= reward:
            raise ValidationError(_("job.listed.less") % {"reward": yen(reward)})
        return part

    def clean(self) -> dict:
        """Nobody is asked to work for less an hour than the least wage (voice: the numbers, beside the field)."""
        reward, minutes = self.cleaned_data.get("reward_yen"), self.cleaned_data.get("minutes_estimate")
        if reward and minutes and reward < wages.least_for(minutes):
            self.add_error("reward_yen", wages.too_little(minutes))
        return self.cleaned_data


class HourlyRewardForm(StepForm):
    live = ("rate_yen", "weekly_hours", "weeks_count"), "input changed delay:400ms"
    rate_yen = YenField(label=_("job.rate.label"), help_text=_("job.rate.hint"), at_least=100, at_most=1_000_000)
    weekly_hours = CountField(label=_("job.weekly_hours.label"), help_text=_("job.weekly_hours.hint"), at_least=1, at_most=40)
    weeks_count = CountField(label=_("job.weeks.label"), help_text=_("job.weeks.hint"), at_least=1, at_most=26)

    def clean_rate_yen(self):
        if self.cleaned_data["rate_yen"] < wages.least_for(60):
            raise ValidationError(wages.too_little(60))
        return self.cleaned_data["rate_yen"]


class SeatsForm(StepForm):
    """The second half of the screen of the days: how many people. The two numbers are kept together or not at all."""

    seats_count = CountField(label=_("job.seats.label"), help_text=_("job.seats.hint"), at_least=1, at_most=50)
    newcomer_seats_count = CountField(label=_("job.newcomer_seats.label"), at_least=0, at_most=50)

    def __init__(self, *values, **named):
        super().__init__(*values, **named)
        self.fields["newcomer_seats_count"].help_text = _("job.newcomer_seats.hint") % {"n": NEWCOMER_UNTIL}

    def clean_newcomer_seats_count(self) -> int:
        newcomers, seats = self.cleaned_data["newcomer_seats_count"], self.cleaned_data.get("seats_count", 50)
        if newcomers > seats:
            raise ValidationError(_("job.newcomer_seats.too_many") % {"n": seats})
        return newcomers

    def leave_empty(self) -> None:
        """Whoever goes on later may leave the days empty; one number of seats is judged by the other."""
        for name in [name for name in self.errors if name not in SEATS and not self[name].value()]:
            del self.errors[name]

    def clean(self) -> dict:
        is_wrong = any(name in self.errors for name in SEATS)
        return {name: value for name, value in self.cleaned_data.items() if name not in SEATS or not is_wrong}


class HourlyDatesForm(SeatsForm):
    closes_on = DayField(label=_("job.closes_on.label"), help_text=_("job.closes_on.hint"))

    field_order = ("closes_on", *SEATS)

    def clean_closes_on(self):
        return soon(self.cleaned_data["closes_on"])


class DatesForm(HourlyDatesForm):
    live = ("due_on",), "change"
    due_on = DayField(label=_("job.due_on.label"), help_text=_("job.due_on.hint"))

    field_order = ("closes_on", "due_on", *SEATS)

    def clean_due_on(self):
        closes_on = self.cleaned_data.get("closes_on") or clock.today()
        return soon(self.cleaned_data["due_on"], closes_on + datetime.timedelta(days=1), _("job.due_on.after_close"))


class HowForm(StepForm):
    sync = ChoiceOfOne(label=_("job.sync.label"), choices=Job.Sync.choices)
    sync_note = CleanText(label=_("job.sync_note.label"), help_text=_("job.sync_note.hint"), max_length=120, required=False)
    channels = forms.MultipleChoiceField(label=_("job.channels.label"), help_text=_("job.channels.hint"), choices=Job.Channel.choices,
                                         widget=forms.CheckboxSelectMultiple, error_messages=dict.fromkeys(
                                             ("required", "invalid_choice", "invalid_list"), _("job.channels.required")))
    place = CleanText(label=_("job.place.label"), help_text=_("job.place.hint"), max_length=80)
    ai = ChoiceOfOne(label=_("job.ai.label"), choices=Job.AI.choices)
    rights = ChoiceOfOne(label=_("job.rights.label"), choices=Job.Rights.choices)
    block_minutes = forms.TypedChoiceField(
        label=_("job.block.label"), help_text=_("job.block.hint"), choices=[*Job.Block.choices, ("", _("job.block.any"))], required=False,
        coerce=int, empty_value=None, widget=forms.RadioSelect, error_messages={"invalid_choice": _("choice.required")})
    slack_days = CountField(label=_("job.slack.label"), help_text=_("job.slack.hint"), at_least=0, at_most=30)
    revisions_count = CountField(label=_("job.revisions.label"), help_text=_("job.revisions.hint"), at_least=0, at_most=10)
    acceptance_days = CountField(label=_("job.acceptance.label"), help_text=_("job.acceptance.hint"), at_least=3, at_most=14)

    def clean_channels(self) -> list[str]:
        """What is wholly in writing needs no voice."""
        channels = self.cleaned_data["channels"]
        if self.cleaned_data.get("sync") == Job.Sync.NONE and channels != [Job.Channel.TEXT]:
            raise ValidationError(_("job.channels.in_writing"))
        return channels

    @property
    def folded(self) -> list[str]:
        """What stands behind one line: all of it, where the template has answered already."""
        asked = ("sync", "sync_note", "channels", "place", "ai")
        return [name for name in self.fields if name not in HIDDEN and (self.is_answered or name not in asked)]

    @property
    def is_answered(self) -> bool:
        return bool(self.job.sync and self.job.place and self.job.ai) and not is_open(self.job.place)


class ClientForm(StepForm):
    """Who gives the work. It belongs to the client, not to the post: the next post has it already. `seen` seals what was read."""

    is_kept_while_typed = False
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    name = CleanText(label=_("client.name.label"), help_text=_("client.name.hint"), max_length=80)
    address = CleanText(label=_("client.address.label"), help_text=_("client.address.hint"), max_length=200)
    contact = CleanText(label=_("client.contact.label"), help_text=_("client.contact.hint"), max_length=120)
    trade = ChoiceOfOne(label=_("client.trade.label"), choices=[
        (Party.Trade.COMPANY, _("job.client.company")), (Party.Trade.SOLE, _("job.client.sole")),
        (Party.Trade.CONSUMER, _("job.client.consumer"))])
    has_employees = forms.BooleanField(label=_("client.employees.label"), help_text=_("client.employees.hint"), required=False)
    is_withholding_agent = forms.BooleanField(label=_("client.withholding.label"), help_text=_("client.withholding.hint"), required=False)

    def __init__(self, *values, **named):
        super().__init__(*values, **named)
        self.initial["seen"] = seal(self.written())

    def written(self) -> dict:
        return {name: getattr(self.party, name) for name in self.base_fields if name not in HIDDEN}

    def renew(self) -> None:
        self.party.refresh_from_db()
        self.data = self.data.copy()
        self.data["seen"] = seal(self.written())

    def only_read(self) -> None:
        """Of an organisation only a keeper says who it is; everybody else reads it and goes on."""
        for field in self.visible_fields():
            field.field.disabled = True

    @property
    def is_read_only(self) -> bool:
        return all(bound.field.disabled for bound in self.visible_fields())


def soon(chosen: datetime.date, earliest: datetime.date | None = None, too_early: str = "") -> datetime.date:
    """A day from `earliest` (today) on, within a year."""
    if chosen < (earliest or clock.today()):
        raise ValidationError(too_early or _("job.closes_on.from_today"))
    if chosen > clock.today() + LATEST:
        raise ValidationError(_("job.day.too_far"))
    return chosen
