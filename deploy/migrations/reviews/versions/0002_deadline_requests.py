"""Requests for more time on duties."""

from alembic import context, op

from deploy.migrations.spine_0002 import UNDONE, statements

revision = "reviews_0002"
down_revision = "reviews_0001"


def upgrade() -> None:
    for statement in statements(context.config.attributes["schema"]):
        op.execute(statement)


def downgrade() -> None:
    schema = context.config.attributes["schema"]
    for statement in UNDONE:
        op.execute(statement.format(schema=schema))
