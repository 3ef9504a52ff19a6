"""what a run waits for, by indexes that hold only what waits.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

QUEUED = "state = 'queued'"
HELD = f"{QUEUED} AND reason_code IS NOT NULL"
COUNTING = ("attempt", "artifact")
"""The other tables that count rows; a file may have more than two thousand million."""
INDEXES = {
    "ix_run_ready": (["queue", "priority", "due_at", "id"], f"{QUEUED} AND reason_code IS NULL"),
    "ix_run_told": (["queue", "republish_at"], f"{QUEUED} AND republish_at IS NOT NULL"),
    "ix_run_held": (["reason_code", "task_definition_id", "priority", "due_at", "id"], HELD),
    "ix_run_held_by_queue": (["reason_code", "queue", "priority", "due_at", "id"], HELD),
    "ix_run_held_by_source": (["reason_code", "source", "priority", "due_at", "id"], HELD),
    "ix_run_held_until": (["reason_code", "next_attempt_at"], HELD),
    "ix_run_running": (["lease_until"], "state = 'running'"),
    "ix_run_start_by": (["start_by"], f"{QUEUED} AND start_by IS NOT NULL"),
    "ix_run_finish_by": (["finish_by"], "finish_by IS NOT NULL AND late_at IS NULL"),
}


def upgrade() -> None:
    op.create_table(
        "queue",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("paused_by", sa.String(length=120), nullable=False),
        sa.Column("max_running", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue")),
        sa.UniqueConstraint("name", name=op.f("uq_queue_name")),
    )
    with op.batch_alter_table("scheduler_mark") as table:
        table.add_column(sa.Column("value", sa.String(length=80), nullable=True))
    with op.batch_alter_table("run") as table:
        table.add_column(sa.Column("cause_id", ID, nullable=True))
        table.add_column(sa.Column("source", sa.String(length=80), nullable=True))
        table.add_column(sa.Column("start_by", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("finish_by", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("late_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("covers_until", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("instants", sa.Integer(), nullable=False, server_default="1"))
        table.add_column(sa.Column("progress_done", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("progress_total", sa.BigInteger(), nullable=True))
        table.add_column(
            sa.Column("progress_text", sa.String(length=200), nullable=False, server_default="")
        )
        table.drop_index(op.f("ix_run_state_lease_until"))
        table.drop_index(op.f("ix_run_state_queue_priority_due_at"))
        table.create_foreign_key(
            op.f("fk_run_cause_id_run"), "run", ["cause_id"], ["id"], ondelete="SET NULL"
        )
        table.alter_column("rows", existing_type=sa.Integer(), type_=sa.BigInteger())
    for name in COUNTING:
        with op.batch_alter_table(name) as table:
            table.alter_column("rows", existing_type=sa.Integer(), type_=sa.BigInteger())
    op.create_index(op.f("ix_run_cause_id"), "run", ["cause_id"])
    for name, (columns, condition) in INDEXES.items():
        where = sa.text(condition)
        op.create_index(name, "run", columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, "run")
    with op.batch_alter_table("run") as table:
        table.drop_constraint(op.f("fk_run_cause_id_run"), type_="foreignkey")
        table.drop_index(op.f("ix_run_cause_id"))
        table.create_index(
            op.f("ix_run_state_queue_priority_due_at"), ["state", "queue", "priority", "due_at"]
        )
        table.create_index(op.f("ix_run_state_lease_until"), ["state", "lease_until"])
        for name in (
            "progress_text", "progress_total", "progress_done", "instants", "covers_until",
            "late_at", "finish_by", "start_by", "source", "cause_id",
        ):  # fmt: skip
            table.drop_column(name)
        table.alter_column("rows", existing_type=sa.BigInteger(), type_=sa.Integer())
    for name in COUNTING:
        with op.batch_alter_table(name) as table:
            table.alter_column("rows", existing_type=sa.BigInteger(), type_=sa.Integer())
    with op.batch_alter_table("scheduler_mark") as table:
        table.drop_column("value")
    op.drop_table("queue")
