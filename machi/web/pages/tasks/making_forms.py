"""What a client types on the way of a draft."""
from collections.abc import Mapping

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.accounts.powers import Power
from machi.files.storing import called
from machi.jobs.wages import wage
from machi.notifications.words import yen
from machi.tasks import prices
from machi.tasks.actions.publishing import MORE_EACH
from machi.tasks.intake import MOST_BYTES
from machi.tasks.models import Batch
from machi.tasks.models.batches import MOST_EACH
from machi.taxonomy.queries import categories
from machi.web.frame.acting import Acting
from machi.web.frame.arriving import check_whole
from machi.web.frame.fields import CleanText, TopicField, YenField
from machi.web.pages.jobs.fields import ChoiceOfOne, CountField, VersionField
from machi.web.pages.jobs.screens import ClientForm as PartyForm

MOST_PRICE = 100_000
NOT_SAVED = ("version", "client")


class DraftForm(forms.Form):
    """One step of a draft. `batch` is none before the first one is saved."""

    version = VersionField()

    def __init__(self, data=None, *, batch: Batch | None):
        self.batch = batch
        super().__init__(data, initial={"version": batch.version, **self.written(batch)} if batch else None)

    def written(self, batch: Batch) -> dict:
        """What the draft says now, as the fields show it."""
        return {name: getattr(batch, name) for name in self.base_fields if name not in NOT_SAVED}

    def values(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name not in NOT_SAVED}

    def renew(self) -> None:
        """Whoever has read that something changed may save over it."""
        self.batch.refresh_from_db()
        self.data = self.data.copy()
        self.data["version"] = self.batch.version


class AboutForm(DraftForm):
    """What it is for, in words that everybody reads."""

    title = CleanText(label=gettext_lazy("tasks.make.title.label"), help_text=gettext_lazy("tasks.make.title.hint"), max_length=80)
    body = CleanText(label=gettext_lazy("tasks.make.body.label"),
                     help_text=gettext_lazy("tasks.make.body.hint"), max_length=2000, lines=True,
                     rows=5, required=False)
    category = ChoiceOfOne(label=gettext_lazy("job.category.label"), widget=forms.Select)
    topic = TopicField(label=gettext_lazy("job.topic.label"), help_text=gettext_lazy("job.topic.hint"), required=False)

    def __init__(self, *values, acting: Acting | None = None, **named):
        super().__init__(*values, **named)
        self.kinds = {category.code: category for category in categories()}
        self.fields["category"].choices = [("", _("job.category.choose")), *((code, kind.name) for code, kind in self.kinds.items())]
        roles = {str(role.party): role for role in acting.roles if role.has(Power.MEMBER)} if acting else {}
        if len(roles) > 1:
            names = [(number, role.name if role.is_organisation else _("acting.myself")) for number, role in roles.items()]
            chosen = str(acting.chosen.party) if str(acting.chosen.party) in roles else names[0][0]
            self.fields = {"client": ChoiceOfOne(label=_("post.for_whom"), help_text=_("post.for_whom.hint"), choices=names,
                                                 initial=chosen)} | self.fields

    def written(self, batch: Batch) -> dict:
        return {"title": batch.title, "body": batch.body, "category": batch.category_id or "",
                "topic": batch.topic.name if batch.topic else ""}

    def values(self) -> dict:
        values = super().values()
        return values | {"category": self.kinds[values["category"]]}


