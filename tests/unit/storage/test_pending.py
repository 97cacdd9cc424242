"""The folder of unsynced sales, on a real disk."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from console.domain.errors import BadInput, TillkeeperError
from console.domain.pending import PendingSales
from console.domain.profile import SyncPending
from console.storage.pending import PendingFolder

MORNING = datetime(2026, 11, 24, 9, 12, tzinfo=UTC)


def sale(folder: Path, name: str, minutes: int = 0) -> None:
    path = folder / name
    path.write_text("sale")
    time = MORNING.timestamp() + 60 * minutes
    os.utime(path, (time, time))


def look(folder: Path, pattern: str = "*.pending") -> PendingSales:
    return PendingFolder(SyncPending(str(folder), pattern)).look()


def test_what_waits_is_counted_and_the_oldest_tells_since_when(tmp_path: Path) -> None:
    sale(tmp_path, "2.pending", 10)
    sale(tmp_path, "1.pending")
    sale(tmp_path, "0.done", -60)
    (tmp_path / "old.pending").mkdir()
    assert look(tmp_path) == PendingSales(2, MORNING)
    assert look(tmp_path, "*") == PendingSales(3, datetime(2026, 11, 24, 8, 12, tzinfo=UTC))


def test_an_empty_folder_holds_nothing(tmp_path: Path) -> None:
    assert look(tmp_path) == PendingSales(0, None)


def test_a_link_that_leads_nowhere_still_waits(tmp_path: Path) -> None:
    (tmp_path / "lost.pending").symlink_to(tmp_path / "gone")
    assert look(tmp_path).count == 1


@pytest.mark.parametrize("place", ["missing", "file"])
def test_a_folder_that_cannot_be_read_is_never_taken_for_an_empty_one(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(TillkeeperError, match=place):
        look(tmp_path / place)


@pytest.mark.parametrize("pattern", ["sub/*.pending", "..\\*", ""])
def test_a_pattern_that_looks_elsewhere_is_refused(pattern: str) -> None:
    with pytest.raises(BadInput):
        SyncPending("/var/lib/pos", pattern)
