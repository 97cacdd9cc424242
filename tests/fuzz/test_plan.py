"""Whatever the plan or the kept emergency run holds: it is taken, or one line says what is wrong."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from console.domain.emergency import SCHEMA, Deed, Run
from console.domain.errors import BadInput
from console.platforms.files import resource
from console.services.language import Language
from console.services.plan_text import plan_text
from console.services.times import ago, clock_time, exact
from console.storage.plan import RunFile, plan_in
from tests.fuzz.test_profile import as_toml

pytestmark = pytest.mark.slow

INPUTS = 10_000
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
GOOD = """[[contact]]
id = "boss"
name = "王老板"
phone = "13800000000"
order = 1
[[backup]]
what = "备用打印机"
proven = 2026-11-20
valid_days = 30
[[scenario]]
id = "printer"
title = "打印机坏了"
symptoms = ["不出纸"]
exit = "又能打印了"
causes = ["printer.*"]
immediate = ["手写小票"]
deferred = ["补打小票"]
call = ["boss"]
switch_over = { seconds = 10, failures = 2, to = "备用打印机" }
[[scenario.step]]
id = "look"
do = "看灯"
yes = "exit"
no = "cable"
clears = "printer:front"
[[scenario.step]]
id = "cable"
do = "插紧线"
"""
quick = settings(
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


LANGUAGE = Language("zh_CN")
SHIPPED = plan_in(resource("plans", "zh_CN.toml"))


def spoilt(good: bytes, chance: Random) -> bytes:
    """`good` with a few bytes changed, lost, doubled or moved."""
    data = bytearray(good)
    for _ in range(chance.randrange(1, 5)):
        at, length = chance.randrange(len(data) + 1), chance.randrange(12)
        match chance.randrange(4):
            case 0:
                data[at : at + length] = chance.randbytes(length)
            case 1:
                del data[at : at + length]
            case 2:
                data[at:at] = data[at : at + 8 * length]
            case _:
                data[at:at] = chance.choice(
                    (b"[", b"]", b"{", b"}", b'"', b"\n", b"=", b"\x00", b"\xff", b",")
                )
    return bytes(data)


# The plan


def take_plan(path: Path, content: bytes) -> None:
    """The shop's own plan can be printed and walked to its end, or one line says why it was not taken."""
    path.write_bytes(content)
    try:
        plan = plan_in(path)
    except BadInput as error:
        line = LANGUAGE.text(error.words)
    else:
        line = f"{path}: taken"
        assert plan_text(plan, LANGUAGE, NOW.date())
        for scenario in plan.scenarios:
            for deed in (Deed.DONE, Deed.FAILED):
                walk(Run(scenario, NOW), deed)
    assert line.startswith(str(path))
    assert line.isprintable()
    assert len(line) < 1500


def walk(run: Run, deed: Deed) -> None:
    for _ in run.scenario.steps:
        if run.current is not None:
            run = run.answered(deed, NOW)
    assert run.current is None


@pytest.fixture(scope="module")
def plan_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("plan") / "plan.toml"


def test_a_spoilt_plan(plan_file: Path) -> None:
    chance = Random(1)
    for _ in range(INPUTS):
        take_plan(plan_file, spoilt(GOOD.encode(), chance))


def test_the_spoilt_plan_was_a_good_one(plan_file: Path) -> None:
    plan_file.write_text(GOOD, encoding="utf-8")
    assert [each.id for each in plan_in(plan_file).scenarios] == ["printer"]


@settings(quick, max_examples=500)
@given(content=st.binary(max_size=400))
def test_a_plan_of_random_bytes(plan_file: Path, content: bytes) -> None:
    take_plan(plan_file, content)


@settings(quick, max_examples=1000)
@given(at=st.integers(0, len(GOOD)), length=st.integers(0, 30), text=st.text(max_size=20))
def test_a_good_plan_with_a_piece_replaced(plan_file: Path, at: int, length: int, text: str) -> None:
    take_plan(plan_file, (GOOD[:at] + text + GOOD[at + length :]).encode("utf-8", "surrogatepass"))


KEYS = (
    "scenario", "contact", "backup", "id", "title", "exit", "step", "do", "call", "immediate", "causes",
    "switch_over", "to", "what", "proven", "yes", "clears", "order", "tilte", "a\nb", "",
)  # fmt: skip
values = st.recursive(
    st.one_of(
        st.sampled_from(["a", "b", "exit", "printer:front", "a\nb", "\u2028", "", ":"]),
        st.text(max_size=80), st.integers(), st.booleans(), st.floats(),
        st.datetimes(), st.dates(), st.times(),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(KEYS), inner, max_size=6)
    ),
    max_leaves=10,
)  # fmt: skip
steps = st.fixed_dictionaries({"id": values, "do": values}, optional={"yes": values, "clears": values})
scenarios = st.fixed_dictionaries(
    {"id": values, "title": values, "exit": values, "step": st.lists(steps, max_size=3)},
    optional=dict.fromkeys(("call", "immediate", "causes", "switch_over", "symptoms"), values),
)


