"""The ways out to members' phones and mailboxes, and what comes back from them.

Implementations of ``loyalty.ports.messages.MessageGateway`` and the check of signed inbound SMS. Chosen by
configuration only (``settings``, ``build``): a way that is not configured refuses loudly and is never
replaced by another one. Must not import the SQL adapters or any use case.
"""
