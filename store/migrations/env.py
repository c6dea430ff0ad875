"""Alembic runs this: it brings the database of the given connection to the wanted schema."""

from alembic import context
from sqlmodel import SQLModel

import store.tables  # noqa: F401  fills the metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
