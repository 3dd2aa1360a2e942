"""The trade: members, consents, groups, programme, ledger, sales, discounts, staff and member messages.

Layers inside, top to bottom: ``adapters`` → ``services`` → ``ports`` → ``domain``. May import ``codes`` and
``runtime``. Must not import ``messaging`` or any toolkit of a process: ``checkout`` translates.
"""