class FileForm(forms.Form):
    """A file of items, just as it is."""

    file = forms.FileField(label=gettext_lazy("tasks.make.file.label"), max_length=None, allow_empty_file=True,
                           widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.jsonl,.ndjson,.json"}),
                           error_messages={"required": gettext_lazy("tasks.make.file.required")})

    def __init__(self, *values, **named):
        super().__init__(*values, **named)
        self.fields["file"].help_text = _("tasks.make.file.hint") % {"mb": MOST_BYTES // 1_000_000}

    def clean_file(self):
        check_whole(self.cleaned_data["file"], MOST_BYTES)
        return self.cleaned_data["file"]


class SomeFiles(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data, files, name):
        return files.getlist(name)


class SomeFilesField(forms.FileField):
    widget = SomeFiles

    def to_python(self, data):
        return list(data or [])

    def clean(self, data, initial=None):
        if not data:
            raise ValidationError(self.error_messages["required"])
        return self.to_python(data)


class MediaForm(forms.Form):
    """Pictures, sounds and films by their names, or a ZIP of them."""

    files = SomeFilesField(label=gettext_lazy("tasks.media.files.label"),
                           error_messages={"required": gettext_lazy("tasks.make.file.required")},
                           widget=SomeFiles(attrs={"multiple": True, "accept": "image/*,audio/*,video/mp4,.zip"}))

    def __init__(self, *values, **named):
        super().__init__(*values, **named)
        self.fields["files"].help_text = _("tasks.media.files.hint") % {
            "mb": settings.UPLOAD_MAX_BYTES // 1_000_000, "n": settings.UPLOAD_MAX_COUNT}

    def clean_files(self):
        files = self.cleaned_data["files"]
        if len(files) > settings.UPLOAD_MAX_COUNT:
            raise ValidationError(_("file.too_many") % {"n": settings.UPLOAD_MAX_COUNT})
        for file in files:
            check_whole(file, settings.UPLOAD_MAX_BYTES)
            if not file.size:
                raise ValidationError(_("file.empty") % {"name": called(file)})
        return files


class ColumnsForm(forms.Form):
    """Which columns mean something to the town; the others are what people see."""

    token = forms.CharField(widget=forms.HiddenInput)
    key_column = forms.ChoiceField(label=gettext_lazy("tasks.make.key.label"),
                                   help_text=gettext_lazy("tasks.make.key.hint"), required=False)
    gold_column = forms.ChoiceField(label=gettext_lazy("tasks.make.gold.label"),
                                    help_text=gettext_lazy("tasks.make.gold.hint"),
                                    required=False)
    why_column = forms.ChoiceField(label=gettext_lazy("tasks.make.why.label"),
                                   help_text=gettext_lazy("tasks.make.why.hint"), required=False)

    def __init__(self, *values, columns, **named):
        super().__init__(*values, **named)
        for name in ("key_column", "gold_column", "why_column"):
            self.fields[name].choices = [("", _("tasks.form.none")), *((column, column) for column in columns)]

    def clean(self) -> dict:
        told = super().clean()
        chosen = [told[name] for name in ("key_column", "gold_column", "why_column") if told.get(name)]
        if len(set(chosen)) < len(chosen):
            self.add_error("gold_column", _("tasks.make.column_twice"))
        if told.get("why_column") and not told.get("gold_column"):
            self.add_error("why_column", _("tasks.make.why_alone"))
        return told


class GuideForm(forms.Form):
    """Beside the form: how to do it well, with examples, and with what looks right and is not."""

    guide = CleanText(label=gettext_lazy("tasks.make.guide.label"), help_text=gettext_lazy("tasks.make.guide.hint"), max_length=5000,
                      lines=True, rows=5, required=False)
    good = CleanText(label=gettext_lazy("tasks.make.good.label"),
                     help_text=gettext_lazy("tasks.make.good.hint"), max_length=1000, lines=True,
                     rows=3, required=False)
    bad = CleanText(label=gettext_lazy("tasks.make.bad.label"),
                    help_text=gettext_lazy("tasks.make.bad.hint"), max_length=1000, lines=True,
                    rows=3, required=False)

    @staticmethod
    def of(form) -> dict:
        """What is saved, as the fields show it."""
        examples = form.examples if form else []
        lines = {name: "\n".join(one["text"] for one in examples if one["is_good"] == (name == "good")) for name in ("good", "bad")}
        return {"guide": form.guide if form else "", **lines}

    def examples(self) -> list[dict]:
        """A line each: {"text", "is_good"}."""
        return [{"text": line.strip(), "is_good": name == "good"} for name in ("good", "bad")
                for line in self.cleaned_data[name].splitlines() if line.strip()]


WHO = (("all", gettext_lazy("tasks.make.who.all")), ("newcomers", gettext_lazy("tasks.make.who.newcomers")),
       ("record", gettext_lazy("tasks.make.who.record")))
RECORD = 3                                          # pieces of work that were paid, where a record is asked for
LIVE = ("price_yen", "answers_each", "extra_percent", "gold_percent", "trial_golds")


def most_each(values: Mapping[str, int]) -> int:
    """People who are asked about one item at most: some more where more is paid for than each is asked."""
    return min(MOST_EACH, values["answers_each"] + MORE_EACH) if values["extra_percent"] else values["answers_each"]


class PriceForm(DraftForm):
    """What an answer brings, by how many people an item is answered, and who they are."""

    price_yen = YenField(label=gettext_lazy("tasks.make.price.label"), at_most=MOST_PRICE)
    answers_each = CountField(label=gettext_lazy("tasks.make.each.label"), help_text=gettext_lazy("tasks.make.each.hint"), at_least=1,
                              at_most=MOST_EACH)
    who = ChoiceOfOne(label=gettext_lazy("tasks.make.who.label"), help_text=gettext_lazy("tasks.make.who.hint"), choices=WHO)
    extra_percent = CountField(label=gettext_lazy("tasks.make.extra.label"), help_text=gettext_lazy("tasks.make.extra.hint"), at_least=0,
                               at_most=100)
    gold_percent = CountField(label=gettext_lazy("tasks.make.golds.label"), help_text=gettext_lazy("tasks.make.golds.hint"), at_least=0,
                              at_most=30)
    trial_golds = CountField(label=gettext_lazy("tasks.make.first.label"), help_text=gettext_lazy("tasks.make.first.hint"), at_least=0,
                             at_most=20)
    hold_hours = CountField(label=gettext_lazy("tasks.make.hold.label"), help_text=gettext_lazy("tasks.make.hold.hint"), at_least=1,
                            at_most=72)
    acceptance_days = CountField(label=gettext_lazy("tasks.make.days.label"), help_text=gettext_lazy("tasks.make.days.hint"), at_least=1,
                                 at_most=14)
    folded = ("extra_percent", "gold_percent", "trial_golds", "hold_hours", "acceptance_days")

    def __init__(self, data=None, *, batch: Batch, golds: int):
        super().__init__(data, batch=batch)
        self.golds, self.least = golds, prices.least_price(batch.seconds_each) if batch.seconds_each else None
        if self.least:
            self.fields["price_yen"].help_text = _("tasks.make.price.hint") % {
                "least": yen(self.least), "n": batch.seconds_each, "wage": yen(wage().yen)}
        for name in LIVE:
            self.fields[name].widget.attrs |= {
                "hx-get": "", "hx-trigger": "input changed delay:400ms", "hx-target": "#live", "hx-swap": "outerHTML",
                "hx-sync": "this:replace", "hx-include": "closest form", "hx-params": "not csrfmiddlewaretoken"}

    def written(self, batch: Batch) -> dict:
        who = "newcomers" if batch.is_for_newcomers else "record" if batch.record_needed else "all"
        named = ("price_yen", "answers_each", *self.folded)
        return {name: getattr(batch, name) for name in named} | {"who": who}

    def clean_price_yen(self):
        price = self.cleaned_data["price_yen"]
        if self.least and price < self.least:
            raise ValidationError(_("tasks.batch.price.floor") % {"least": yen(self.least), "n": self.batch.seconds_each})
        return price

    def clean_trial_golds(self) -> int:
        wanted = self.cleaned_data["trial_golds"]
        if wanted > self.golds:
            raise ValidationError(_("tasks.make.first.few") % {"n": self.golds})
        return wanted

    def values(self) -> dict:
        values, who = super().values(), self.cleaned_data["who"]
        del values["who"]
        values["most_each"] = most_each(values)
        return values | {"price_yen": int(values["price_yen"]), "is_for_newcomers": who == "newcomers",
                         "record_needed": RECORD if who == "record" else 0}


class ClientForm(PartyForm):
    """Who gives the work; the law wants it in the terms."""

    def __init__(self, data=None, *, party):
        super().__init__(data, job=None, party=party)
        self.initial |= self.written()
