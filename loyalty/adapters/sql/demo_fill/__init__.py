"""Fills the demo's shop with a crowd: plausible people of France and Québec with sales, points and consents.

Rows go in by the hundred thousand, past the use cases; sales are copies of real ones that the use cases made.
Never in a database that holds a real shop.
"""
