"""Receipts: one document made from a booked sale, and its renderings in columns and as printer's bytes.

May import loyalty and the words; must not import the web application or reach for a printer.
"""
