"""Lines in their person's own order, moved by buttons."""


def step(lines: list, pk: int, *, up: bool) -> bool:
    """Move the line with this number one place up or down, and give all of them their places anew. False at either end, where nothing
    happens, and for a line that is not among them."""
    at = next((place for place, one in enumerate(lines) if one.pk == pk), None)
    other = None if at is None else at - 1 if up else at + 1
    if other is None or not 0 <= other < len(lines):
        return False
    lines[at], lines[other] = lines[other], lines[at]
    for place, one in enumerate(lines):
        one.position = place
    return True