@settings(quick, max_examples=500)
@example({"scenario": [{"a\nb": 1}]})
@given(
    document=st.one_of(
        st.dictionaries(st.sampled_from(KEYS), values, max_size=5),
        st.fixed_dictionaries({"scenario": st.lists(scenarios, max_size=2)}),
    )
)
def test_plans_of_any_shape(plan_file: Path, document: dict[str, object]) -> None:
    text = "\n".join(f"{as_toml(key)} = {as_toml(value)}" for key, value in document.items())
    take_plan(plan_file, text.encode("utf-8", "surrogatepass"))


# The kept emergency run


def kept_run() -> str:
    """A run as it lies on disk, with every kind of deed in it."""
    scenario = SHIPPED.scenarios[0]
    items = [*(each.id for each in scenario.steps[:3]), "immediate:0", "deferred:0", "contact:boss"]
    log = [
        [deed.value, items[place % len(items)], (NOW + timedelta(minutes=place)).isoformat()]
        for place, deed in enumerate(Deed)
    ]
    return json.dumps({"schema": SCHEMA, "scenario": scenario.id, "started": NOW.isoformat(), "log": log})


def take_run(path: Path, content: bytes) -> None:
    """The run goes on, is shown and is kept again; or one line says why it cannot."""
    path.write_bytes(content)
    text = RunFile(path).read()
    if text is None:
        return
    try:
        run = Run.from_json(text, SHIPPED)
    except BadInput as error:
        line = LANGUAGE.text(error.words)
    else:
        line = go_on(run)
    assert line.isprintable()
    assert len(line) < 1500


def go_on(run: Run) -> str:
    """Everything that the window shows of a run and can do with it."""
    assert Run.from_json(run.to_json().encode().decode(), SHIPPED) == run
    now = NOW.astimezone(ZoneInfo("Asia/Shanghai"))
    for at in (run.started, run.ended, *(each.at for each in run.log)):
        assert at is None or (clock_time(at, now, LANGUAGE) and ago(at, now, LANGUAGE) and exact(at, now))
    assert run.unticked is not None
    assert run.next_to_call(SHIPPED.contacts) is None or SHIPPED.contacts
    for deed in (Deed.DONE, Deed.FAILED, Deed.LATER):
        if run.current is not None:
            assert len(run.answered(deed, NOW).log) == len(run.log) + 1
    return run.back(NOW).scenario.title


@pytest.fixture(scope="module")
def run_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("run") / "emergency-run.json"


def test_the_kept_run_is_a_good_one(run_file: Path) -> None:
    run_file.write_text(kept_run(), encoding="utf-8")
    assert len(Run.from_json(RunFile(run_file).read() or "", SHIPPED).log) == len(Deed)


def test_a_spoilt_run(run_file: Path) -> None:
    chance, good = Random(2), kept_run().encode()
    for _ in range(INPUTS):
        take_run(run_file, spoilt(good, chance))


@settings(quick, max_examples=500)
@given(content=st.binary(max_size=400))
def test_a_run_of_random_bytes(run_file: Path, content: bytes) -> None:
    take_run(run_file, content)


documents = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(st.characters(codec=None), max_size=60),
        st.sampled_from([NOW.isoformat(), "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"]),
        st.sampled_from([each.id for each in SHIPPED.scenarios[0].steps]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)  # fmt: skip
times = st.one_of(st.datetimes(timezones=st.timezones()).map(datetime.isoformat), documents)
entries = st.tuples(st.sampled_from(list(Deed)), documents, times)


@settings(quick, max_examples=1000)
@example({"schema": SCHEMA, "scenario": "backend", "started": NOW.isoformat(),
          "log": [["done", "\ud800", NOW.isoformat()]]})  # fmt: skip
@example({"schema": SCHEMA, "scenario": "backend", "started": "0001-01-01T00:00:00+14:00", "log": []})
@given(
    document=st.one_of(
        documents,
        st.fixed_dictionaries({
            "schema": st.just(SCHEMA), "scenario": st.just("backend"),
            "started": times, "log": st.one_of(documents, st.lists(entries, max_size=6)),
        }),
    )
)  # fmt: skip
def test_runs_of_any_shape(run_file: Path, document: object) -> None:
    take_run(run_file, json.dumps(document).encode())
