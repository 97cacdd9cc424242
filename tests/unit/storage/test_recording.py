"""Recordings on disk: what is written can be read, what is wrong is named by file and line."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from console.domain.errors import BadInput, Timeout
from console.domain.recording import Event, Recording, What
from console.domain.words import say, say_many
from console.storage.recording import RecordingFile, parse_recording, read_recording, save_recording
from tests.recorded import EVENTS, HEADER, RECORDING, content


def parsed(data: bytes) -> Recording:
    return parse_recording(data, "it.jsonl")


def refusal(data: bytes) -> str:
    with pytest.raises(BadInput) as caught:
        parsed(data)
    return str(caught.value)


def test_a_recording_is_read_with_its_times_bytes_and_troubles() -> None:
    recording = parsed(RECORDING)
    assert recording.whole
    assert (recording.header.subject, recording.header.level) == ("printer:front", "external")
    assert [each.data for each in recording.noted(What.HEARD)] == [b"\x1a", b"\x7e", b"\x32", b"\x12"]
    refused = recording.noted(What.LOST)[0]
    assert refused.trouble is not None
    assert (refused.trouble.sign, str(refused.trouble)) == (
        "tcp.refused",
        "192.0.2.50:9100 refused the connection",
    )
    assert refused.row == 12


def test_what_is_saved_is_read_again_in_full(tmp_path: Path) -> None:
    recording = parsed(RECORDING)
    words = say("{a} and {b}", a=say_many("{count} byte", "{count} bytes", 3), b=2.5)
    late = Event(2.0, What.LOST, 3, during="write", trouble=Timeout(words, "tcp.write_timeout"))
    scan = Event(2.1, What.HEARD, 3, b"xxxx\r", veiled=True)
    whole = Recording(recording.header, [*recording.events, late, scan])
    save_recording(tmp_path / "it.jsonl", whole)
    again = read_recording(tmp_path / "it.jsonl")
    assert again == whole
    trouble = again.noted(What.LOST)[-1].trouble
    assert isinstance(trouble, Timeout)
    assert trouble.words == words


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    save_recording(tmp_path / "it.jsonl", parsed(RECORDING))
    assert stat.S_IMODE((tmp_path / "it.jsonl").stat().st_mode) == 0o600


def test_events_that_were_written_late_stand_at_their_time() -> None:
    first, second = EVENTS[1], EVENTS[2]
    assert [each.what for each in parsed(content(HEADER, second, first)).events] == [What.SENT, What.HEARD]


def test_a_line_that_a_crash_cut_off_is_left_out_and_told() -> None:
    whole = parsed(RECORDING)
    for cut in range(len(content(HEADER)), len(RECORDING) - 1):
        recording = parsed(RECORDING[:cut])
        lines = RECORDING[:cut].count(b"\n") - 1
        assert [each.row for each in recording.events] == [each.row for each in whole.events][:lines]
        assert recording.whole is RECORDING[:cut].endswith(b"\n")


EVENT = {"at": 1.0, "event": "sent", "line": 1, "bytes": "10"}


@pytest.mark.parametrize(
    ("header", "event", "row", "told"),
    [
        ({"schema": "tillkeeper.recording/2"}, {}, 1, "a newer Tillkeeper wrote this"),
        ({"schema": "tillkeeper.check/1"}, {}, 1, "this is no recording"),
        ({"level": "deep"}, {}, 1, '"level" must be internal, external, interactive or null'),
        ({"started": "yesterday"}, {}, 1, '"started" must be a time such as 2026-11-22T09:30:00.000+08:00'),
        ({"started": "2026-11-22T09:30:00"}, {}, 1, '"started" must be a time'),
        ({"code": 7}, {}, 1, '"code" must be a text'),
        ({"subject": "printer:back"}, {}, 1, '"printer:back" is no device'),
        ({"subject": "network"}, {}, 1, '"network" is no device'),
        ({"store": {"store": {"name": "x"}, "printer": [{"name": "front"}]}}, {}, 1, "this key is missing"),
        ({}, {"event": "said"}, 2, '"event" must be one of opened, sent'),
        ({}, {"at": -1}, 2, '"at" must be a number of seconds'),
        ({}, {"at": True}, 2, '"at" must be a number of seconds'),
        ({}, {"at": float("nan")}, 2, '"at" must be a number of seconds'),
        ({}, {"line": 0}, 2, '"line" must be the number of the opening'),
        ({}, {"bytes": "1b4"}, 2, '"bytes" must be bytes in hex, such as "1b 40"'),
        ({}, {"bytes": None}, 2, '"bytes" must be bytes in hex'),
        ({}, {"event": "lost", "kind": "Oops", "trouble": "x"}, 2, '"kind" must be one of Busy'),
        ({}, {"event": "lost", "kind": "Busy", "trouble": "x", "words": {"say": "{0}", "with": {"a": 1}}}, 2,
         '"words" must be a sentence'),
        ({}, {"event": "lost", "kind": "Busy", "trouble": "x",
              "words": {"say": "{a.__class__}", "with": {"a": 1}}}, 2, '"words" must be a sentence'),
        ({}, {"event": "page", "lines": [1]}, 2, '"lines" must be a list of texts'),
        ({}, {"event": "answered", "answer": "yes"}, 2, '"answer" must be true, false or null'),
        ({}, {"event": "marked", "columns": [], "look": "line"}, 2, '"columns" must be pairs'),
        ({}, {"event": "marked", "columns": [[1, 2], 3], "look": "line"}, 2, '"columns" must be pairs'),
        ({}, {"event": "marked", "columns": [[1, -2]], "look": "line"}, 2, '"columns" must be pairs'),
        ({}, {"event": "marked", "columns": [[1, 2]], "look": "odd"}, 2, '"look" must be one of line, patch'),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_line(
    header: dict[str, Any], event: dict[str, Any], row: int, told: str
) -> None:
    message = refusal(content({**HEADER, **header}, {**EVENT, **event}))
    assert message.startswith(f"it.jsonl, line {row}: ")
    assert told in message


@pytest.mark.parametrize(
    "data", [b"", b"\n", b"PK\x03\x04", b"[1]\n", b"{" * 5000 + b"\n", b'{"a": "\\ud800"}\n']
)
def test_what_is_no_recording_is_told_in_one_line(data: bytes) -> None:
    message = refusal(data)
    assert message.startswith("it.jsonl, line 1: ")
    assert "\n" not in message


@pytest.mark.parametrize("name", ["missing", "."])
def test_a_file_that_is_none_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match="the name of a recording is expected"):
        read_recording(tmp_path / name)


def test_a_folder_that_is_not_there_is_told_before_anything_is_recorded(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be written"):
        RecordingFile(tmp_path / "no" / "it.jsonl", parsed(RECORDING).header)


def test_a_full_disk_is_told_once_and_stops_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write, room = os.write, [700]

    def scarce(handle: int, data: bytes) -> int:
        if len(data) > room[0]:
            data = data[: room[0]]
        if not data:
            raise OSError(errno.ENOSPC, "No space left on device")
        room[0] -= len(data)
        return write(handle, data)

    monkeypatch.setattr(os, "write", scarce)
    recording = parsed(RECORDING)
    file = RecordingFile(tmp_path / "it.jsonl", recording.header)
    for event in recording.events:
        file.add(event)
    file.close()
    assert file.note is not None
    assert "the disk is full" in str(file.note)
    monkeypatch.undo()
    kept = read_recording(tmp_path / "it.jsonl")
    assert not kept.whole
    assert kept.events == recording.events[: len(kept.events)]
    assert kept.events


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs Linux's device that is always full")  # noqa: PTH110
def test_a_device_that_takes_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "it.jsonl").symlink_to("/dev/full")
    with pytest.raises(BadInput, match="exists already"):
        RecordingFile(tmp_path / "it.jsonl", parsed(RECORDING).header)


def test_each_event_is_on_disk_before_the_end(tmp_path: Path) -> None:
    """What a crash leaves is everything up to it."""
    recording = parsed(RECORDING)
    file = RecordingFile(tmp_path / "it.jsonl", recording.header)
    for event in recording.events:
        file.add(event)

    def kept() -> int:
        return (tmp_path / "it.jsonl").read_bytes().count(b"\n")

    assert _within(5, lambda: kept() == len(recording.events) + 1)
    file.close()


def _within(seconds: float, condition: Callable[[], bool]) -> bool:
    import threading
    import time

    ends, pause = time.monotonic() + seconds, threading.Event()
    while not condition() and time.monotonic() < ends:
        pause.wait(0.01)
    return condition()
