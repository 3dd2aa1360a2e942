"""The database: SQLite by default, PostgreSQL by URL; one schema, one tree of migrations.

Statements are SQLAlchemy Core on one connection per unit of work; rows become domain dataclasses here
and nowhere else.
"""
