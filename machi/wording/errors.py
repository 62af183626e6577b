"""What an operator wrote into a pack that cannot be a rule."""


class PackError(Exception):
    """A sentence for whoever wrote the pack: where it stands, and what to change."""
