"""What a USB printer tells on its control pipe.

USB Device Class Definition for Printing Devices 1.1: section 4.2.1 GET_DEVICE_ID, 4.2.2 GET_PORT_STATUS; the
keys of a device ID are those of IEEE 1284-2000, section 6.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from console.domain.words import Words, say

GET_DEVICE_ID, GET_PORT_STATUS = 0, 1
FROM_INTERFACE = 0xA1  # bmRequestType of both: class request to an interface, answer to the host

_KEYS = {"MANUFACTURER": "MFG", "MODEL": "MDL", "COMMAND SET": "CMD", "CLASS": "CLS", "SERN": "SN"}
_LANGUAGES = {"ESC/POS": "escpos", "ESCPOS": "escpos", "TSPL": "tspl", "ZPL": "zpl", "STAR": "star"}
# Of printers for paper. Whole words begin so: ESC/P is not ESC/POS, and CPCL is a label language.
_OFFICE = re.compile(r"(?<![A-Z/])(PCL|PJL|POSTSCRIPT|PDF|PWG|URF|XPS|GDI|SPL|ZJS|HBP|BJ|ESCPL2|ESC/P(?!OS))")
_EMPTY, _SELECTED, _NO_ERROR = 0x20, 0x10, 0x08


def parse_device_id(data: bytes) -> Mapping[str, str]:
    """The fields under their short keys (MFG, MDL, CMD, SN…); none where this is no device ID.

    Two bytes of length come first, themselves counted; some printers count wrongly or the wrong way round,
    so the text is read as far as it goes.
    """
    fields: dict[str, str] = {}
    for part in data[2:].decode("latin-1").split("\0")[0].split(";"):
        key, colon, value = part.partition(":")
        key = key.strip().upper()
        if colon and key and value.strip().isprintable():
            fields.setdefault(_KEYS.get(key, key), value.strip())
    return fields


def language(fields: Mapping[str, str]) -> str:
    """The printer language that CMD names, as the profile calls it; "" for none that we know.

    Makers write into CMD what they like; these words are what printers of each family mostly say (unchecked).
    """
    command_set = fields.get("CMD", "").upper()
    return next((name for word, name in _LANGUAGES.items() if word in command_set), "")


def is_no_label_printer(fields: Mapping[str, str]) -> bool:
    """Whether CMD names only languages of receipt printers or of printers for paper (words: unchecked)."""
    command_set = fields.get("CMD", "").upper()
    named = {name for word, name in _LANGUAGES.items() if word in command_set}
    return named.isdisjoint({"tspl", "zpl"}) and bool(named or _OFFICE.search(command_set))


def port_status_signs(status: int) -> frozenset[str]:
    """What GET_PORT_STATUS shows: bit 5 paper empty, bit 4 selected, bit 3 no error."""
    signs = {
        "usb.paper_empty": bool(status & _EMPTY),
        "usb.not_selected": not status & _SELECTED,
        "usb.error": not status & _NO_ERROR,
    }
    return frozenset(name for name, true in signs.items() if true) or frozenset({"usb.port_ready"})


def port_status_meaning(signs: frozenset[str]) -> Words:
    """The same in words, the most telling one alone."""
    return next(words for sign, words in _MEANINGS.items() if sign in signs)


_MEANINGS = {
    "usb.paper_empty": say("By its USB port the printer is out of paper"),
    "usb.error": say("By its USB port the printer has an error"),
    "usb.not_selected": say("By its USB port the printer is offline"),
    "usb.port_ready": say("By its USB port the printer is ready; not every printer tells its troubles there"),
}
