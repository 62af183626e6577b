"""One item of a bundle (問題): answered, stepped over, said to be broken, or kept half. Without a script it is a form like any other."""
from django import forms as fields
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from machi.shared import clock
from machi.shared.errors import DomainError
from machi.tasks import actions, doing, forms
from machi.tasks.forms.posted import ACT
from machi.tasks.models import Answer, Bundle
from machi.tasks.policies import can_answer, can_give
from machi.tasks.queries import cells_of, sent_with
from machi.web.frame.fields import CleanText
from machi.web.frame.jinja import page, wants_part
from machi.web.frame.media import media_of
from machi.web.pages.tasks.bundles import own_bundle
from machi.web.pages.tasks.drawing import drawn
from machi.web.pages.tasks.uploads import Brought, brought
from machi.web.pages.tasks.worked import under

AHEAD = 5                                           # items that a page keeps ready, should the line break off


class FlagForm(fields.Form):
    use_required_attribute = False                  # it stands in the same form as the answer, which needs none of it
    flag = CleanText(lines=True, label=gettext_lazy("tasks.flag.words"), help_text=gettext_lazy("tasks.flag.hint"), max_length=300,
                     error_messages={"required": gettext_lazy("tasks.answer.flag.words")},
                     widget=fields.Textarea(attrs={"rows": 2, "autocomplete": "off"}))


@require_http_methods(["GET", "POST"])
def one(request, pk: int, number: int):
    """Look at it, or send what was pressed. What cannot be given any more is shown with what was typed."""
    bundle = own_bundle(request, pk)
    answer = Answer.objects.filter(bundle=bundle, position=number).select_related("item").first()
    is_open = answer is not None and can_give(request.user, bundle, answer)
    if request.method == "GET":
        return _runner(request, bundle, answer) if is_open else redirect("tasks:bundle", pk=pk)
    if not is_open:
        is_kept = can_answer(request.user, bundle)
        return _over(request, bundle, number, _("tasks.answer.given_already") if is_kept else _("tasks.bundle.over"))
    try:
        with brought(request, forms.parse(bundle.form.parts)) as new:
            return _pressed(request)(request, bundle, answer, new)
    except DomainError as refusal:
        return _over(request, bundle, number, str(refusal))


def _pressed(request):
    """A button within the form, or one of its deeds; whatever else was pressed gives the answer."""
    return _within if ACT in request.POST else DEEDS.get(request.POST.get("do", ""), _give)


def _within(request, bundle: Bundle, answer: Answer, new: Brought):
    """A box more or less, a place up or down, a file taken away: it is drawn once more."""
    form, posted = forms.parse(bundle.form.parts), _posted(request)
    changed, away = forms.acted(form, posted), forms.taken_away(form, posted)
    if changed is None and away is None:
        return DEEDS.get(request.POST.get("do", ""), _give)(request, bundle, answer, new)
    posted = posted if changed is None else changed
    if new.files or away:
        actions.save_half(answer=answer, by=request.user, posted=posted, seconds=_seconds(request), files=new.files, away=away)
    return _runner(request, bundle, answer, posted=posted, errors=new.unfit, status=422 if new.unfit else 200)


def _half(request, bundle: Bundle, answer: Answer, new: Brought):
    """What was typed so far: to rest with it, or to go back to the one before."""
    actions.save_half(answer=answer, by=request.user, posted=_posted(request), seconds=_seconds(request), files=new.files)
    if new.unfit:
        return _runner(request, bundle, answer, posted=_posted(request), errors=new.unfit, status=422)
    return _undone(request, bundle) if request.POST.get("do") == "undo" else _kept(request, bundle, answer)


def _skip(request, bundle: Bundle, answer: Answer, new: Brought):
    actions.skip_item(answer=answer, by=request.user)
    return _onward(bundle, answer)


def _flag(request, bundle: Bundle, answer: Answer, new: Brought):
    flag = FlagForm(request.POST)
    if not flag.is_valid():
        return _flag_again(request, bundle, answer, new, flag)
    actions.flag_item(answer=answer, by=request.user, words=flag.cleaned_data["flag"], seconds=_seconds(request))
    return _onward(bundle, answer)


def _flag_again(request, bundle: Bundle, answer: Answer, new: Brought, flag: FlagForm):
    """Without words; a file that came along stays all the same."""
    if new.files:
        actions.save_half(answer=answer, by=request.user, posted=_posted(request), files=new.files)
    return _runner(request, bundle, answer, posted=_posted(request), flag=flag, status=422)


