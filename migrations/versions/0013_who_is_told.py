"""people's addresses, what they follow, what recipients refused, and incidents of tasks.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TASK = "task_definition_id"


def upgrade() -> None:
    with op.batch_alter_table("user") as table:
        table.add_column(sa.Column("email", sa.String(length=320), nullable=True))
        table.add_column(
            sa.Column("wants_digest", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        table.add_column(sa.Column("digest_sent_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("digest_taken_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(
            sa.Column("digest_takes", sa.Integer(), nullable=False, server_default="0")
        )
    _create(
        "subscription",
        sa.Column("user_id", ID, nullable=False),
        _of("subscription", "user_id", "user"),
        sa.UniqueConstraint("user_id", TASK, name=op.f(f"uq_subscription_user_id_{TASK}")),
    )
    op.create_index(op.f(f"ix_subscription_{TASK}"), "subscription", [TASK])
    _create(
        "unsubscription",
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.UniqueConstraint(TASK, "address", name=op.f(f"uq_unsubscription_{TASK}_address")),
    )
    _create_incidents()


def downgrade() -> None:
    op.drop_table("incident")
    op.drop_table("unsubscription")
    op.drop_table("subscription")
    with op.batch_alter_table("user") as table:
        table.drop_column("digest_takes")
        table.drop_column("digest_taken_at")
        table.drop_column("digest_sent_at")
        table.drop_column("wants_digest")
        table.drop_column("email")


def _create_incidents() -> None:
    runs = ("first_run_id", "last_run_id", "closed_by_run_id")
    _create(
        "incident",
        *(sa.Column(name, ID, nullable=True) for name in runs),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        *(_of("incident", name, "run", ondelete="SET NULL") for name in runs),
    )
    op.create_index(op.f(f"ix_incident_{TASK}"), "incident", [TASK])
    is_open = sa.text("closed_at IS NULL")
    op.create_index(
        op.f("uq_incident_open"),
        "incident",
        [TASK],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def _create(table: str, *parts: sa.Column[object] | sa.Constraint) -> None:
    """Make a table about tasks, with what every table has."""
    op.create_table(
        table,
        sa.Column("id", ID, nullable=False),
        sa.Column(TASK, ID, nullable=False),
        *parts,
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        _of(table, TASK, "task_definition"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _of(
    table: str, column: str, other: str, *, ondelete: str = "CASCADE"
) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)
