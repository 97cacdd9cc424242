"""The form of one profile entry, made from the fields of its dataclass: texts in, an entry or errors out."""

from __future__ import annotations

import dataclasses
import re
import tomllib
import types
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin, get_type_hints

from console.domain.discovery import Found
from console.domain.errors import BadInput
from console.domain.models import AUTO
from console.domain.profile import (
    Backend,
    Display,
    Drawer,
    Entry,
    Printer,
    Rfid,
    Scale,
    Scanner,
    StoreProfile,
    Terminal,
)
from console.domain.subjects import Subject
from console.domain.words import Words, say

# A valid entry of every kind: its values are the examples that the form shows.
EXAMPLES: Mapping[str, Entry] = {
    "printer": Printer("front", "tcp://192.168.1.50:9100"),
    "scanner": Scanner("counter", "keyboard:"),
    "drawer": Drawer("till", "front"),
    "display": Display("pole", "serial:///dev/ttyS1?baud=9600"),
    "scale": Scale("deli", "serial:///dev/ttyUSB1?baud=9600"),
    "rfid": Rfid("tags", "serial:///dev/ttyUSB2?baud=9600"),
    "terminal": Terminal("card", "192.168.1.60"),
    "backend": Backend("orders", "https://pos.example.com/health"),
}

_LABELS = {
    "label": say("What people call it"),
    "name": say("Short name"),
    "address": say("Address"),
    "url": say("Web address"),
    "printer": say("Connected to printer"),
    "protocol": say("Language it speaks"),
    "model": say("Model"),
    "paper": say("Paper width"),
    "drawer_sense": say("Drawer contact"),
    "hold": say("Keep its line open"),
    "chinese": say("Shows Chinese"),
    "label_size": say("Label size"),
    "roll": say("Metres of paper on a new roll"),
    "suffix": say("Key after each code"),
    "pin": say("Drawer pin"),
    "serial_number": say("Serial number"),
    "expect_status": say("Expected answer (HTTP status)"),
    "known_addresses": say("Known addresses"),
    "ca_file": say("Certificate file"),
    "credential": say("Where its password is kept"),
    "sibling_ports": say("Other ports of this server"),
    "enabled": say("Switched on"),
}
_HINTS = {
    "name": say("Used in files and commands; each needs its own"),
    "known_addresses": say("Separate several with commas; may stay empty"),
    "sibling_ports": say("Separate several with commas; may stay empty"),
    "ca_file": say("Only for a server with its own certificate; may stay empty"),
    "credential": say("keyring:NAME or env:NAME, never the password itself; may stay empty"),
    "hold": say("It then tells every change at once, but no other program can print on it"),
    "chinese": say("Only where the display has Chinese characters (GBK)"),
    "label_size": say("Label printers only, width and height in mm such as 40x30; may stay empty"),
    "model": say('"auto" unless you know better'),
    "roll": say("0: learnt from the rolls that you change"),
}
_ADDRESS_HINTS = {
    "printer": say(
        "Network: tcp://192.168.1.50:9100 or ipp://192.168.1.50/ipp/print · Serial: "
        "serial:///dev/ttyUSB0?baud=auto or serial://COM3 · USB: usb://04b8:0202 · "
        "Queue: cups://NAME or windows://NAME"
    ),
    "scanner": say(
        "Types like a keyboard: keyboard: (this one alone: keyboard://05e0:1200) ·"
        " Serial: serial:///dev/ttyUSB0?baud=9600 or serial://COM3 · USB in HID POS mode: hid://0c2e:0b8f"
    ),
    "display": say("serial:///dev/ttyS1?baud=9600 or serial://COM3"),
    "scale": say(
        "serial:///dev/ttyUSB1?baud=9600 or serial://COM3; "
        "a Toledo mostly wants ?baud=9600&bits=7&parity=even"
    ),
    "terminal": say("Its address in the store's network; may stay empty"),
}
_CHOICES = {
    ("protocol", "escpos"): say("ESC/POS (most receipt printers)"),
    ("protocol", "star"): say("Star"),
    ("protocol", "tspl"): say("TSPL (labels)"),
    ("protocol", "zpl"): say("ZPL (labels)"),
    ("protocol", "cd5220"): say("CD5220"),
    ("protocol", "auto"): say("Find out by itself"),
    ("protocol", "toledo"): say("Asked with W (Toledo 8217 and the like)"),
    ("protocol", "cas"): say("Asked with ENQ (CAS, Aclas)"),
    ("protocol", "stream"): say("Sends the weight by itself"),
    ("suffix", "enter"): say("Enter"),
    ("suffix", "lf"): say("Line feed (LF)"),
    ("suffix", "crlf"): say("Enter and line feed (CR LF)"),
    ("suffix", "tab"): say("Tab"),
    ("suffix", "none"): say("Nothing"),
    ("drawer_sense", "high"): say("High while the drawer is open"),
    ("drawer_sense", "low"): say("Low while the drawer is open"),
    ("drawer_sense", "none"): say("No drawer at this printer"),
    ("paper", "58"): say("58 mm"),
    ("paper", "80"): say("80 mm"),
    ("pin", "2"): say("Pin 2"),
    ("pin", "5"): say("Pin 5"),
}
_FIRST = ("label", "name", "address", "url", "printer")  # what a person knows; the rest may stay as it is


