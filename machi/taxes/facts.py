"""Names of the facts that this room records."""

STANDING_SAID = "tax.standing_said"
