"""What to write instead, in three languages. A pack names one of these for each of its rules."""
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ADVICE: dict[str, Promise] = {
    "post.stop_age": _("post.stop_age"),
    "post.stop_sex": _("post.stop_sex"),
    "post.stop_easy_money": _("post.stop_easy_money"),
    "post.stop_free_test": _("post.stop_free_test"),
    "post.stop_fee": _("post.stop_fee"),
    "post.stop_seminar": _("post.stop_seminar"),
    "post.look_employment": _("post.look_employment"),
    "post.stop_contact": _("post.stop_contact"),
}


def sentence(advice: str, found: str) -> str:
    """The advice with the words it is about, in the language of whoever reads it."""
    return str(ADVICE[advice]) % {"found": " ".join(found.split())}
