"""What the test code of a scanner says."""

SELF_TEST_TEXT = "COMPTOIR-TEST-AZQWMY-1234567890"
"""Letters, digits and a sign that lie elsewhere on the keyboards of other countries."""
