"""The strength finder (強みさがし): six questions, one a screen, each kept as it is answered; then sentences to edit and take (F22)."""
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from machi.journey import actions
from machi.journey.finder import DRAFTS, drafts
from machi.journey.models import Question
from machi.journey.queries import answers_of
from machi.shared.errors import DomainError
from machi.shared.seals import Overtaken, seal
from machi.web.frame.jinja import page
from machi.web.frame.sent import sent
from machi.web.pages.journey.forms import AnswerForm, DraftForm, drafts_of

QUESTIONS = tuple(Question.values)


@require_GET
def start(request):
    """What will be asked, who sees it (nobody else), how far one has come."""
    answers = answers_of(request.user)
    return page(request, "journey/finder.html", {
        "answers": answers, "first": next((one for one in QUESTIONS if one not in answers), None), "questions": Question,
        "has_said": any(answers.values())})


@require_http_methods(["GET", "POST"])
def ask(request, question):
    """One question. Passing it over keeps what was said before; leaving at any moment keeps everything."""
    if question not in QUESTIONS:
        raise Http404
    saved = {"text": answers_of(request.user).get(question, "")}
    form = AnswerForm(sent(request), question=question, initial=saved).read(seal(saved))
    passes = "skip" in request.POST
    if not form.is_valid() and not passes:
        return _screen(request, question, form)
    try:
        actions.answer(by=request.user, question=question, text=None if passes else form.cleaned_data["text"], seen=form.seal)
    except Overtaken as refusal:
        form.refuse(refusal, {"text": answers_of(request.user).get(question, "")})
        return _screen(request, question, form, status=409)
    place = QUESTIONS.index(question) + 1
    return redirect("journey:question", QUESTIONS[place]) if place < len(QUESTIONS) else redirect("journey:sentences")


@require_http_methods(["GET", "POST"])
def sentences(request):
    """Up to three drafts; any of them goes on the page as it was edited."""
    if request.method == "GET":
        found = drafts(answers_of(request.user))
        return _sentences(request, [DraftForm(prefix=str(number), initial={
            "statement": draft.statement, "evidence": draft.evidence, "hand_me": draft.hand_me}) for number, draft in enumerate(found)])
    forms = drafts_of(request.POST, DRAFTS)
    taken = [form for form in forms if form.is_taken]
    if not taken or not all(form.is_valid() for form in taken):
        return _sentences(request, forms, "" if taken else _("finder.none_taken"), status=422)
    try:
        actions.add_found(by=request.user, chosen=[form.strength for form in taken])
    except DomainError as refusal:
        return _sentences(request, forms, str(refusal), status=409)
    messages.success(request, _("finder.added"))
    return redirect(f"{reverse('profiles:me')}#strength")


@require_POST
def forget(request):
    """Delete the answers, at once."""
    actions.forget_answers(by=request.user)
    messages.success(request, _("finder.forgotten"))
    return redirect("journey:finder")


def _screen(request, question: str, form: AnswerForm, status: int = 422):
    place = QUESTIONS.index(question)
    return page(request, "journey/question.html", {
        "question": question, "form": form, "number": place + 1, "of": len(QUESTIONS),
        "before": QUESTIONS[place - 1] if place else None}, status=status if form.is_bound else 200)


def _sentences(request, forms: list[DraftForm], refusal: str = "", status: int = 200):
    return page(request, "journey/sentences.html", {"forms": forms, "refusal": refusal}, status=status)
