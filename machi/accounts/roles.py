"""Who somebody can be in the town: plain classes, each with what it may do and what it must never do, in words for people.

Everybody may work and give work. A seat in an organisation is one of its powers (powers.py), given by its keeper. A duty (役目) is
given to a person by an operator, and opens the desks that name it; nobody has the right to everything, whoever moves money does
not read talks.
"""
from django.utils.translation import gettext_lazy as _

from machi.accounts.powers import Power


class Role:
    """`may` and `never` are sentences for people; the rights themselves are asked in the policies of the rooms."""

    key = name = may = never = ""


class Worker(Role):
    """Does the work and is paid for it."""

    key, name, may, never = "worker", _("role.worker"), _("role.worker.may"), _("role.worker.never")


class Client(Role):
    """Gives work, checks it and pays."""

    key, name, may, never = "client", _("role.client"), _("role.client.may"), _("role.client.never")


class Seat(Role):
    """A place in an organisation that gives work (団体): what one power lets somebody do there. Most people hold several."""


class Member(Seat):
    """Writes posts and letters for the organisation."""

    key, name, may, never = Power.MEMBER.value, _("role.member"), _("role.member.may"), _("role.member.never")


class Approver(Seat):
    """Chooses people and accepts what they deliver."""

    key, name, may, never = Power.APPROVER.value, _("role.approver"), _("role.approver.may"), _("role.approver.never")


class Payer(Seat):
    """Decides about the organisation's money."""

    key, name, may, never = Power.PAYER.value, _("role.payer"), _("role.payer.may"), _("role.payer.never")


class Keeper(Seat):
    """Sees to who belongs to the organisation, and has every power (世話役)."""

    key, name, may, never = Power.KEEPER.value, _("role.keeper"), _("role.keeper.may"), _("role.keeper.never")


class Duty(Role):
    """Given to a person by an operator, with a day on which it began and, later, one on which it ended."""


class Teacher(Duty):
    """Holds classes of the college (先生)."""

    key, name, may, never = "teacher", _("role.teacher"), _("role.teacher.may"), _("role.teacher.never")


class Assistant(Duty):
    """Helps a teacher (助手)."""

    key, name, may, never = "assistant", _("role.assistant"), _("role.assistant.may"), _("role.assistant.never")


class Supporter(Duty):
    """Talks with people at the support desk (相談員)."""

    key, name, may, never = "supporter", _("role.supporter"), _("role.supporter.may"), _("role.supporter.never")


class Lead(Duty):
    """Sees to it that nobody at the support desk is forgotten."""

    key, name, may, never = "lead", _("role.lead"), _("role.lead.may"), _("role.lead.never")


class Moderator(Duty):
    """Stops words and acts that hurt."""

    key, name, may, never = "moderator", _("role.moderator"), _("role.moderator.may"), _("role.moderator.never")


class Finance(Duty):
    """Checks what goes in and out (会計)."""

    key, name, may, never = "finance", _("role.finance"), _("role.finance.may"), _("role.finance.never")


class Editor(Duty):
    """Keeps the town's texts and lists of words (編集)."""

    key, name, may, never = "editor", _("role.editor"), _("role.editor.may"), _("role.editor.never")


class Partner(Duty):
    """A municipality or another place that works together with the town (連携先)."""

    key, name, may, never = "partner", _("role.partner"), _("role.partner.may"), _("role.partner.never")


class Operator(Duty):
    """Gives and ends duties, and keeps the settings of the town (運営)."""

    key, name, may, never = "operator", _("role.operator"), _("role.operator.may"), _("role.operator.never")


class Auditor(Duty):
    """Checks, and changes nothing (監査)."""

    key, name, may, never = "auditor", _("role.auditor"), _("role.auditor.may"), _("role.auditor.never")


def _by_key(kind: type[Role]) -> dict[str, type[Role]]:
    return {role.key: role for role in kind.__subclasses__() if role.key}


EVERYBODY, SEATS, DUTIES = _by_key(Role), _by_key(Seat), _by_key(Duty)
