"""Which rows of a table of people are one person.

Owns the comparison of people by name, birthday, address, phone, e-mail and number, and how sure it is. Knows
no database and no file; works on whole tables in vectors, so that a million rows stay a matter of minutes.
"""
