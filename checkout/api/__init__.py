"""The HTTP interface for other registers, under ``/api/v1`` (row 195): keys, operations, stream, description.

An application of its own inside the station's: it knows no cookie and no staff session, and answers errors
as problem documents (RFC 9457) with stable codes. What it does stands in ``checkout.registers``.
"""
