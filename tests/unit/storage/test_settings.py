"""Settings survive a restart, cost the window nothing, and never stop the program."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from console.domain.ports import Settings
from console.storage import files
from console.storage import settings as module
from console.storage.settings import SettingsFile


def test_what_was_put_is_there_after_a_restart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TILLKEEPER_HOME", str(tmp_path))
    settings: Settings = SettingsFile()
    assert settings.get("language", "zh_CN") == "zh_CN"
    first = SettingsFile()
    first.put("language", "en")
    first.put("geometry", "\ud800 店")
    assert first.get("language", "zh_CN") == "en"
    first.close()
    second = SettingsFile()
    assert (second.get("language", "zh_CN"), second.get("geometry", ""), second.note) == (
        "en",
        "\ud800 店",
        None,
    )


def test_many_changes_are_few_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writes: list[bytes] = []
    write = files.write_atomically

    def counted(path: Path, content: bytes) -> None:
        assert threading.current_thread() is not threading.main_thread()
        writes.append(content)
        write(path, content)

    monkeypatch.setattr(module, "write_atomically", counted)
    settings = SettingsFile(tmp_path / "settings.json")
    for width in range(500):
        settings.put("width", str(width))
    settings.close()
    assert json.loads(writes[-1]) == {"width": "499"}
    assert len(writes) < 10


def test_a_change_reaches_the_disk_without_closing(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    settings = SettingsFile(path)
    settings.put("theme", "dark")
    written = threading.Event()
    for _ in range(500):
        if path.exists() or written.wait(0.01):
            break
    assert json.loads(path.read_text()) == {"theme": "dark"}
    settings.close()


def test_an_unchanged_value_starts_no_write(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"theme": "dark"}')
    before = path.stat().st_mtime_ns
    settings = SettingsFile(path)
    settings.put("theme", "dark")
    settings.close()
    assert path.stat().st_mtime_ns == before


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff", b'{"a": 1}', b"[" * 100_000, b'{"a": "' + b"x" * (1 << 20)]
)
def test_a_damaged_file_is_kept_aside(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    settings = SettingsFile(path)
    (aside,) = tmp_path.glob("settings.json.damaged-*")
    assert aside.read_bytes() == content
    assert aside.name in str(settings.note)
    settings.put("theme", "dark")
    settings.close()
    assert SettingsFile(path).get("theme", "") == "dark"


def test_an_unreadable_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.mkdir()
    assert "cannot be read" in str(SettingsFile(path).note)


def test_a_full_disk_costs_nothing_but_the_write(disk: Any) -> None:
    path = disk.place / "settings.json"
    settings = SettingsFile(path)
    ballast = disk.fill()
    settings.put("theme", "x" * 10_000)
    for _ in range(500):
        if settings.note or threading.Event().wait(0.01):
            break
    assert "the disk is full" in str(settings.note)
    ballast.unlink()
    settings.close()
    assert SettingsFile(path).get("theme", "") == "x" * 10_000


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    os.mkfifo(path)
    assert "cannot be read" in str(SettingsFile(path).note)
