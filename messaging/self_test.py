"""What the test code of a scanner says."""

SELF_TEST_TEXT = "COMPTOIR-TEST-AZQWMY-1234567890"
"""Letters, digits and a sign that lie elsewhere on the keyboards of other countries."""

LAYOUT_TEST_TEXT = SELF_TEST_TEXT + '-@#"/:?=&_.+]'
"""The same with signs of addresses and those that tell British from American; on the test sheet."""
