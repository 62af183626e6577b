"""What the town refuses, in a sentence the person should read. Pages show it with status 409."""


class DomainError(Exception):
    """A refusal. Its text is for the person who asked, in their language."""


class NotAllowed(DomainError):
    """This person may not do this, or not now."""


class IllegalMove(DomainError):
    """The thing is in a state from which this move does not exist."""
