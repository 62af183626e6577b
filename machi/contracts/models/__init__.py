"""The rows of this room: what was agreed, what was handed over, what either side wishes for, and where the two do not agree."""
from machi.contracts.models.agreed import Contract, Milestone, Offer
from machi.contracts.models.bonuses import Bonus
from machi.contracts.models.checkins import CheckIn
from machi.contracts.models.disputes import Dispute, DisputeFile, DisputeProposal, Ruling
from machi.contracts.models.endings import EndNotice
from machi.contracts.models.standins import StandIn
from machi.contracts.models.talks import Talk
from machi.contracts.models.timesheets import TimeEntry, Timesheet
from machi.contracts.models.wishes import ChangeOrder, DateRequest, Side
from machi.contracts.models.work import Delivery, DeliveryFile, RevisionRequest

__all__ = ["Bonus", "ChangeOrder", "CheckIn", "Contract", "DateRequest", "Delivery", "DeliveryFile", "Dispute", "DisputeFile",
           "DisputeProposal", "EndNotice", "Milestone", "Offer", "RevisionRequest", "Ruling", "Side", "StandIn", "Talk", "TimeEntry",
           "Timesheet"]
