"""Where devices are, as the profile writes it: `tcp://host:port`, `serial:///dev/ttyUSB0?baud=9600`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, urlsplit

from console.domain.errors import BadInput
from console.domain.keyboard_layouts import LAYOUTS
from console.domain.subjects import KIND_WORDS
from console.domain.words import say


@dataclass(frozen=True, slots=True)
class Address:
    """Where a device is: `tcp://host:port`, `serial:///dev/ttyUSB0?baud=9600`, `keyboard:` and so on."""

    scheme: str
    place: str  # host, device path, queue or id; empty for any keyboard, told from typing by its rhythm
    port: int | None = None
    options: tuple[tuple[str, str], ...] = ()

    def option(self, name: str, otherwise: str) -> str:
        """The value of `?name=` in the address."""
        return dict(self.options).get(name, otherwise)

    def number(self, name: str, otherwise: int) -> int:
        """The whole number in `?name=`; BadInput when it is none."""
        value = self.option(name, str(otherwise))
        if re.fullmatch("[0-9]{1,9}", value) is None:
            raise BadInput(
                say(
                    "{name}={value} in the address must be a whole number",
                    name=name,
                    value=value,
                    key="address",
                )
            )
        return int(value)


SCHEMES: dict[str, frozenset[str]] = {
    "printer": frozenset({"tcp", "serial", "usb", "cups", "ipp", "windows"}),
    "scanner": frozenset({"keyboard", "serial", "hid", "usb"}),
    "display": frozenset({"serial"}),
    "scale": frozenset({"serial"}),
    "rfid": frozenset({"serial", "keyboard", "pcsc"}),
}


def parse_address(text: str, kind: str) -> Address:
    """The address in `text` for a device of `kind`; BadInput naming what is expected."""
    parts = split(text)
    known = SCHEMES[kind]
    if parts.scheme not in known:
        expected = ", ".join(f"{scheme}:" for scheme in sorted(known))
        raise BadInput(
            say(
                '"{value}" is no address of a {kind}: it must begin with {expected}',
                value=text,
                kind=KIND_WORDS[kind],
                expected=expected,
            )
        )
    options = tuple(parse_qsl(parts.query, keep_blank_values=True))
    if parts.scheme == "tcp":
        return Address("tcp", _some(parts.hostname or "", text), port_of(text, 9100), options)
    if parts.scheme == "serial":
        # serial:///dev/ttyUSB0 has a path, serial://COM3 a host
        address = Address("serial", _some(parts.netloc + parts.path, text), None, options)
        _serial_options(address, kind)
        return address
    place = parts.netloc + parts.path
    if parts.scheme == "keyboard":
        if kind == "rfid" and (place or options):
            raise BadInput(
                say('"{value}": a reader that types is written keyboard: and nothing more', value=text)
            )
        _keyboard_options(options, place)
    may_be_empty = parts.scheme in ("keyboard", "pcsc")  # any keyboard that types, and mostly one reader
    if place or not may_be_empty:
        _usb_device(parts.scheme, place, text)
    return Address(parts.scheme, place if may_be_empty else _some(place, text), None, options)


def _usb_device(scheme: str, place: str, text: str) -> None:
    """BadInput for what names no device by vendor and product, on the schemes that do so."""
    if (
        scheme in ("usb", "hid", "keyboard")
        and re.fullmatch("[0-9a-fA-F]{4}:[0-9a-fA-F]{4}(/.*)?", place) is None
    ):
        raise BadInput(
            say(
                '"{value}" names no USB device: it must look like {scheme}://04b8:0202',
                value=text,
                scheme=scheme,
            )
        )


# How a serial port is set; a speed is any number.
_SERIAL = {
    "bits": ("8", "7"),
    "parity": ("none", "even", "odd"),
    "flow": ("none", "rtscts", "xonxoff", "dsrdtr"),
}
# How a keyboard of its own is read: whether it is taken alone while a test listens, and what the keys mean.
_KEYBOARD = {"grab": ("yes", "no"), "layout": tuple(LAYOUTS)}


def _serial_options(address: Address, kind: str) -> None:
    """BadInput for a setting that is unknown or impossible. Only a printer can be asked for its speed."""
    for name, value in address.options:
        if name == "baud":
            if not (value == "auto" and kind == "printer") and address.number("baud", 9600) == 0:
                raise BadInput(say('the speed in "{value}" must be a number such as 9600', value=value))
        elif name not in _SERIAL:
            known = ", ".join(("baud", *_SERIAL))
            raise BadInput(
                say('"{value}" is no setting of a serial port; known: {known}', value=name, known=known)
            )
        else:
            _one_of(name, value, _SERIAL[name])


def _keyboard_options(options: tuple[tuple[str, str], ...], place: str) -> None:
    """BadInput for a setting that is unknown or impossible, or that needs a keyboard of its own."""
    for name, value in options:
        if name not in _KEYBOARD:
            known = ", ".join(_KEYBOARD)
            raise BadInput(
                say('"{value}" is no setting of a keyboard; known: {known}', value=name, known=known)
            )
        if not place:
            like = f"keyboard://05e0:1200?{name}={value}"
            raise BadInput(
                say(
                    '{name}={value} needs the one keyboard that it is for, such as "{like}"',
                    name=name,
                    value=value,
                    like=like,
                )
            )
        _one_of(name, value, _KEYBOARD[name])


def _one_of(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise BadInput(
            say(
                "{name}={value} in the address must be one of {known}",
                name=name,
                value=value,
                known=", ".join(known),
            )
        )


def split(text: str) -> SplitResult:
    """The parts of an address; the library would drop line breaks in silence."""
    try:
        if text.isprintable():
            return urlsplit(text)
    except ValueError:
        pass  # brackets that do not match, characters that look like others
    raise BadInput(say('"{value}" is no valid address; check its special characters', value=text))


def _some(place: str, text: str) -> str:
    if not place:
        raise BadInput(say('"{value}" names no host or port after "://"', value=text))
    return place


def port_of(text: str, otherwise: int, **more: str) -> int:
    """The port in an address, or `otherwise`; BadInput for an impossible one, with `more` in its words."""
    try:
        port = urlsplit(text).port
    except ValueError:
        port = 0
    if port is None:
        return otherwise
    if not 0 < port < 65536:
        raise BadInput(say('the port in "{value}" must be a number from 1 to 65535', value=text, **more))
    return port
