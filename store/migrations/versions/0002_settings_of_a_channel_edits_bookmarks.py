"""Settings of a channel, edits, bookmarks"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bookmark",
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_bookmark")),
    )
    with op.batch_alter_table("announcement", schema=None) as batch_op:
        batch_op.create_unique_constraint(batch_op.f("uq_announcement_draft_id"), ["draft_id"])

    with op.batch_alter_table("channel", schema=None) as batch_op:
        batch_op.add_column(sa.Column("engine", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        batch_op.add_column(sa.Column("profile", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        batch_op.add_column(sa.Column("place", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        batch_op.add_column(sa.Column("approvers", sa.JSON(none_as_null=True), nullable=True))

    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.add_column(sa.Column("edited_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True))

    with op.batch_alter_table("term", schema=None) as batch_op:
        batch_op.alter_column("channel_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.create_index(batch_op.f("ix_term_channel_id"), ["channel_id"], unique=False)
