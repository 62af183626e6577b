"""Which appeals wait."""
from machi.tasks.lifecycle import AnswerState
from machi.tasks.models import Answer


def waiting_appeals():
    return Answer.objects.filter(state=AnswerState.APPEALED).select_related(
        "batch", "batch__client", "item", "bundle", "bundle__form", "refused_by").order_by("refused_at", "pk")
