"""what each file is for, whose rows it holds, where it lies, and who has loaded it.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COLUMNS = (
    ("role", sa.String(length=20), "file"),
    ("part", sa.String(length=200), ""),
    ("store", sa.String(length=20), "home"),
)
"""Name, type, and what a file that is there already gets."""


def upgrade() -> None:
    with op.batch_alter_table("artifact") as table:
        for name, kind, default in COLUMNS:
            table.add_column(sa.Column(name, kind, nullable=False, server_default=default))
    with op.batch_alter_table("task_definition") as table:
        table.add_column(sa.Column("artifact_keep_last", sa.Integer(), nullable=True))
    op.create_table(
        "download",
        sa.Column("id", ID, nullable=False),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("artifact_id", ID, nullable=True),
        sa.Column("delivery_id", ID, nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("actor", sa.String(length=320), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["run.id"], name=op.f("fk_download_run_id_run"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["artifact_id"],
            ["artifact.id"],
            name=op.f("fk_download_artifact_id_artifact"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["delivery.id"],
            name=op.f("fk_download_delivery_id_delivery"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_download")),
    )
    op.create_index(op.f("ix_download_run_id"), "download", ["run_id"])
    op.create_index(op.f("ix_download_artifact_id"), "download", ["artifact_id"])
    op.create_index(op.f("ix_download_delivery_id"), "download", ["delivery_id"])


def downgrade() -> None:
    op.drop_table("download")
    with op.batch_alter_table("task_definition") as table:
        table.drop_column("artifact_keep_last")
    with op.batch_alter_table("artifact") as table:
        for name, _kind, _default in reversed(COLUMNS):
            table.drop_column(name)
