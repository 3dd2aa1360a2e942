"""Parts of schema version 3, by noun."""
