"""What the rules about words find in a service, field by field. Rules where only a person could tell say nothing here (ADR 25)."""
from machi.jobs.errors import WordsStopped
from machi.packages.models import Package
from machi.wording.queries import Finding, screen

FIELDS = ("title", "body", "needs", "place", "sync_note")


def check_words(package: Package, before: dict[str, str] | None = None) -> None:
    """Raises WordsStopped with what must be changed. `before`: words that stand on the page already, and may stay."""
    known = {(one.rule, one.found) for text in (before or {}).values() for one in _stops(text)}
    new = {field: [one for one in _stops(text) if (one.rule, one.found) not in known] for field, text in words_of(package).items()}
    if found := {field: findings for field, findings in new.items() if findings}:
        raise WordsStopped(found)


def words_of(package: Package) -> dict[str, str]:
    return {field: getattr(package, field) for field in FIELDS}


def _stops(text: str) -> list[Finding]:
    return [one for one in screen(text, "package") if not one.only_looks]
