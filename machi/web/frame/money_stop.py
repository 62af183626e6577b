"""While money is stopped (資金の停止), what would move it is answered with 503 and plain words, and whatever was typed is kept.

Reading, drafts, letters and handing work over go on: a view is not asked beforehand, its deed finds the door of the money shut
(payments.guard) and leaves nothing behind. Only where every form moves money (ALWAYS) the answer comes before the form is looked at.
"""
from django.http import HttpResponse

from machi.payments.actions import MoneyStopped
from machi.payments.queries import is_money_stopped
from machi.web.frame import interrupted
from machi.web.frame.jinja import page

#: Addresses at which every form moves money. What only sometimes does so stands in tests/web/test_money_stop.py.
ALWAYS = {"contracts:fund", "contracts:accept", "contracts:week_fund", "contracts:week_confirm", "contests:open", "contests:award",
          "contests:call_off", "payments:early", "tasks:pay", "tasks:top_up", "tasks:raise"}
AGAIN_IN = 600                                      # seconds, for programs


def StoppedMoney(get_response):
    def door(request):
        return get_response(request)

    def process_view(request, view, args, kwargs):
        is_money = request.method == "POST" and request.resolver_match.view_name in ALWAYS
        return stopped(request) if is_money and is_money_stopped() else None

    def process_exception(request, exception):
        return stopped(request) if isinstance(exception, MoneyStopped) else None

    door.process_view, door.process_exception = process_view, process_exception
    return door


def stopped(request) -> HttpResponse:
    """The page that says so, with what was typed and a button that sends it once more; a part of a page keeps its form as it is."""
    if request.headers.get("HX-Request") == "true":
        answer = page(request, "frame/stopped.html", status=503)
        answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "#notices", "innerHTML"
    else:
        answer = page(request, "503.html", {"kept": [interrupted.sent(request)]}, status=503)
    answer.headers["Retry-After"] = str(AGAIN_IN)
    return answer
