"""chains from one task to the next.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "task_chain",
        sa.Column("id", ID, nullable=False),
        sa.Column("task_definition_id", ID, nullable=False),
        sa.Column("next_task_id", ID, nullable=False),
        sa.Column("on", sa.String(length=20), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["next_task_id"],
            ["task_definition.id"],
            name=op.f("fk_task_chain_next_task_id_task_definition"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["task_definition_id"],
            ["task_definition.id"],
            name=op.f("fk_task_chain_task_definition_id_task_definition"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_chain")),
        sa.UniqueConstraint(
            "task_definition_id",
            "next_task_id",
            "on",
            name=op.f("uq_task_chain_task_definition_id_next_task_id_on"),
        ),
    )
    op.create_index(op.f("ix_task_chain_next_task_id"), "task_chain", ["next_task_id"])


def downgrade() -> None:
    op.drop_table("task_chain")
