"""Customers brought along in a sheet: which column is what, what a cell means, whose row it is, what it adds.

Pure rules. Knows no file format and no page; may import other modules of ``loyalty.domain`` only.
"""
