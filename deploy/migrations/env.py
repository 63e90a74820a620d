"""Alembic's way in: runs one service's tree on the connection that run.py hands over."""

from alembic import context
from sqlalchemy import Connection, text

schema: str = context.config.attributes["schema"]
connection: Connection = context.config.attributes["connection"]

connection.execute(text(f'set search_path to "{schema}"'))
connection.dialect.default_schema_name = schema
context.configure(connection=connection, version_table_schema=schema)
with context.begin_transaction():
    context.run_migrations()
