"""What this room refuses, where more than a sentence is needed."""
from machi.shared.errors import DomainError


class WordsStopped(DomainError):
    """Words of a post, or of a service, that must be changed first. `found`: field -> what the rules say about it."""

    def __init__(self, found: dict):
        self.found = found
        super().__init__("\n".join(finding.advice for findings in found.values() for finding in findings))
