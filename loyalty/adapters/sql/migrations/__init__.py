"""Alembic's tree of migrations: run by ``loyalty.adapters.sql.migrate`` only."""
