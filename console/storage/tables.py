"""The history's tables, for SQLite and PostgreSQL alike; `migrations/` holds how they came about."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    TypeDecorator,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An aware time, kept and given back in UTC: SQLite knows no time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The time in UTC."""
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The time with its zone."""
        return value.replace(tzinfo=value.tzinfo or UTC) if value is not None else None


check_runs = Table(
    "check_runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("store", String, nullable=False),
    Column("started", Instant, nullable=False, index=True),
    Column("seconds", Float, nullable=False),
    Column("full", Boolean, nullable=False),
    Column("overall", String(16), nullable=False),
)

# Candidates, evidence and distinguish are what `plain` makes of a finding.
findings = Table(
    "findings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("check_run_id", ForeignKey("check_runs.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("subject", String, nullable=False),
    Column("light", String(16), nullable=False),
    Column("cause", String),
    Column("blocked_by", String),
    Column("distinguish", String),
    Column("candidates", JSON, nullable=False),
    Column("evidence", JSON, nullable=False),
)

light_changes = Table(
    "light_changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    Column("previous", String(16)),
    Column("subject", String, nullable=False),
    Column("light", String(16), nullable=False),
    Column("cause", String),
    Column("blocked_by", String),
    Column("distinguish", String),
    Column("candidates", JSON, nullable=False),
    Column("evidence", JSON, nullable=False),
)

# Counters as printers told them, changes of the roll, and figures of scanners: in the order of `id`.
readings = Table(
    "readings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subject", String, nullable=False),
    Column("serial", String(64), nullable=False),
    Column("name", String(64), nullable=False),
    Column("value", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_readings_subject_at", "subject", "at"),
)
