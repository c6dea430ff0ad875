"""Retries as decisions, and what a card shows"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KINDS = ("approve", "reject", "hold", "retry")


def upgrade() -> None:
    with op.batch_alter_table("announcement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("drawn", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        batch_op.add_column(sa.Column("stale", sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table("decision", schema=None, recreate="always") as batch_op:
        batch_op.alter_column(
            "what",
            existing_type=sa.String(length=32),
            type_=sa.Enum(*KINDS, name="what", native_enum=False, create_constraint=True, length=32),
            existing_nullable=False,
        )