@dataclass(frozen=True, slots=True)
class FormField:
    """One line of the form. `choices` pairs each allowed text with its words, and is empty for free text."""

    name: str
    label: Words
    hint: Words | None
    example: str
    choices: tuple[tuple[str, Words | str], ...]
    required: bool
    switch: bool  # a yes or no


def fields(kind: str, profile: StoreProfile, models: Sequence[str] = ()) -> tuple[FormField, ...]:
    """The form's lines for an entry of `kind`, what a person knows first; printers choose among `models`."""
    every = {each.name: each for each in dataclasses.fields(EXAMPLES[kind])}
    order = [name for name in _FIRST if name in every]
    order += [name for name in every if name not in order and name != "enabled"]
    return tuple(_field(kind, every[name], profile, models) for name in (*order, "enabled"))


def _field(
    kind: str, field: dataclasses.Field[Any], profile: StoreProfile, models: Sequence[str]
) -> FormField:
    name, hint = field.name, _type(kind, field.name)
    choices: tuple[tuple[str, Words | str], ...] = ()
    if get_origin(hint) is Literal:
        choices = tuple((str(value), _CHOICES[name, str(value)]) for value in get_args(hint))
    elif (kind, name) == ("printer", "model") and models:
        choices = ((AUTO, say("Find out by itself")), *((each, each) for each in models))
    elif name == "printer":
        choices = tuple((each.name, each.label or each.name) for each in profile.printer)
    return FormField(
        name=name,
        label=_LABELS[name],
        hint=_ADDRESS_HINTS.get(kind) if name == "address" else _HINTS.get(name),
        example="" if name == "label" else _text(getattr(EXAMPLES[kind], name)),
        choices=choices,
        required=field.default is dataclasses.MISSING,
        switch=hint is bool,
    )


def _type(kind: str, name: str) -> Any:
    """The annotation of a field, without its None."""
    hint = get_type_hints(type(EXAMPLES[kind]))[name]
    if isinstance(hint, types.UnionType):
        return next(each for each in get_args(hint) if each is not types.NoneType)
    return hint


def blank(kind: str, profile: StoreProfile) -> dict[str, str]:
    """The texts of a new entry of `kind`: a free name, and what is usual."""
    every = dataclasses.fields(EXAMPLES[kind])
    usual = {each.name: _text(each.default) for each in every if each.default is not dataclasses.MISSING}
    return usual | {"name": free_name(kind, EXAMPLES[kind].name, profile)}


def texts(entry: Entry) -> dict[str, str]:
    """What the form shows for `entry`."""
    return {each.name: _text(getattr(entry, each.name)) for each in dataclasses.fields(entry)}


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def found_texts(found: Found, profile: StoreProfile) -> dict[str, str]:
    """What the form shows for a device that a search found; its name is made free."""
    entries: list[dict[str, object]] = tomllib.loads(found.entry)[found.kind]
    given = {name: _text(value) for name, value in entries[0].items()}
    name = free_name(found.kind, given.get("name", found.kind), profile)
    return blank(found.kind, profile) | given | {"name": name}


