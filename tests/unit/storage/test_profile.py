"""Every mistake in `store.toml` is told in one line: where, what stands there, what is expected."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from console.domain.errors import BadInput
from console.domain.subjects import NETWORK, Subject
from console.storage.profile import LARGEST, parse_profile, profile_path, read_profile


def test_a_good_profile(tmp_path: Path, good: str) -> None:
    path = tmp_path / "store.toml"
    path.write_bytes(b"\xef\xbb\xbf" + good.encode())
    profile = read_profile(path)
    assert profile.store.name == "人民路店"
    assert profile.network.sync_pending is not None
    assert profile.network.sync_pending.pattern == "*.pending"
    assert [printer.name for printer in profile.printer] == ["front", "kitchen"]
    assert profile.backend[0].sibling_ports == (443,)
    assert profile.subjects()[-1] == NETWORK
    assert Subject("drawer", "till") in profile.subjects()


MISTAKES = [
    ('"keyring:orders"', "8675309", "credential: something else stands here; text in quotes is expected"),
    # what is written, in its place, what is told
    (
        'address = "tcp://',
        'adress = "tcp://',
        'line 16: printer "front".adress: there is no such key; is "address" meant?',
    ),
    ("paper = 80", "zzz = 80", "known are name, address, protocol, model, paper"),
    ("[[drawer]]", "[[drawr]]", 'line 30: drawr: there is no such key; is "drawer" meant?'),
    (
        '{ path = "/var/lib/pos"',
        '{ pth = "/var/lib/pos"',
        'line 11: network.sync_pending.pth: there is no such key; is "path"',
    ),
    ('pattern = "*.pending"', 'pattern = ""', 'line 11: network.sync_pending.pattern: "" must be some text'),
    ("paper = 80", "paper = 81", 'line 18: printer "front".paper: 81 stands here; one of 58, 80 is expected'),
    ("paper = 80", "paper = 80.0", "paper: 80.0 stands here; one of 58, 80"),
    ("pin = 2", "pin = true", 'drawer "till".pin: true stands here; one of 2, 5'),
    (
        '"escpos"',
        '"ESCPOS"',
        '"ESCPOS" stands here; one of "escpos", "star", "tspl", "zpl", "auto" is expected',
    ),
    (
        "expect_status = 200",
        'expect_status = "200"',
        '"200" stands here; a whole number without quotes is expected',
    ),
    ("expect_status = 200", "expect_status = 2000", "expect_status: 2000 must be a number from 100 to 599"),
    ("[443]", "443", "sibling_ports: 443 stands here; a list in [ ] is expected"),
    ("[443]", '[443,\n "x"]', 'line 50: backend "orders".sibling_ports[2]: "x" stands here; a whole number'),
    ("[443]", "[0]", "sibling_ports: 0 must be a number from 1 to 65535"),
    ('["203.0.113.7"]', '["203.0.113"]', 'known_addresses: "203.0.113" is no address'),
    (
        'name = "kitchen"',
        "name = 2024-01-01",
        "line 21: printer[2].name: 2024-01-01 stands here; text in quotes",
    ),
    ('name = "kitchen"', 'name = "front"', 'line 21: printer "front".name: "front" is used twice'),
    ('name = "kitchen"', 'name = " "', "printer"),
    ('name = "kitchen"\n', "", 'line 20: printer[2].name: this key is missing; for example: name = "front"'),
    (
        'printer = "front"',
        'printer = "back"',
        'line 32: drawer "till".printer: there is no printer named "back"',
    ),
    (
        "[[scanner]]",
        "[scanner]",
        "line 25: scanner: a table stands here; a list under [[scanner]], with two brackets,",
    ),
    ("[store]", "[[store]]", "line 2: store: a list stands here; a table [store] is expected"),
    ('name = "人民路店"', 'name = ""', 'line 3: store.name: "" must be some text on one line'),
    (
        "Asia/Shanghai",
        "Asia/Shangai",
        'line 5: store.timezone: there is no time zone "Asia/Shangai"; is "Asia/Shanghai"',
    ),
    ("Asia/Shanghai", "../../etc/passwd", "store.timezone: there is no time zone"),
    ('"zh_CN"', '"zh"', 'store.language: "zh" stands here; one of "zh_CN", "en" is expected'),
    ('192.168.1.1"', '192.168.1"', 'line 9: network.gateway: "192.168.1" must be "auto" or an address'),
    (":5353", ":99999", "network.dns: the port in"),
    (
        "http://connect",
        "https://connect",
        'network.internet_check: "https://connect.example.com/generate_204" is no web',
    ),
    (
        "tcp://192.168.1.50",
        "tpc://192.168.1.50",
        'line 16: printer "front".address: "tpc://192.168.1.50:9100" is no address',
    ),
    ("50:9100", "50:99999", "must be a number from 1 to 65535"),
    ("tcp://192", "tcp://[192", "is no valid address"),
    (
        "tcp://192.168.1.50:9100",
        "tcp://192.168.1.50\\n:9100",
        '"tcp://192.168.1.50\\u000a:9100" is no valid address',
    ),
    (
        "baud=19200",
        "baud=fast",
        'line 22: printer "kitchen".address: baud=fast in the address must be a whole number',
    ),
    ("baud=19200", "baud=0", "the speed in"),
    ("baud=19200", "baud=²", "must be a whole number"),
    ("hid://05e0:1200", "hid://scanner", "must look like hid://04b8:0202"),
    (
        "https://pos",
        "ftp://pos",
        'backend "orders".url: "ftp://pos.example.com:8443/health" is no web address',
    ),
    ("/health", "/he alth", "is no web address"),
    ("paper = 80", "paper = 080", "line 18, column 10: a new line is expected here"),
    (
        '"zh_CN"',
        '"zh_CN',
        "line 4, column 18: this character is not allowed here; is the closing quote missing?",
    ),
    ('= "zh_CN"', '"zh_CN"', 'line 4, column 10: "=" is expected after the key'),
    ('suffix = "enter"', "suffix = enter", "line 28, column 10: a value is expected here: text in quotes"),
    ("[443]", "[443", 'the closing "]" is missing'),
    ("pin = 2", "pin = 2\npin = 2", "this key stands here twice"),
    ("pin = 2", f"pin = 2{' ' * 3000}", "line 33: the line is longer than 2048 characters"),
    ("paper = 80", f"paper = {'[' * 2000}", "too deeply"),
    ("paper = 80", f"paper = 0x{'f' * 2000}", "paper: 1737"),
]


@pytest.mark.parametrize(("written", "instead", "told"), MISTAKES)
def test_a_mistake(good: str, written: str, instead: str, told: str) -> None:
    assert written in good
    with pytest.raises(BadInput) as error:
        parse_profile(good.replace(written, instead, 1), "store.toml")
    line = str(error.value)
    assert line.startswith("store.toml")
    assert told in line
    assert len(line.splitlines()) == 1


def test_the_first_of_several_mistakes_is_told_and_the_others_are_counted(good: str) -> None:
    bad = good.replace("pin = 2", "pin = 3").replace("paper = 80", "paper = 81").replace("[443]", "443")
    with pytest.raises(BadInput, match=r"^store\.toml, line 18: .*paper.* \(and 2 more errors\)$"):
        parse_profile(bad, "store.toml")


def test_an_edited_profile_is_told_by_its_key_alone(good: str) -> None:
    with pytest.raises(BadInput, match=r'^printer "front"\.paper: 81'):
        parse_profile(good.replace("paper = 80", "paper = 81"))


@pytest.mark.parametrize(
    "key", ['credential = "hunter2"', 'credential = "keyring:"', 'url = "https://me:hunter2@h/"']
)
def test_a_secret_in_the_file_is_refused_and_not_repeated(good: str, key: str) -> None:
    name = key.split()[0]
    lines = [key if line.startswith(f"{name} =") else line for line in good.splitlines()]
    with pytest.raises(BadInput, match=f'backend "orders".{name}: .*never write a secret') as error:
        parse_profile("\n".join(lines), "store.toml")
    assert "hunter2" not in str(error.value)


def test_an_empty_file_is_told_what_to_begin_with() -> None:
    with pytest.raises(
        BadInput, match=r"^store\.toml: store: this key is missing; for example: \[store\] name = "
    ):
        parse_profile("", "store.toml")


def test_files_that_are_no_profile(tmp_path: Path) -> None:
    path = tmp_path / "store.toml"
    with pytest.raises(BadInput, match=r"there is no file .*store\.toml; check the name"):
        read_profile(path)
    with pytest.raises(BadInput, match="is a folder or a device"):
        read_profile(tmp_path)
    with pytest.raises(BadInput, match="cannot be read"):
        read_profile(Path("a\0b"))
    path.write_bytes('[store]\nname = "人民路店"'.encode("gbk"))
    with pytest.raises(BadInput, match="line 2: the text is not UTF-8"):
        read_profile(path)
    path.write_bytes(b"#" * (LARGEST + 1))
    with pytest.raises(BadInput, match="larger than 1 MiB"):
        read_profile(path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "store.toml")
    with pytest.raises(BadInput, match="is a folder or a device"):
        read_profile(tmp_path / "store.toml")


def test_the_profile_lies_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TILLKEEPER_HOME", str(tmp_path))
    assert profile_path() == tmp_path / "store.toml"
