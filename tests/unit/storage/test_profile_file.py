"""Editing the profile keeps what a person wrote, and never writes a wrong one."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from console.domain.errors import BadInput, Busy, Unsupported
from console.domain.subjects import Subject
from console.services.language import Language
from console.storage.files import last_good
from console.storage.profile import read_profile
from console.storage.profile_file import ProfileFile


@pytest.fixture
def path(tmp_path: Path, good: str) -> Path:
    path = tmp_path / "store.toml"
    path.write_text(good, encoding="utf-8")
    return path


def changed(before: str, path: Path) -> list[str]:
    """The lines that differ, as `+new` and `-old`."""
    after = path.read_text(encoding="utf-8")
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line[0] + line[2:] for line in lines if line[0] in "+-"]


def test_a_first_profile(tmp_path: Path) -> None:
    path = tmp_path / "store.toml"
    file = ProfileFile.create(path, '人民路店 "1"', "en")
    assert read_profile(path).store.name == '人民路店 "1"'
    profile = file.add("printer", {"name": "front", "address": "tcp://192.168.1.50"})
    assert read_profile(path) == profile
    with pytest.raises(BadInput, match="already there"):
        ProfileFile.create(path, "x", "en")
    with pytest.raises(BadInput, match="language"):
        ProfileFile.create(tmp_path / "other.toml", "x", "fr")
    assert not (tmp_path / "other.toml").exists()


def test_an_entry_is_added_behind_its_kind(path: Path, good: str) -> None:
    profile = ProfileFile(path).add("printer", {"name": "bar", "address": "cups://bar", "model": None})
    assert [each.name for each in profile.printer] == ["front", "kitchen", "bar"]
    assert changed(good, path) == ["+", "+[[printer]]", '+name = "bar"', '+address = "cups://bar"']
    text = path.read_text(encoding="utf-8")
    assert text.index("bar") < text.index("# the scanner at the counter")


def test_the_first_of_a_kind_is_added_at_the_end(path: Path, good: str) -> None:
    path.write_text(good.rstrip(), encoding="utf-8")
    profile = ProfileFile(path).add("scale", {"name": "deli", "address": "serial:///dev/ttyS0"})
    assert profile.scale[0].name == "deli"
    assert changed(good, path) == ["+", "+[[scale]]", '+name = "deli"', '+address = "serial:///dev/ttyS0"']


def test_only_what_differs_is_replaced(path: Path, good: str) -> None:
    entry = {"name": "front", "address": "tcp://192.168.1.50:9100", "paper": 58, "label": "前台"}
    ProfileFile(path).replace(Subject("printer", "front"), entry)
    assert changed(good, path) == [
        '-protocol = "escpos"',
        "-paper = 80  # mm",
        "+paper = 58  # mm",
        '+label = "前台"',
    ]


def test_lists_are_replaced(path: Path, good: str) -> None:
    entry = {
        "name": "orders", "url": "https://pos.example.com:8443/health", "expect_status": 200,
        "known_addresses": ("203.0.113.7", "203.0.113.8"), "credential": "keyring:orders",
        "sibling_ports": (443,),
    }  # fmt: skip
    ProfileFile(path).replace(Subject("backend", "orders"), entry)
    assert changed(good, path) == [
        '-known_addresses = ["203.0.113.7"]', '+known_addresses = ["203.0.113.7", "203.0.113.8"]',
    ]  # fmt: skip


def test_removing_leaves_the_neighbours_comments(path: Path, good: str) -> None:
    ProfileFile(path).remove(Subject("printer", "kitchen"))
    removed = ["-[[printer]]", '-name = "kitchen"', '-address = "serial:///dev/ttyUSB0?baud=19200"', "-"]
    assert sorted(changed(good, path)) == sorted(removed)


def test_the_last_entry_of_all_can_be_removed(path: Path) -> None:
    assert ProfileFile(path).remove(Subject("backend", "orders")).backend == ()


def test_the_store_is_renamed(path: Path, good: str) -> None:
    profile = ProfileFile(path).set_store(name="南京路店", language="en")
    assert (profile.store.name, profile.store.language) == ("南京路店", "en")
    assert sorted(changed(good, path), reverse=True) == [
        '-name = "人民路店"  # over the door', '-language = "zh_CN"',
        '+name = "南京路店"  # over the door', '+language = "en"',
    ]  # fmt: skip


@pytest.mark.parametrize("entry", [{"name": "front", "address": "cups://x"}, {"name": "bar"}, {"nam": "bar"}])
def test_a_wrong_entry_is_never_written(path: Path, good: str, entry: dict[str, str]) -> None:
    with pytest.raises(BadInput, match=r"^printer"):
        ProfileFile(path).add("printer", entry)
    assert path.read_text(encoding="utf-8") == good


def test_a_printer_that_a_drawer_hangs_on_stays(path: Path, good: str) -> None:
    with pytest.raises(BadInput, match=r'drawer "till"\.printer: there is no printer named "front"'):
        ProfileFile(path).remove(Subject("printer", "front"))
    assert path.read_text(encoding="utf-8") == good


def test_what_is_not_there_cannot_be_changed(path: Path) -> None:
    with pytest.raises(BadInput, match=r"there is no printer named \"bar\""):
        ProfileFile(path).replace(Subject("printer", "bar"), {"name": "bar", "address": "cups://x"})
    with pytest.raises(BadInput, match='there is no RFID reader named "tags"') as caught:
        ProfileFile(path).remove(Subject("rfid", "tags"))
    assert "rfid" not in Language("zh_CN").text(caught.value.words)


def test_another_programs_change_is_not_overwritten(path: Path, good: str) -> None:
    file = ProfileFile(path)
    path.write_text(good.replace("kitchen", "bar"), encoding="utf-8")
    with pytest.raises(Busy, match="was changed meanwhile"):
        file.set_store(language="en")
    assert "kitchen" not in path.read_text(encoding="utf-8")
    file.read()
    assert file.set_store(language="en").printer[1].name == "bar"


def test_undo_changes_places_with_the_last_good_copy(path: Path, good: str) -> None:
    file = ProfileFile(path)
    file.remove(Subject("scanner", "counter"))
    assert file.undo().scanner[0].name == "counter"
    assert path.read_text(encoding="utf-8") == good
    assert file.undo().scanner == ()


def test_undo_keeps_a_damaged_file_aside(path: Path, good: str) -> None:
    ProfileFile(path).set_store(language="en")
    path.write_bytes(b"\xff broken")
    assert ProfileFile(path).undo().store.language == "zh_CN"
    (aside,) = path.parent.glob("store.toml.damaged-*")
    assert aside.read_bytes() == b"\xff broken"
    assert last_good(path).read_text(encoding="utf-8") == good


def test_undo_without_a_copy_is_told(path: Path) -> None:
    with pytest.raises(BadInput, match=r"there is no file .*store\.toml\.bak"):
        ProfileFile(path).undo()


def test_another_way_of_writing_is_edited_right_or_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "store.toml"
    text = 'store = { name = "x" }\n'
    text += 'scanner = [ { name = "a", address = "keyboard:" }, { name = "c", address = "keyboard:" } ]\n'
    path.write_text(text, encoding="utf-8")
    entry = {"name": "b", "address": "keyboard:"}
    with pytest.raises(Unsupported, match="edit it by hand"):
        ProfileFile(path).add("scanner", entry)
    with pytest.raises(Unsupported, match="edit it by hand"):
        ProfileFile(path).remove(Subject("scanner", "a"))
    assert path.read_text(encoding="utf-8") == text
    assert ProfileFile(path).set_store(language="en").store.language == "en"
    assert ProfileFile(path).replace(Subject("scanner", "a"), entry).scanner[0].name == "b"


def test_windows_line_ends_stay(path: Path, good: str) -> None:
    path.write_bytes(good.replace("\n", "\r\n").encode())
    ProfileFile(path).set_store(language="en")
    assert path.read_bytes() == good.replace('"zh_CN"', '"en"').replace("\n", "\r\n").encode()
