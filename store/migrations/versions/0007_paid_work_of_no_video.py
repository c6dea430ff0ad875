"""Paid work of recordings that are no videos"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

OF_NO_VIDEO = sa.text("video_id IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("paid_work", schema=None) as batch_op:
        batch_op.alter_column("video_id", existing_type=sa.Integer(), nullable=True)
        batch_op.create_index(
            batch_op.f("ix_paid_work_of_no_video"),
            ["key"],
            unique=True,
            sqlite_where=OF_NO_VIDEO,
            postgresql_where=OF_NO_VIDEO,
        )
