"""Reserved."""

from alembic import context, op

revision = "cases_0004"
down_revision = "cases_0003"

_OWN: tuple[str, ...] = ()


def upgrade() -> None:
    schema = context.config.attributes["schema"]
    for statement in _OWN:
        op.execute(statement.format(schema=schema))


def downgrade() -> None:
    """There is nothing to take back."""
