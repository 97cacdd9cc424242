"""`selftest --record` and `replay` as a shop and its support use them: processes and real lines."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.protocol.test_commands import STORE, TILLKEEPER, environment, simulate, tillkeeper
from tests.recorded import EVENTS, HEADER, RECORDING, content

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="needs pseudo-terminals"),
]


def recorded(
    folder: Path, fault: str | None, way: tuple[str, ...], level: str, model: str = "auto"
) -> dict[str, Any]:
    """The self-test's document; the simulator is gone when this returns, the recording is `it.jsonl`."""
    with ExitStack() as stack:
        faults = ("--fault", fault) if fault else ()
        printer = simulate(stack, folder / "home", "printer", *way, *faults)
        profile = folder / "store.toml"
        entry = printer.first["profile"].replace('model = "auto"', f'model = "{model}"')
        profile.write_text(STORE + entry, encoding="utf-8")
        done = tillkeeper(
            folder / "home", "selftest", "printer:simulated", "--level", level, "--json",
            "--profile", str(profile), "--record", str(folder / "it.jsonl"),
        )  # fmt: skip
    assert f"Recorded in {folder / 'it.jsonl'}" in done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    return {**document, "code": done.returncode}


def comparable(selftest: dict[str, Any]) -> dict[str, Any]:
    """Everything but how long it took and when, and what the line knew besides its bytes."""
    evidence = [
        {key: each[key] for key in ("probe", "result", "meaning")}
        for each in selftest["evidence"]
        if each["probe"] != "serial.speed"
    ]
    left_out = ("code", "seconds", "evidence")
    return {**{key: selftest[key] for key in selftest if key not in left_out}, "evidence": evidence}


