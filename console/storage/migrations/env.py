"""Runs the steps on the connection that the caller holds open, or writes them out as SQL."""

from __future__ import annotations

from alembic import context

from console.storage.tables import metadata

if context.is_offline_mode():
    context.configure(dialect_name=context.config.get_main_option("dialect"), target_metadata=metadata)
else:
    context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
