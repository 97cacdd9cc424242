"""Layout tables against xkeyboard-config, and pairs of layouts from what arrived."""

from __future__ import annotations

import ctypes
import sys
from itertools import permutations

import pytest

from console.domain.keyboard_layouts import _TABLES, LAYOUTS, layout_pairs

CODE = "TK-47110081/y:@z"
KEYCODES = [49, *range(10, 22), *range(24, 36), *range(38, 49), 51, 94, *range(52, 62)]


class _Names(ctypes.Structure):
    _fields_ = [(name, ctypes.c_char_p) for name in ("rules", "model", "layout", "variant", "options")]


def by_xkb(layout: str) -> tuple[str, str]:
    """Plain and shifted characters as libxkbcommon, which Qt uses, has them."""
    xkb = ctypes.CDLL("libxkbcommon.so.0")
    xkb.xkb_context_new.restype = xkb.xkb_keymap_new_from_names.restype = ctypes.c_void_p
    xkb.xkb_keysym_to_utf32.restype = ctypes.c_uint32
    context = ctypes.c_void_p(xkb.xkb_context_new(0))
    names = _Names(b"evdev", b"pc105", layout.encode(), b"", b"")
    keymap = ctypes.c_void_p(xkb.xkb_keymap_new_from_names(context, ctypes.byref(names), 0))
    assert keymap.value

    def character(key: int, level: int) -> str:
        symbols = ctypes.POINTER(ctypes.c_uint32)()
        count = xkb.xkb_keymap_key_get_syms_by_level(keymap, key, 0, level, ctypes.byref(symbols))
        return chr(xkb.xkb_keysym_to_utf32(symbols[0]) if count else 0)

    plain, shifted = ("".join(character(key, level) for key in KEYCODES) for level in (0, 1))
    return plain, shifted


@pytest.mark.skipif(sys.platform != "linux", reason="xkeyboard-config comes with Linux only")
@pytest.mark.parametrize("layout", sorted(_TABLES))
def test_tables_are_those_of_xkeyboard_config(layout: str) -> None:
    assert _TABLES[layout] == by_xkb(layout)


def test_every_layout_has_a_name() -> None:
    assert set(LAYOUTS) == set(_TABLES)


def typed(scanner: str, system: str, text: str) -> str:
    """What the computer reads of the scanner's keys; what is on none of them is not typed."""
    keys = {
        before: after
        for level in (1, 0)
        for before, after in zip(_TABLES[scanner][level], _TABLES[system][level], strict=True)
    }
    return "".join(keys.get(each, "") for each in text).replace("\0", "")


@pytest.mark.parametrize(("scanner", "system"), list(permutations(_TABLES, 2)))
def test_each_pair_is_told_from_the_known_code(scanner: str, system: str) -> None:
    came = typed(scanner, system, CODE)
    pairs = layout_pairs(CODE, came)
    if {scanner, system} == {"es", "it"}:  # the same but for signs that both have on AltGr
        assert pairs == []
    else:
        assert bool(pairs) == (came != CODE)
        assert (scanner, system) in pairs or came == CODE


@pytest.mark.parametrize(
    ("came", "first"),
    [
        ("TK/47110081&z>y", ("de", "us")),
        ("TK)'è&&àà_&!yM2w", ("us", "fr")),
        ('TK-47110081/y:"z', ("gb", "us")),
    ],
)
def test_the_usual_pairs_stand_first(came: str, first: tuple[str, str]) -> None:
    assert layout_pairs(CODE, came)[0] == first


@pytest.mark.parametrize("came", [CODE, "", CODE[1:], CODE.swapcase(), "6901234567892", CODE * 2])
def test_what_no_layout_explains(came: str) -> None:
    assert layout_pairs(CODE, came) == []
