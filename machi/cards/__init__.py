"""Cards: what a payment service (Stripe) says of money that clients pay, get back, or take back by their bank.

This room keeps facts and books nothing: it imports no ledger. Nobody here ever sees the number of a card; it is typed on the service's own
page. A message of the service only says that something happened: what is so is asked, and compared, before a state moves.
"""
