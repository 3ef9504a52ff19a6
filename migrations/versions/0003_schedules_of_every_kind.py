"""schedules of every kind: holidays, pauses, catch-up, a start and an end.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("schedule") as table:
        table.add_column(sa.Column("once_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("working_day", sa.Integer(), nullable=True))
        table.add_column(sa.Column("time_of_day", sa.String(length=5), nullable=True))
        table.add_column(sa.Column("solar_event", sa.String(length=20), nullable=True))
        table.add_column(sa.Column("latitude", sa.Double(), nullable=True))
        table.add_column(sa.Column("longitude", sa.Double(), nullable=True))
        table.add_column(sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("calendar_id", ID, nullable=True))
        table.add_column(
            sa.Column("on_holiday", sa.String(length=20), nullable=False, server_default="run")
        )
        table.add_column(
            sa.Column("catch_up", sa.String(length=20), nullable=False, server_default="last")
        )
        table.add_column(
            sa.Column(
                "catch_up_window_seconds", sa.Integer(), nullable=False, server_default="86400"
            )
        )
        table.add_column(
            sa.Column("origin", sa.String(length=20), nullable=False, server_default="person")
        )
        table.add_column(sa.Column("code_key", sa.String(length=200), nullable=True))
        table.add_column(sa.Column("next_scheduled_for", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("counts_from", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        table.create_unique_constraint(op.f("uq_schedule_code_key"), ["code_key"])
        table.create_foreign_key(
            op.f("fk_schedule_calendar_id_calendar"),
            "calendar",
            ["calendar_id"],
            ["id"],
            ondelete="RESTRICT",
        )
    op.execute("UPDATE schedule SET next_scheduled_for = next_due_at")


def downgrade() -> None:
    with op.batch_alter_table("schedule") as table:
        table.drop_constraint(op.f("fk_schedule_calendar_id_calendar"), type_="foreignkey")
        table.drop_constraint(op.f("uq_schedule_code_key"), type_="unique")
        for name in (
            "version", "counts_from", "next_scheduled_for", "code_key", "origin",
            "catch_up_window_seconds", "catch_up", "on_holiday", "calendar_id", "paused_until",
            "ends_at", "longitude",
            "latitude", "solar_event", "time_of_day", "working_day", "once_at",
        ):  # fmt: skip
            table.drop_column(name)
