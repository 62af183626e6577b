"""Account numbers of the ledger, for the questions of rooms that may not see it."""
from machi.ledger.accounts import OWNERS as OWNERS
from machi.ledger.accounts import Kind

ESCROW_NUMBERS = Kind.ESCROW.of()                   # the first account number of all escrows: contract 7 is this plus 7
BATCH_NUMBERS = Kind.BATCH.of()                     # and of what is held for batches of tasks
POT_NUMBERS = Kind.POT.of()                         # and of all pots of contests, by the number of the post
WORKER_NUMBERS = Kind.WORKER.of()                   # of all workers, by the person
PARTY_NUMBERS = (Kind.CLIENT_CREDIT.of(), Kind.WITHHELD.of())       # of what belongs to a client, by the party