def test_a_replay_prints_the_page_as_wide_as_the_model_s_line(tmp_path: Path) -> None:
    """And asks for the model's own counters: both stand in its profile, and not in the recording."""
    live = recorded(tmp_path, None, (), "external", "Epson TM-T88 (IV–VII)")
    sent = [json.loads(line) for line in (tmp_path / "it.jsonl").read_text("utf-8").splitlines()]
    data = bytes.fromhex("".join(each["bytes"] for each in sent if each.get("event") == "sent"))
    assert b"\x1dv0\x00" + bytes((512 // 8, 0, 51, 0)) in data
    again = tillkeeper(tmp_path / "home", "replay", str(tmp_path / "it.jsonl"), "--json")
    document = json.loads(again.stdout)
    assert (again.returncode, document["departures"]) == (0, [])
    assert comparable(document["selftest"]) == comparable(live)


@pytest.mark.parametrize(
    ("fault", "way", "level", "grade"),
    [
        (None, (), "external", "A"),
        (None, ("--at", "pty:"), "external", "A"),
        ("paper_out", (), "external", "E"),
        ("cover_open", ("--at", "pty:"), "internal", None),
        ("mute", ("--at", "pty:"), "external", "D"),
    ],
)
def test_a_recorded_self_test_is_replayed_with_the_printer_gone(
    fault: str | None, way: tuple[str, ...], level: str, grade: str | None, tmp_path: Path
) -> None:
    live = recorded(tmp_path, fault, way, level)
    began = time.monotonic()
    done = tillkeeper(tmp_path / "other home", "replay", str(tmp_path / "it.jsonl"), "--json")
    assert time.monotonic() - began < 5
    replayed = json.loads(done.stdout)
    assert replayed["schema"] == "tillkeeper.replay/1"
    assert (replayed["same"], replayed["departures"], replayed["whole"]) == (True, [], True)
    assert comparable(replayed["selftest"]) == comparable(live)
    assert (live["grade"], done.returncode) == (grade, live["code"])
    assert not (tmp_path / "other home" / "history.db").exists()


def test_a_killed_self_test_leaves_what_was_said_until_then(tmp_path: Path) -> None:
    file = tmp_path / "it.jsonl"
    with ExitStack() as stack:
        printer = simulate(stack, tmp_path / "home", "printer", "--fault", "mute")
        (tmp_path / "store.toml").write_text(STORE + printer.first["profile"], encoding="utf-8")
        process = subprocess.Popen(
            [*TILLKEEPER, "selftest", "printer:simulated", "--profile", str(tmp_path / "store.toml"),
             "--record", str(file)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment(tmp_path / "home"),
        )  # fmt: skip
        pause, ends = threading.Event(), time.monotonic() + 20
        while not (file.exists() and b"sent" in file.read_bytes()) and time.monotonic() < ends:
            pause.wait(0.02)
        process.kill()
        process.wait(10)
    done = tillkeeper(tmp_path / "home", "replay", str(file), "--json")
    replayed = json.loads(done.stdout)
    assert [each["event"] for each in replayed["exchange"]][:2] == ["opened", "sent"]
    assert (replayed["same"], done.returncode) == (None, 3)
    assert replayed["departures"]


def test_the_table_shows_time_direction_bytes_and_meaning_in_either_language(tmp_path: Path) -> None:
    (tmp_path / "it.jsonl").write_bytes(RECORDING)
    english = tillkeeper(tmp_path, "replay", str(tmp_path / "it.jsonl"))
    assert "  0.005100 ← 7e" in english.stdout
    assert "no paper; paper nearly used up" in english.stdout
    chinese = tillkeeper(tmp_path, "replay", str(tmp_path / "it.jsonl"), "--lang", "zh_CN")
    assert "询问状态（DLE EOT 4）" in chinese.stdout
    assert "缺纸" in chinese.stdout or "没有纸" in chinese.stdout


def test_a_departure_is_named_and_nothing_is_certain_any_more(tmp_path: Path) -> None:
    events = [*EVENTS[:5], {**EVENTS[5], "bytes": "10 04 05"}, *EVENTS[6:]]
    (tmp_path / "it.jsonl").write_bytes(content(HEADER, *events))
    done = tillkeeper(tmp_path, "replay", str(tmp_path / "it.jsonl"))
    assert done.returncode == 3
    assert "This program sent 10 04 02; the recording sends 10 04 05 (line 7 of the file)" in done.stdout


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (None, "there is no file"),
        (b"hello\n", "it.jsonl, line 1: one JSON object is expected"),
        (
            content(HEADER, {"at": "x", "event": "closed", "line": 1}),
            'it.jsonl, line 2: "at" must be a number',
        ),
    ],
)
def test_a_bad_file_is_told_in_one_line(data: bytes | None, told: str, tmp_path: Path) -> None:
    if data is not None:
        (tmp_path / "it.jsonl").write_bytes(data)
    done = tillkeeper(tmp_path, "replay", str(tmp_path / "it.jsonl"), "--lang", "en")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (64, "", 1)
    assert told in done.stderr


@pytest.mark.parametrize(
    ("subject", "file", "told"),
    [
        ("printer:front", "there.jsonl", "exists already; choose another name"),
        ("printer:front", "no/such/folder.jsonl", "cannot be written"),
        ("backend:orders", "new.jsonl", 'nothing of "backend:orders" can be recorded'),
        ("scanner:keys", "new.jsonl", 'nothing of "scanner:keys" can be recorded'),
        ("printer:back", "new.jsonl", "nothing this store has"),
    ],
)
def test_what_cannot_be_recorded_is_refused_before_anything_is_asked(
    subject: str, file: str, told: str, tmp_path: Path
) -> None:
    profile = tmp_path / "store.toml"
    entries = (
        '[[printer]]\nname = "front"\naddress = "tcp://127.0.0.1:9"\n'
        '[[scanner]]\nname = "keys"\naddress = "keyboard:"\n'
        '[[backend]]\nname = "orders"\nurl = "http://127.0.0.1:9/"\n'
    )
    profile.write_text(STORE + entries, encoding="utf-8")
    (tmp_path / "there.jsonl").write_text("mine")
    done = tillkeeper(
        tmp_path / "home", "selftest", subject, "--lang", "en",
        "--profile", str(profile), "--record", str(tmp_path / file),
    )  # fmt: skip
    assert done.returncode == 64
    assert told in done.stderr
    assert (tmp_path / "there.jsonl").read_text() == "mine"
    assert not (tmp_path / "new.jsonl").exists()
