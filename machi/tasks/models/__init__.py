"""The tables of micro-tasks."""
from machi.tasks.models.answers import Answer, AnswerFile, Bundle
from machi.tasks.models.batches import Batch, BatchForm, Import
from machi.tasks.models.closings import Closing, Slots
from machi.tasks.models.items import Item, Outcome
from machi.tasks.models.media import Parcel, Piece

__all__ = ["Answer", "AnswerFile", "Batch", "BatchForm", "Bundle", "Closing", "Import", "Item", "Outcome", "Parcel", "Piece", "Slots"]
