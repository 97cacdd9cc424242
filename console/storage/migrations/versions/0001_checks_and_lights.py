"""Check runs, their findings, and the changes of lights."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the three tables."""
    op.create_table(
        "check_runs",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("store", sa.String, nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("full", sa.Boolean, nullable=False),
        sa.Column("overall", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_check_runs"),
    )
    op.create_index("ix_check_runs_started", "check_runs", ["started"])
    op.create_table(
        "findings",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("check_run_id", sa.Integer, nullable=False),
        *_finding(),
        sa.PrimaryKeyConstraint("id", name="pk_findings"),
        sa.ForeignKeyConstraint(
            ["check_run_id"], ["check_runs.id"], name="fk_findings_check_run_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_findings_check_run_id", "findings", ["check_run_id"])
    op.create_table(
        "light_changes",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("previous", sa.String(16)),
        *_finding(),
        sa.PrimaryKeyConstraint("id", name="pk_light_changes"),
    )
    op.create_index("ix_light_changes_at", "light_changes", ["at"])


def downgrade() -> None:
    """Drop them, with what is in them."""
    op.drop_table("light_changes")
    op.drop_table("findings")
    op.drop_table("check_runs")


def _finding() -> list[sa.Column[object]]:
    return [
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("light", sa.String(16), nullable=False),
        sa.Column("cause", sa.String),
        sa.Column("blocked_by", sa.String),
        sa.Column("distinguish", sa.String),
        sa.Column("candidates", sa.JSON, nullable=False),
        sa.Column("evidence", sa.JSON, nullable=False),
    ]
