"""The plan on disk: the shop's own, the shipped one, and a run that outlives its process."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import pytest

from console.domain.emergency import Run
from console.domain.plan import Plan, Step
from console.platforms.files import resource
from console.storage.plan import RunFile, adopt_plan, plan_path, read_plan

OWN = """
[[scenario]]
id = "own"
title = "Our own trouble"
symptoms = ["we see it"]
exit = "It is over"
[[scenario.step]]
id = "one"
do = "Do it"
"""


class Disk(Protocol):
    place: Path

    def fill(self) -> Path: ...


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TILLKEEPER_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_the_shipped_plan_opens_without_an_own_one() -> None:
    plan, trouble = read_plan(None, "zh_CN")
    assert trouble is None
    assert plan.scenario("backend") is not None


def test_the_own_plan_goes_before_the_shipped_one() -> None:
    plan_path().write_text(OWN, encoding="utf-8")
    plan, trouble = read_plan(None, "en")
    assert trouble is None
    assert [each.id for each in plan.scenarios] == ["own"]


def test_an_own_plan_begins_as_a_copy_and_is_never_overwritten() -> None:
    own = adopt_plan("zh_CN")
    assert read_plan(None, "en") == read_plan(resource("plans", "zh_CN.toml"), "zh_CN")
    own.write_text(OWN, encoding="utf-8")
    assert adopt_plan("en") == own
    assert own.read_text(encoding="utf-8") == OWN


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "no [[scenario]]"),
        (OWN.replace('"Do it"', "Do it").encode(), "line 9 is not valid TOML"),
        (OWN[:-5].encode(), "not valid TOML"),
        (OWN.replace("title", "titel").encode(), 'scenario.1.titel: there is no such key; is "title" meant?'),
        (OWN.replace("Our", "我们").encode("gb18030"), "not UTF-8"),
        (b"a = " + b"[" * 3000, "nested too deeply"),
        (b"a = 1\n" * 200_000, "is too long"),
    ],
)
def test_a_broken_own_plan_gives_way_to_the_shipped_one_and_says_so(content: bytes, told: str) -> None:
    plan_path().write_bytes(content)
    plan, trouble = read_plan(None, "en")
    assert plan.scenario("backend") is not None
    assert trouble is not None
    assert told in str(trouble)
    assert str(plan_path()) in str(trouble)


def test_a_folder_in_the_plans_place_is_told() -> None:
    plan_path().mkdir()
    _, trouble = read_plan(None, "en")
    assert "a text file is expected" in str(trouble)


def test_a_home_that_cannot_be_made_leaves_the_shipped_plan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("TILLKEEPER_HOME", str(tmp_path / "file" / "home"))
    plan, _ = read_plan(None, "en")
    assert plan.scenario("backend") is not None


def test_both_languages_ship_the_same_plan() -> None:
    chinese, english = (read_plan(resource("plans", f"{code}.toml"), code)[0] for code in ("zh_CN", "en"))
    assert _shape(chinese) == _shape(english)
    assert [each.id for each in chinese.scenarios] == [
        "backend", "terminal", "printer", "scanner", "power", "slow", "records", "fraud", "restart",
    ]  # fmt: skip


def _shape(plan: Plan) -> object:
    def step(each: Step) -> object:
        return each.id, each.yes, each.no, each.clears, bool(each.expect), bool(each.words_to_say)

    return (
        [(each.id, each.phone, len(each.have_ready)) for each in plan.contacts],
        [(each.proven, each.valid_days) for each in plan.backups],
        [
            (each.id, each.causes, each.call, len(each.symptoms), len(each.immediate), len(each.deferred))
            for each in plan.scenarios
        ],
        [[step(one) for one in each.steps] for each in plan.scenarios],
    )


def test_the_plan_needs_neither_database_nor_profile_reader() -> None:
    code = (
        "import sys; from console.storage.plan import read_plan; read_plan(None, 'en');"
        "print(sorted({'sqlalchemy', 'pydantic', 'PySide6', 'dns', 'serial'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stdout.strip() == "[]"


def _text() -> str:
    scenario = read_plan(None, "en")[0].scenarios[0]
    return Run(scenario, datetime(2026, 11, 22, tzinfo=UTC)).to_json()


def test_a_run_outlives_its_process(own_home: Path) -> None:
    kept = RunFile()
    kept.write("first")
    kept.write(_text())
    assert kept.read() == _text()
    assert kept.flush()
    assert RunFile().read() == _text()
    kept.write(None)
    kept.close()
    assert RunFile().read() is None
    assert not (own_home / "emergency-run.json").exists()


def test_closing_writes_what_is_left(tmp_path: Path) -> None:
    kept = RunFile(tmp_path / "run.json")
    kept.write("last")
    kept.close()
    assert (tmp_path / "run.json").read_text() == "last"


def test_on_a_full_disk_the_run_goes_on_in_memory(disk: Disk) -> None:
    kept = RunFile(disk.place / "run.json")
    ballast = disk.fill()
    kept.write(_text())
    assert kept.flush()
    assert "disk is full" in str(kept.note)
    assert kept.read() == _text()
    ballast.unlink()
    kept.write(_text())
    assert kept.flush()
    assert kept.note is None
    kept.close()


@pytest.mark.parametrize("content", [b"\xff\xfe", None])
def test_an_unreadable_record_is_no_record(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "run.json"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    assert RunFile(path).read() is None
