"""Figures of the programme as pure functions of ledger entries and visits."""
