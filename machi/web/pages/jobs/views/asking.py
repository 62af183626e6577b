"""Questions about a post, and their answers: everybody reads both."""
from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from machi.jobs import actions
from machi.jobs.models import Job
from machi.jobs.policies import can_answer, can_ask
from machi.jobs.queries import questions_about
from machi.jobs.questions import JobQuestion
from machi.proposals.policies import can_read_post
from machi.shared.errors import DomainError
from machi.web.frame.fields import CleanText
from machi.web.frame.jinja import page
from machi.web.frame.sent import sent
from machi.web.pages.jobs.seeing import paused, readable


class AskForm(forms.Form):
    words = CleanText(label=gettext_lazy("question.words"), help_text=gettext_lazy("question.words.hint"), max_length=500, lines=True,
                      rows=4, error_messages={"required": gettext_lazy("question.words.required")})


class ReplyForm(forms.Form):
    words = CleanText(label=gettext_lazy("question.reply"), help_text=gettext_lazy("question.reply.hint"), max_length=1000, lines=True,
                      rows=6, error_messages={"required": gettext_lazy("question.reply.required")})


@require_http_methods(["GET", "POST"])
def questions(request, pk):
    """All questions about a post, and a form for one more."""
    job = _seen(request, pk)
    if not can_read_post(request.user, job):
        return paused(request, job, request.POST.get("words", ""))
    form, status = AskForm(sent(request)), 200
    if form.is_bound and form.is_valid():
        try:
            actions.ask(job=job, by=request.user, **form.cleaned_data)
            messages.success(request, _("question.sent"))
            return redirect("jobs:questions", pk=job.pk)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            status = 409
    elif form.is_bound:
        status = 422
    return page(request, "jobs/ask.html", {
        "job": job, "form": form, "questions": questions_about(job.pk), "can_ask": can_ask(request.user, job),
        "can_answer": can_answer(request.user, job)}, status=status)


@require_http_methods(["GET", "POST"])
def answer(request, pk):
    """The client answers one question; until the post closes they can say it better."""
    asked = JobQuestion.objects.filter(job__in=Job.objects.given_by(request.user)).select_related("asker", "job", "job__client")
    question = get_object_or_404(asked, pk=pk)
    job = question.job
    form, status = ReplyForm(sent(request), initial={"words": question.answer}), 200
    if form.is_bound and form.is_valid():
        try:
            actions.answer(question=question, by=request.user, **form.cleaned_data)
            messages.success(request, _("question.replied"))
            return redirect("jobs:questions", pk=job.pk)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            status = 409
    elif form.is_bound:
        status = 422
    return page(request, "jobs/reply.html", {"job": job, "question": question, "form": form, "can_answer": can_answer(request.user, job)},
                status=status)


def _seen(request, pk) -> Job:
    seen = readable(request.user).exclude(published_at=None)
    return get_object_or_404(seen.select_related("client", "client__person", "category"), pk=pk)
