"""Limits of a channel, vertical videos"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("channel", schema=None) as batch_op:
        batch_op.add_column(sa.Column("limits", sa.JSON(none_as_null=True), nullable=True))
    with op.batch_alter_table("video", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_vertical", sa.Boolean(), nullable=True))
