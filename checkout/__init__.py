"""The station: it owns the sale of its lanes and is the only writer of the ledger.

Holds the subscribers (what devices say becomes a use case), the writer, the web pages of staff and
members, and the messages to members. Translates between ``messaging`` and ``loyalty``; rules of the
trade live in ``loyalty``. Must not import kiosk or device.
"""
