"""Makes ledger entries: pure functions from the state of an account to what is to be booked.

They book nothing: a use case holds the account's lock, asks here, and gives the entries to the ledger in
the order in which they come. Every entry has an idempotency key made from what caused it, so that doing
it again books nothing.
"""
