"""The form of one profile entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields as fields_of
from dataclasses import replace
from pathlib import Path

import pytest

from console.domain.discovery import Found
from console.domain.profile import Backend, Drawer, Entry, Printer, Scanner, Store, StoreProfile, Terminal
from console.domain.subjects import Subject
from console.services import entry_form
from console.services.entry_form import EXAMPLES, behind, blank, completed, fields, keys, read, texts
from console.storage.profile_file import ProfileFile

PROFILE = StoreProfile(
    Store("人民路店"),
    printer=(Printer("front", "tcp://192.0.2.50:9100", label="前台"), Printer("kitchen", "tcp://192.0.2.51")),
    drawer=(Drawer("till", "front"),),
)


@pytest.mark.parametrize("kind", EXAMPLES)
def test_the_form_shows_every_field_of_its_entry_once(kind: str) -> None:
    shown = [each.name for each in fields(kind, PROFILE)]
    assert sorted(shown) == sorted(each.name for each in fields_of(EXAMPLES[kind]))


@pytest.mark.parametrize("kind", EXAMPLES)
def test_what_an_entry_shows_reads_back_as_the_same_entry(kind: str) -> None:
    entry = replace(EXAMPLES[kind], name="new")
    assert read(kind, texts(entry), PROFILE) == (entry, {})


@pytest.mark.parametrize(
    ("kind", "entry"),
    [
        ("printer", Printer("bar", "tcp://192.0.2.9:9100", protocol="star", paper=58, label="吧台")),
        ("scanner", Scanner("hand", "serial:///dev/ttyACM0", suffix="tab", enabled=False)),
        ("drawer", Drawer("second", "kitchen", pin=5)),
        ("terminal", Terminal("card")),
        ("terminal", Terminal("card", "192.0.2.60", "N910", "0012")),
        (
            "backend",
            Backend("orders", "https://a.example/h", known_addresses=("192.0.2.7",), sibling_ports=(443, 80)),
        ),
    ],
)
def test_the_file_gives_back_the_entry_that_was_filled_in(tmp_path: Path, kind: str, entry: Entry) -> None:
    file = ProfileFile.create(tmp_path / "store.toml", "人民路店", "zh_CN")
    for printer in PROFILE.printer:
        file.add("printer", keys(printer))
    written = file.add(kind, keys(entry))
    assert dict(written.entries())[Subject(kind, entry.name)] == entry


def test_a_new_entry_gets_a_free_name_and_what_is_usual() -> None:
    given = blank("printer", PROFILE)
    assert (given["name"], given["paper"], given["enabled"]) == ("front-2", "80", "True")


def test_a_found_device_fills_the_form() -> None:
    found = Found(
        "printer", "tcp://192.0.2.9:9100", "TM-T88V", "probed", '[[printer]]\nname = "front"\npaper = 58\n'
    )
    given = entry_form.found_texts(found, PROFILE)
    assert (given["name"], given["paper"], given["protocol"]) == ("front-2", "58", "escpos")


def broken(**changes: str) -> Mapping[str, str]:
    entry, errors = read(
        "printer", texts(PROFILE.printer[1]) | changes, PROFILE, Subject("printer", "kitchen")
    )
    assert (entry is None) == bool(errors)
    return {name: str(words) for name, words in errors.items()}


def test_an_entry_keeps_its_own_name() -> None:
    assert broken() == {}


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"name": ""}, "name", "fill this in"),
        ({"name": "front"}, "name", '"front" is taken'),
        ({"address": ""}, "address", "fill this in"),
        ({"address": "http://192.0.2.50"}, "address", "http://192.0.2.50"),
        ({"address": "tcp://192.0.2.50:99999"}, "address", "99999"),
        ({"address": "tcp://"}, "address", "tcp://"),
    ],
)
def test_each_error_stands_at_its_field_and_names_the_value(
    changes: dict[str, str], field: str, said: str
) -> None:
    errors = broken(**changes)
    assert list(errors) == [field]
    assert said in errors[field]


def test_several_errors_are_told_together() -> None:
    assert set(broken(name="front", address="nowhere://x")) == {"name", "address"}


def test_a_secret_may_not_be_typed_in() -> None:
    given = texts(EXAMPLES["backend"]) | {
        "credential": "hunter2",
        "expect_status": "two",
        "sibling_ports": "443,x",
    }
    entry, errors = read("backend", given, PROFILE)
    assert entry is None
    assert set(errors) == {"credential", "expect_status", "sibling_ports"}


def test_lists_are_read_with_any_comma() -> None:
    given = texts(EXAMPLES["backend"]) | {"known_addresses": "192.0.2.1，192.0.2.2、192.0.2.3 , "}
    entry, _ = read("backend", given, PROFILE)
    assert isinstance(entry, Backend)
    assert entry.known_addresses == ("192.0.2.1", "192.0.2.2", "192.0.2.3")


@pytest.mark.parametrize(
    ("kind", "typed", "address"),
    [
        ("printer", " 192.168.1.50 ", "tcp://192.168.1.50:9100"),
        ("printer", "192.168.1.50:9101", "tcp://192.168.1.50:9101"),
        ("printer", "localhost:9100", "tcp://localhost:9100"),
        ("printer", "com3", "serial://com3"),
        ("printer", "tcp://192.168.1.50", "tcp://192.168.1.50"),
        ("scanner", "/dev/ttyUSB0", "serial:///dev/ttyUSB0"),
        ("scanner", "keyboard:", "keyboard:"),
        ("backend", "pos.example.com:8443/health", "https://pos.example.com:8443/health"),
        ("terminal", "192.168.1.60", "192.168.1.60"),
        ("printer", "", ""),
    ],
)
def test_an_address_gets_the_beginning_that_people_leave_out(kind: str, typed: str, address: str) -> None:
    assert completed(kind, typed) == address


def test_a_drawer_hangs_on_its_printer() -> None:
    assert behind(Subject("printer", "front"), PROFILE) == (Subject("drawer", "till"),)
    assert behind(Subject("printer", "kitchen"), PROFILE) == ()


@pytest.mark.parametrize("field", ["label", "model"])
def test_spaces_around_a_text_are_no_part_of_it(field: str) -> None:
    entry, _ = read("printer", blank("printer", PROFILE) | {"address": "192.0.2.1", field: "  x "}, PROFILE)
    assert getattr(entry, field) == "x"
