"""Files are written whole or not at all, and a person is told why not."""

from __future__ import annotations

import os
import stat
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from console.domain.errors import BadInput, Denied, TillkeeperError
from console.storage.files import home, last_good, put_aside, sweep, write_atomically


def test_home_is_the_given_folder_and_for_its_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TILLKEEPER_HOME", str(tmp_path / "a" / "b"))
    assert home() == tmp_path / "a" / "b"
    if sys.platform != "win32":
        assert stat.S_IMODE(home().stat().st_mode) == 0o700


def test_home_is_absolute_wherever_the_program_goes_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TILLKEEPER_HOME", "kept")
    assert home() == tmp_path / "kept"


def test_home_below_a_file_is_told_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("TILLKEEPER_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(BadInput, match="a file is in the way"):
        home()


def test_the_former_content_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "store.toml"
    write_atomically(path, b"one")
    assert not last_good(path).exists()
    write_atomically(path, b"two")
    assert (path.read_bytes(), last_good(path).read_bytes()) == (b"two", b"one")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["store.toml", "store.toml.bak"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes and seldom symbolic links")
def test_mode_and_symbolic_link_stay(tmp_path: Path) -> None:
    real, link = tmp_path / "real.toml", tmp_path / "store.toml"
    write_atomically(real, b"one")
    assert stat.S_IMODE(real.stat().st_mode) == 0o600
    real.chmod(0o644)
    link.symlink_to(real)
    write_atomically(link, b"two")
    assert link.is_symlink()
    assert real.read_bytes() == b"two"
    assert stat.S_IMODE(real.stat().st_mode) == 0o644


def test_a_full_disk_is_told_and_changes_nothing(disk: Any) -> None:
    path = disk.place / "store.toml"
    write_atomically(path, b"one")
    ballast = disk.fill()
    with pytest.raises(
        TillkeeperError, match=r"store\.toml cannot be written: the disk is full; free"
    ) as told:
        write_atomically(path, b"two" * 9000)
    assert told.value.sign == "disk_full"
    assert path.read_bytes() == b"one"
    assert {each.name for each in disk.place.iterdir()} <= {"store.toml", "store.toml.bak", "ballast"}
    ballast.unlink()
    write_atomically(path, b"two" * 9000)
    assert path.read_bytes() == b"two" * 9000


def test_a_read_only_disk_is_told(disk: Any) -> None:
    disk.remount("ro")
    with pytest.raises(Denied, match=r"store\.toml cannot be written: its disk is read-only"):
        write_atomically(disk.place / "store.toml", b"one")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_locked_folder_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(Denied, match="give this user the right to write"):
        write_atomically(tmp_path / "store.toml", b"one")


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(TillkeeperError, match=r"a\.toml cannot be written: No such file"):
        write_atomically(tmp_path / "gone" / "a.toml", b"one")


def test_damaged_files_are_put_aside_side_by_side(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    kept = []
    for content in ("first", "second", "third"):
        path.write_text(content)
        kept.append(put_aside(path))
    assert [each.read_text() for each in kept] == ["first", "second", "third"]
    assert all(each.name.startswith("settings.json.damaged-") for each in kept)


def test_only_old_temporaries_are_swept(tmp_path: Path) -> None:
    old, young, other = (tmp_path / name for name in (".a.x.tillkeeper-tmp", ".a.y.tillkeeper-tmp", "a.toml"))
    for path in (old, young, other):
        path.write_text("")
    hour_ago = time.time() - 3600
    os.utime(old, (hour_ago, hour_ago))
    os.utime(other, (hour_ago, hour_ago))
    sweep(tmp_path)
    assert sorted(each.name for each in tmp_path.iterdir()) == [young.name, other.name]
    sweep(tmp_path / "gone")
