"""Paid work"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paid_work",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("video_id", sa.Integer(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("engine", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("receipt", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("cost", sa.Float(), nullable=False),
        sa.Column("begun_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["video_id"], ["video.id"], name=op.f("fk_paid_work_video_id_video")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paid_work")),
        sa.UniqueConstraint("video_id", "key", name=op.f("uq_paid_work_video_id_key")),
    )
    with op.batch_alter_table("paid_work", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paid_work_begun_at"), ["begun_at"], unique=False)
