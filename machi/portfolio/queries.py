"""Questions about pieces of work."""
from typing import NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch, QuerySet
from django.db.models.functions import JSONObject

from machi.activity.queries import history_of
from machi.portfolio import facts
from machi.portfolio.models import Piece, PieceFile, PieceTopic
from machi.shared.question import Lines, Question, any_of

TO_EVERYBODY, TO_CLIENTS, TO_ME = ("everybody",), ("everybody", "clients"), ("everybody", "clients", "me")


class Card(NamedTuple):
    """A piece as a list shows it: its words, its first picture, and how many files stand beside it."""

    pk: int
    title: str
    part: str
    link: str
    category_id: str | None
    year: int | None
    shown: str
    files: list[dict]
    topics: list[str]

    @property
    def called(self) -> str:
        return self.title

    @property
    def shown_label(self) -> str:
        return str(Piece.Shown(self.shown).label)

    @property
    def first_picture(self) -> dict | None:
        """The first file that can be seen: its number and its words."""
        return next((file for file in self.files if file["width"]), None)


_FILES = PieceFile.objects.filter(piece=OuterRef("pk"), removed_at=None).order_by("position", "pk").values_list(
    JSONObject(pk="pk", alt="alt", kind="file__kind", width="file__width", height="file__height"))
_TOPICS = PieceTopic.objects.filter(piece=OuterRef("pk")).order_by("pk").values_list("topic__name")
_cards = Question(lambda owner, shown: Piece.objects.here().filter(any_of("shown", shown), user=owner).in_order().values_list(
    "pk", "title", "part", "link", "category_id", "year", "shown", Lines(_FILES), ArraySubquery(_TOPICS)))


def cards_of(owner: int, shown: tuple[str, ...] = TO_EVERYBODY) -> list[Card]:
    """What a person shows to everybody (TO_EVERYBODY), to a client they applied to, or to themselves: one question."""
    return [Card(*row) for row in _cards(owner, list(shown))]


def about_cards(owner: int, shown: tuple[str, ...] = TO_EVERYBODY) -> list:
    """What `cards_of` asks, for `asked_together`."""
    return [_cards.about(owner, list(shown))]


def whole(pieces: QuerySet[Piece]) -> QuerySet[Piece]:
    """Pieces with their files (`shown_files`) and topics (`named_topics`)."""
    files = PieceFile.objects.filter(removed_at=None).select_related("file").order_by("position", "pk")
    topics = PieceTopic.objects.select_related("topic").order_by("pk")
    return pieces.select_related("category").prefetch_related(
        Prefetch("files", files, to_attr="shown_files"), Prefetch("piece_topics", topics, to_attr="named_topics"))


_removed = Question(lambda owner, since: Piece.objects.filter(user=owner, removed_at__gte=since).order_by("-removed_at")[:1])


def removed_lately(owner: int, since) -> Piece | None:
    """The piece that this person took off their page last, while it can be brought back."""
    return next(iter(_removed(owner, since)), None)


def was_removed(owner: int, number: int) -> bool:
    """Did this person once have a piece with this number, and take it off their page?"""
    return history_of(f"user:{owner}").filter(name=facts.PIECE_REMOVED, data__piece=number).exists()


def removed_file_lately(piece: Piece, since) -> PieceFile | None:
    """The file that was taken off this piece last, while it can be brought back."""
    return piece.files.filter(removed_at__gte=since).select_related("file").order_by("-removed_at").first()
