"""The steps lead to exactly the tables that the code uses, up and down, on both databases."""

from __future__ import annotations

import asyncio
import importlib.util
import io
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect

import console.storage
from console.platforms.files import resource
from console.storage.database import REVISIONS, Database
from console.storage.tables import metadata


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    engine = create_engine(f"sqlite:///{tmp_path / 'history.db'}")
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def config(connection: Connection | None = None) -> Config:
    made = Config(output_buffer=io.StringIO())
    made.set_main_option("script_location", str(Path(console.storage.__file__).with_name("migrations")))
    made.attributes["connection"] = connection
    return made


def test_the_known_revisions_are_those_in_the_folder() -> None:
    steps = ScriptDirectory.from_config(config()).walk_revisions()
    assert tuple(step.revision for step in steps)[::-1] == REVISIONS


def test_the_steps_make_what_the_code_uses(connection: Connection) -> None:
    command.upgrade(config(connection), "head")
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    assert compare_metadata(context, metadata) == []
    names = {
        table: {index["name"] for index in inspect(connection).get_indexes(table)}
        for table in metadata.tables
    }
    assert names == {name: {index.name for index in table.indexes} for name, table in metadata.tables.items()}


def test_down_and_up_again(connection: Connection) -> None:
    command.upgrade(config(connection), "head")
    command.downgrade(config(connection), "base")
    assert inspect(connection).get_table_names() == ["alembic_version"]
    command.upgrade(config(connection), "head")
    assert set(metadata.tables) < set(inspect(connection).get_table_names())


def test_the_same_steps_speak_postgresql() -> None:
    offline = config()
    offline.set_main_option("dialect", "postgresql")
    command.upgrade(offline, "head", sql=True)
    assert isinstance(offline.output_buffer, io.StringIO)
    told = offline.output_buffer.getvalue()
    assert "started TIMESTAMP WITH TIME ZONE NOT NULL" in told
    assert "evidence JSON NOT NULL" in told
    assert "id SERIAL NOT NULL" in told
    assert told.count("CREATE TABLE") == len(metadata.tables) + 1


def test_a_new_file_begins_as_the_steps_would_have_made_it() -> None:
    place = Path(console.storage.__file__).parents[2] / "installer/schema.py"
    spec = importlib.util.spec_from_file_location("schema", place)
    assert spec
    assert spec.loader
    schema = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(schema)
    assert resource("schema.sql").read_text("utf-8") == schema.schema(), "run installer/schema.py"


@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_an_older_file_is_brought_up_to_date_with_what_is_in_it(tmp_path: Path, revision: str) -> None:
    path = tmp_path / "history.db"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        command.upgrade(config(connection), revision)
    engine.dispose()
    with closing(sqlite3.connect(path)) as file, file:
        file.execute(
            'INSERT INTO check_runs (store, started, seconds, "full", overall)'
            " VALUES ('shop', '2026-11-22 01:30:00.250000', 1.5, 1, 'ok')"
        )
    assert asyncio.run(opened(path)) == [(REVISIONS[-1], "shop", 1.5)]


async def opened(path: Path) -> list[tuple[str, str, float]]:
    database = Database(path)
    assert await database.open() is None
    rows = await database.read("SELECT version_num, store, seconds FROM alembic_version, check_runs")
    await database.close()
    return rows
