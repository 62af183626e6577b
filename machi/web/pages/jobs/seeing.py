"""Who may read a post that is out, and what everybody else gets instead of one that is paused."""
from django.db.models import Exists, OuterRef, Q, QuerySet

from machi.jobs.models import Job
from machi.matching.queries import Facets, search_jobs
from machi.proposals.entries import Entry
from machi.proposals.models import Proposal
from machi.shared import clock
from machi.shared.japanese import cleaned
from machi.web.frame.jinja import page
from machi.web.pages.jobs.cards import job_cards

SIMILAR = 3                                         # open posts of the same kind, on the page of one that is paused
LONGEST = 3_000                                     # letters of what somebody was typing: an application


def readable(user) -> QuerySet[Job]:
    """Posts for this person; a number, or a gap, stands for one as well. Of somebody who has left, a post is for them and for whoever
    applied or made something for it: the public does not see it any more.
    """
    is_here = Q(client__person__closed_at=None, client__person__erased_at=None)
    took_part = [Exists(rows.objects.filter(job=OuterRef("pk"), worker=user)) for rows in (Proposal, Entry)]
    return Job.objects.visible_to(user).filter(is_here | Q(client__person=user) | took_part[0] | took_part[1])


def paused(request, job: Job, typed: str = ""):
    """Not there at the moment (404), and perhaps again tomorrow: no word of it, and what is open of the same kind. What somebody was
    typing when it paused stays on their screen (409).
    """
    typed = cleaned(typed)[:LONGEST]
    found = search_jobs(facets=Facets(category=job.category_id)).rows[:SIMILAR]
    answer = page(request, "jobs/paused.html", {"cards": job_cards(found), "kind": job.category, "today": clock.today(), "typed": typed},
                  part="form", status=409 if typed else 404)
    answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "#apply", "outerHTML"      # not into the note below what was typed
    return answer
