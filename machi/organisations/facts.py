"""Facts this room records."""

INVITED = "organisation.invited"
INVITATION_WITHDRAWN = "organisation.invitation_withdrawn"
INVITATION_ACCEPTED = "organisation.invitation_accepted"
