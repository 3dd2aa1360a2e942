"""Conditions of filters as SQL, for all customers at once and for one customer at a till."""
