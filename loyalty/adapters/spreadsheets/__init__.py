"""CSV and XLSX files: reading what people bring, writing what they take along.

Owns encodings, separators, quoting, the inside of an XLSX, and what keeps a cell from being run as a formula.
Knows nothing of customers. May import ``loyalty.ports`` and ``loyalty.domain``; no database, no page.
"""