def free_name(kind: str, wish: str, profile: StoreProfile) -> str:
    """`wish`, or `wish-2` and so on where another entry of the kind has it."""
    taken = _names(kind, profile)
    numbered = (f"{wish}-{number}" for number in range(2, len(taken) + 3))
    return next(name for name in (wish, *numbered) if name not in taken)


def _names(kind: str, profile: StoreProfile) -> frozenset[str]:
    return frozenset(subject.name for subject, _ in profile.entries() if subject.kind == kind)


def completed(kind: str, address: str) -> str:
    """`address` with the beginning that people leave out: 192.168.1.50, COM3, /dev/ttyUSB0, example.com."""
    address = address.strip()
    if kind == "terminal" or not address or re.match(r"[A-Za-z]+:(?!\d)", address):
        return address
    if kind == "backend":
        return f"https://{address}"
    if address.startswith("/dev/") or re.fullmatch(r"(?i)com\d+", address):
        return f"serial://{address}"
    if kind == "printer" and re.fullmatch(r"[\w.-]+(:\d+)?", address):
        return f"tcp://{address}" if ":" in address else f"tcp://{address}:9100"
    return address


def read(
    kind: str, given: Mapping[str, str], profile: StoreProfile, present: Subject | None = None
) -> tuple[Entry | None, Mapping[str, Words]]:
    """The entry that the texts describe, or None and what is wrong with each field.

    `present` is the subject that is being changed: its own name is free.
    """
    values: dict[str, Any] = {}
    errors: dict[str, Words] = {}
    for field in fields(kind, profile):
        try:
            values[field.name] = _value(kind, field, given.get(field.name, ""))
            # With an example around it, the entry's own rules speak about this field alone.
            dataclasses.replace(EXAMPLES[kind], **{field.name: values[field.name]})
        except BadInput as error:
            errors[field.name] = error.words
    name = values.get("name")
    if name in _names(kind, profile) and (present is None or name != present.name):
        errors["name"] = say('"{value}" is taken; choose another short name', value=str(name))
    return (None, errors) if errors else (type(EXAMPLES[kind])(**values), {})


def _value(kind: str, field: FormField, text: str) -> object:
    text = completed(kind, text) if field.name in ("address", "url") else text.strip()
    if field.required and not text:
        raise BadInput(say("Please fill this in"))
    hint = _type(kind, field.name)
    if field.switch:
        return text == "True"
    if get_origin(hint) is Literal:
        return next(value for value in get_args(hint) if str(value) == text)
    if get_origin(hint) is tuple:
        pieces = [piece for piece in re.split(r"[,，、;；\s]+", text) if piece]
        return tuple(pieces if get_args(hint)[0] is str else map(_number, pieces))
    if hint is int:
        return _number(text)
    default = next(each.default for each in dataclasses.fields(EXAMPLES[kind]) if each.name == field.name)
    return text or (None if default is dataclasses.MISSING else default)


def _number(text: str) -> int:
    if not text.isdecimal():
        raise BadInput(say('"{value}" must be a whole number', value=text))
    return int(text)


def keys(entry: Entry) -> dict[str, object]:
    """What `store.toml` holds for `entry`: everything that is not as usual."""
    written = {each.name: getattr(entry, each.name) for each in dataclasses.fields(entry)
               if getattr(entry, each.name) != each.default}  # fmt: skip
    return {name: list(value) if isinstance(value, tuple) else value for name, value in written.items()}


def behind(subject: Subject, profile: StoreProfile) -> tuple[Subject, ...]:
    """The entries that need `subject` and would be left hanging without it."""
    drawers: Iterable[Drawer] = profile.drawer if subject.kind == "printer" else ()
    return tuple(Subject("drawer", each.name) for each in drawers if each.printer == subject.name)
