"""Facts this room records."""

PROPOSAL_DRAFTED = "proposal.drafted"
PROPOSAL_SUBMITTED = "proposal.submitted"
PROPOSAL_WITHDRAWN = "proposal.withdrawn"
PROPOSAL_DECLINED = "proposal.declined"
PROPOSAL_CLOSED = "proposal.closed"