def _give(request, bundle: Bundle, answer: Answer, new: Brought):
    try:
        actions.give_answer(answer=answer, by=request.user, posted=_posted(request), seconds=_seconds(request), files=new.files,
                            unfit=new.unfit)
    except actions.Unanswered as unanswered:
        return _runner(request, bundle, answer, posted=_posted(request), errors=unanswered.errors, status=422)
    return _onward(bundle, answer)


DEEDS = {"half": _half, "undo": _half, "skip": _skip, "flag": _flag}


def _onward(bundle: Bundle, answer: Answer):
    after = doing.next_held(bundle, answer.position)
    return redirect("tasks:answer", pk=bundle.pk, number=after) if after else redirect("tasks:bundle", pk=bundle.pk)


def _kept(request, bundle: Bundle, answer: Answer):
    """Half of it: while somebody types only the note changes, and whoever had to sign in meanwhile types on; with the button they rest."""
    if "autosave" in request.POST and wants_part(request):
        return page(request, "tasks/runner.html", {"saved_at": clock.now(), "gone": "", "bundle": bundle}, part="note")
    if "autosave" in request.POST:
        return redirect("tasks:answer", pk=bundle.pk, number=answer.position)
    messages.success(request, _("tasks.paused"))
    return redirect("tasks:bundles")


def _undone(request, bundle: Bundle):
    last = doing.last_given(bundle)
    if last is None:
        messages.info(request, _("tasks.undo.none"))
        return redirect("tasks:bundle", pk=bundle.pk)
    actions.undo_answer(answer=last, by=request.user)
    return redirect("tasks:answer", pk=bundle.pk, number=last.position)


def _runner(request, bundle: Bundle, answer: Answer, *, posted=None, errors=None, flag=None, status=200):
    form, cells = forms.parse(bundle.form.parts), cells_of(answer.item, bundle.batch)
    shown = drawn(form, cells, posted=forms.typed(form, answer.values) if posted is None else posted, errors=errors,
                  media=media_of(form, cells, bundle.batch), files={name: one.name for name, one in sent_with(answer, form).items()})
    return page(request, "tasks/runner.html", under(bundle, request.user) | {
        "answer": answer, "drawn": shown, "form": bundle.form,
        "flag": flag or FlagForm(initial={"flag": request.POST.get("flag", "")}),
        "ahead": doing.held_behind(bundle, answer.position, AHEAD), "now": int(clock.now().timestamp()),
        "saved_at": None, "gone": "", "last": doing.last_given(bundle)}, part="item", status=status)


def _over(request, bundle: Bundle, number: int, why: str):
    """409: it can be given no more. What was typed stands there to be copied. Whatever is there already, just so, has arrived."""
    flag = FlagForm(request.POST)
    words = flag.cleaned_data["flag"] if flag.is_valid() else ""
    is_new = bool(request.FILES)                    # nobody knows whether it is the same file
    if not is_new and (there := doing.same_there(bundle, number, did=request.POST.get("do", ""), posted=_posted(request), words=words)):
        return _onward(bundle, there)
    if "autosave" in request.POST and wants_part(request):
        return page(request, "tasks/runner.html", {"saved_at": None, "gone": why, "bundle": bundle}, part="note", status=409)
    form = forms.parse(bundle.form.parts)
    kept = forms.kept(form, _posted(request))
    typed = [(block.label, "、".join(text for name, texts in kept.items() if name.split(".")[1] == block.name for text in texts if text))
             for block in form.blocks]
    return page(request, "tasks/over.html", {
        "bundle": bundle, "batch": bundle.batch, "why": why, "typed": [(label, text) for label, text in typed if text],
        "can_go_on": can_answer(request.user, bundle)}, status=409)


def _posted(request) -> dict[str, list[str]]:
    return dict(request.POST.lists())


def _seconds(request) -> int:
    """As the page counted; without a script since the page was drawn."""
    counted, drawn_at = (request.POST.get(name, "") for name in ("seconds", "drawn_at"))
    if counted.isascii() and counted.isdecimal() and len(counted) < 7:
        return int(counted)
    is_known = drawn_at.isascii() and drawn_at.isdecimal() and len(drawn_at) < 12
    return max(0, int(clock.now().timestamp()) - int(drawn_at)) if is_known else 0
