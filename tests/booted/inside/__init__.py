"""Runs in the guest, with its own Python and nothing of the product."""
