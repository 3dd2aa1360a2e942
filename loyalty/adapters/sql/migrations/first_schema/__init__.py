"""The tables of the first schema, one module a noun; part of migration v0001 and never changed."""
