"""What goes along to support, and what must not."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from console.domain.errors import BadInput, TillkeeperError
from console.domain.words import say
from console.services.language import Language
from console.services.support_bundle import Part, SupportBundle, sizes
from console.storage.bundle import BundleFiles
from console.storage.recording_lines import recording_text
from console.storage.secrets import secret

BUNDLE = SupportBundle(BundleFiles(), recording_text)
CARD = "4111 1111 1111 1111"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TILLKEEPER_HOME", str(tmp_path))
    monkeypatch.setenv("SHOP_TOKEN", "s3cr3t-token")
    for folder in ("logs", "reports"):
        (tmp_path / folder).mkdir()
    return tmp_path


def test_set_up_logs_and_reports_go_along_without_secrets(place: Path) -> None:
    token = secret("env:SHOP_TOKEN")
    profile = place / "store.toml"
    profile.write_text(f'url = "https://me:pass@host/"  # {token}\n', encoding="utf-8")
    (place / "logs" / "tillkeeper.log").write_text(f"paid with {CARD}\n", encoding="utf-8")
    (place / "logs" / "tillkeeper.log.1").write_bytes(b"\xff older\n")
    (place / "reports" / "crash-1.txt").write_text("Traceback\n", encoding="utf-8")
    found = dict(BundleFiles().found(profile))
    assert list(found) == [
        "store.toml",
        "logs/tillkeeper.log",
        "logs/tillkeeper.log.1",
        "reports/crash-1.txt",
    ]
    assert "older" in found["logs/tillkeeper.log.1"]
    whole = "".join(found.values())
    assert "host" in whole
    assert not any(each in whole for each in (token, "me:pass", CARD))


def test_of_a_huge_file_the_end_goes_along(place: Path) -> None:
    (place / "logs" / "tillkeeper.log").write_bytes(b"a" * (3 << 20) + b"the end")
    ((_, text),) = BundleFiles().found(None)
    assert text.endswith("the end")
    assert len(text) == 2 << 20


def test_what_cannot_be_read_is_told_in_its_place(place: Path) -> None:
    assert dict(BundleFiles().found(place / "logs")) == {"store.toml": "logs: Is a directory\n"}


def test_a_bundle_is_new_whole_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "给客服.zip"
    parts = [Part("readme.txt", say("What is in it"), "门店\udc80\n")]
    size = BUNDLE.pack(path, parts)
    assert path.stat().st_size == size
    assert path.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(path) as archive:
        assert archive.read("readme.txt").decode() == "门店\\udc80\n"
    with pytest.raises(BadInput, match="exists already"):
        BUNDLE.pack(path, parts)
    with pytest.raises(TillkeeperError, match="cannot be written"):
        BUNDLE.pack(tmp_path / "no" / "such" / "folder.zip", parts)


def test_sizes_are_told_by_kind() -> None:
    log = say("The program's log")
    parts = [Part("logs/1", log, "a" * 1024), Part("logs/2", log, "b" * 1024), Part("x", say("Copy"), "")]
    assert sizes(parts, Language("en")) == [("The program's log", "2.0 KB"), ("Copy", "0.0 KB")]
