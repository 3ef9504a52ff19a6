"""policies of a task: overlap, limits, deadlines, jitter, retention.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("task_definition") as table:
        table.add_column(
            sa.Column("retry_jitter", sa.Double(), nullable=False, server_default="0.1")
        )
        table.add_column(
            sa.Column("overlap", sa.String(length=20), nullable=False, server_default="allow")
        )
        table.add_column(sa.Column("max_running", sa.Integer(), nullable=True))
        table.add_column(sa.Column("start_deadline_seconds", sa.Integer(), nullable=True))
        table.add_column(sa.Column("finish_deadline_seconds", sa.Integer(), nullable=True))
        table.add_column(
            sa.Column("alert_recipients", sa.JSON(), nullable=False, server_default="[]")
        )
        table.add_column(sa.Column("artifact_retention_days", sa.Integer(), nullable=True))
        table.add_column(sa.Column("run_retention_days", sa.Integer(), nullable=True))
    with op.batch_alter_table("source") as table:
        table.add_column(sa.Column("max_running", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("source") as table:
        table.drop_column("max_running")
    with op.batch_alter_table("task_definition") as table:
        for name in (
            "run_retention_days", "artifact_retention_days", "alert_recipients",
            "finish_deadline_seconds", "start_deadline_seconds", "max_running", "overlap",
            "retry_jitter",
        ):  # fmt: skip
            table.drop_column(name)
