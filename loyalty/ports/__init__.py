"""What the use cases need from outside, as bare nouns. Implementations live in ``loyalty.adapters``.

Every repository belongs to one unit of work and is used on its thread. All of them may raise
``StorageError``; ``add`` raises ``ConflictError`` where a unique value is already taken.
"""
