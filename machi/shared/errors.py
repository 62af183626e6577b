"""What the town refuses, in a sentence the person should read. Pages show it with status 409."""


class DomainError(Exception):
    """A refusal. Its text is for the person who asked, in their language."""


class NotAllowed(DomainError):
    """This person may not do this, or not now."""


class Paused(Exception):
    """The town does this for nobody at the moment. It is no refusal of a person, so nothing catches it on its way: the page says that it
    waits, and keeps what was typed; the clock does it later.
    """


class IllegalMove(DomainError):
    """The thing is in a state from which this move does not exist."""
