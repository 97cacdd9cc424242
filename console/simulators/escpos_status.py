"""A printer's state as status bytes: Epson "ESC/POS Command Reference", DLE EOT, GS a and GS r."""

from __future__ import annotations

from collections.abc import Set

# While any of these lasts, nothing is printed and queued commands wait.
OFFLINE = frozenset(
    {
        "paper_out",
        "cover_open",
        "cutter_jam",
        "cutter_stopped",
        "head_hot",
        "mechanical",
        "unrecoverable",
        "offline",
        "waiting",
        "feed_pressed",
    }
)
CUTTER = frozenset({"cutter_jam", "cutter_stopped"})
ERRORS = CUTTER | {"head_hot", "mechanical", "unrecoverable"}
LOW = frozenset({"paper_low", "paper_out"})

# For each byte: what sets which bits.
_DLE_EOT: dict[int, tuple[tuple[frozenset[str], int], ...]] = {
    1: (
        (frozenset({"drawer_open"}), 0x04),
        (OFFLINE, 0x08),
        (frozenset({"waiting"}), 0x20),
        (frozenset({"feed_pressed"}), 0x40),
    ),
    2: (
        (frozenset({"cover_open"}), 0x04),
        (frozenset({"feed_pressed"}), 0x08),
        (frozenset({"paper_out"}), 0x20),
        (ERRORS, 0x40),
    ),
    3: (
        (frozenset({"mechanical"}), 0x04),
        (CUTTER, 0x08),
        (frozenset({"unrecoverable"}), 0x20),
        (frozenset({"head_hot"}), 0x40),
    ),
    4: ((LOW, 0x0C), (frozenset({"paper_out"}), 0x60)),
}
_ASB: tuple[tuple[tuple[frozenset[str], int], ...], ...] = (
    (
        (frozenset({"drawer_open"}), 0x04),
        (OFFLINE, 0x08),
        (frozenset({"cover_open"}), 0x20),
        (frozenset({"feed_pressed"}), 0x40),
    ),
    (
        (frozenset({"waiting"}), 0x01),
        (frozenset({"feed_pressed"}), 0x02),
        (frozenset({"mechanical"}), 0x04),
        (CUTTER, 0x08),
        (frozenset({"unrecoverable"}), 0x20),
        (frozenset({"head_hot"}), 0x40),
    ),
    ((LOW, 0x03), (frozenset({"paper_out"}), 0x0C)),
    (),
)
# The bits of the four bytes that each bit of GS a n watches.
_CLASSES = {
    0x01: (0x04, 0, 0),
    0x02: (0x28, 0x01, 0),
    0x04: (0, 0x6C, 0),
    0x08: (0, 0, 0x0F),
    0x40: (0x40, 0x02, 0),
}


def _bits(rows: tuple[tuple[frozenset[str], int], ...], faults: Set[str]) -> int:
    value = 0
    for causes, bits in rows:
        if not causes.isdisjoint(faults):
            value |= bits
    return value


def dle_eot(n: int, faults: Set[str]) -> bytes:
    """One status byte for DLE EOT n, n from 1 to 4."""
    return bytes([0x12 | _bits(_DLE_EOT[n], faults)])


def asb(faults: Set[str]) -> bytes:
    """The four bytes of the automatic status; the last is 0F, as the TM series sends it."""
    fixed = (0x10, 0x00, 0x00, 0x0F)
    return bytes(base | _bits(rows, faults) for base, rows in zip(fixed, _ASB, strict=True))


def asb_due(n: int, before: bytes, after: bytes) -> bool:
    """Whether a change between two automatic statuses belongs to a class that GS a n switched on."""
    changed = [old ^ new for old, new in zip(before, after, strict=True)]
    return any(
        n & bit and any(mask & change for mask, change in zip(masks, changed, strict=False))
        for bit, masks in _CLASSES.items()
    )


def gs_r(n: int, faults: Set[str]) -> bytes:
    """One byte for GS r n: 1 paper, 2 drawer, 4 ink (this printer has none); empty for others."""
    match n:
        case 1 | 49:
            return bytes([_bits(_ASB[2], faults)])
        case 2 | 50:
            return bytes([int("drawer_open" in faults)])
        case 4 | 52:
            return b"\0"
        case _:
            return b""
