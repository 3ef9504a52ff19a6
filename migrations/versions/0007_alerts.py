"""alerts, each told once, and the mails that tell a few of them together.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _create_mails()
    _create_alerts()


def downgrade() -> None:
    op.drop_table("alert")
    op.drop_table("alert_mail")


def _create_mails() -> None:
    op.create_table(
        "alert_mail",
        sa.Column("id", ID, nullable=False),
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.Column("recipients", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_mail")),
    )
    op.create_index(op.f("ix_alert_mail_state_next_try_at"), "alert_mail", ["state", "next_try_at"])
    op.create_index(
        op.f("ix_alert_mail_topic_first_tried_at"), "alert_mail", ["topic", "first_tried_at"]
    )
    gathering = sa.text("state = 'gathering'")
    op.create_index(
        op.f("uq_alert_mail_gathering"),
        "alert_mail",
        ["topic"],
        unique=True,
        sqlite_where=gathering,
        postgresql_where=gathering,
    )


def _create_alerts() -> None:
    op.create_table(
        "alert",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.Column("run_id", ID, nullable=True),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("mailed_as", sa.Text(), nullable=False),
        sa.Column("mail_id", ID, nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_by", sa.String(length=120), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["run.id"], name=op.f("fk_alert_run_id_run"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["mail_id"],
            ["alert_mail.id"],
            name=op.f("fk_alert_mail_id_alert_mail"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint("key", name=op.f("uq_alert_key")),
    )
    op.create_index(op.f("ix_alert_run_id"), "alert", ["run_id"])
    op.create_index(op.f("ix_alert_mail_id"), "alert", ["mail_id"])
    op.create_index(op.f("ix_alert_topic_id"), "alert", ["topic", "id"])
    unseen = sa.text("seen_at IS NULL")
    op.create_index(
        op.f("ix_alert_unseen"),
        "alert",
        ["created_at"],
        sqlite_where=unseen,
        postgresql_where=unseen,
    )
