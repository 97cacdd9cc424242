"""Writes `resources/schema.sql`, the tables of a new database, after a step was added to the migrations.

.venv/bin/python installer/schema.py
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from console.storage.database import upgrade

PLACE = Path(__file__).resolve().parents[1] / "resources" / "schema.sql"


def schema() -> str:
    """What the steps make of an empty file: statements that end with a semicolon and a line break."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as file:
        upgrade(file)
        return "".join(f"{each}\n" for each in file.iterdump() if not each.startswith(("BEGIN", "COMMIT")))


if __name__ == "__main__":
    PLACE.write_text(schema(), "utf-8")
